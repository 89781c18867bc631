# Where packages come from, for every install in this image or on top of it. R --vanilla skips Rprofile.site, where the
# upstream image sets both options, and without the user agent a binary repository answers with sources.
local({
  codename <- function() {
    line <- grep("^VERSION_CODENAME=", readLines("/etc/os-release"), value = TRUE)
    sub("^VERSION_CODENAME=", "", line)
  }
  repository <- Sys.getenv("R_REPOSITORY")
  if (!nzchar(repository)) repository <- readLines("/rserve/repository", n = 1L)
  date <- Sys.getenv("R_REPOSITORY_DATE", "latest")
  if (!nzchar(date)) date <- "latest"
  repository <- sub("{codename}", codename(), repository, fixed = TRUE)
  repository <- sub("{date}", date, repository, fixed = TRUE)

  platform <- paste(getRversion(), R.version$platform, R.version$arch, R.version$os)
  options(
    repos = c(CRAN = repository),
    HTTPUserAgent = sprintf("R/%s R (%s)", getRversion(), platform),
    timeout = 300
  )
})
