# What the manager asks of a build step. It travels as a file: nothing a user wrote is ever R source, and a container's
# environment would be committed into the image.
request <- jsonlite::fromJSON("/rserve/in/request.json")
if (is.null(request$repository)) request$repository <- readLines("/rserve/repository", n = 1L)
Sys.setenv(
  R_REPOSITORY = request$repository,
  MAKEFLAGS = paste0("-j", request$cpus),
  TAR_OPTIONS = "--no-same-owner",   # root without capabilities may not give files away
  R_PKG_CACHE_DIR = "/cache/pak"
)
# Warnings at once: R would keep the reason until after the error that follows from it.
options(warn = 1, showErrorCalls = FALSE)

write_answer <- function(name, value) {
  dir.create("/rserve/out", showWarnings = FALSE)
  writeLines(jsonlite::toJSON(value, auto_unbox = TRUE, dataframe = "rows"), file.path("/rserve/out", name))
}
