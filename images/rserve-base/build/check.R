# Is the entry script R at all, and which functions does it offer? Arguments: path of the script, mode of the app.
arguments <- commandArgs(trailingOnly = TRUE)
entry <- arguments[1L]
if (!utils::file_test("-f", entry)) stop("the entry script ", basename(entry), " does not exist", call. = FALSE)
invisible(tryCatch(
  parse(entry, keep.source = FALSE, encoding = "UTF-8"),
  error = function(e) stop(conditionMessage(e), call. = FALSE)   # our call says nothing to its author
))

# What follows runs the app's code, in a process of its own: whatever it does there fails no build.
if (identical(arguments[2L], "ocap")) {
  complaints <- tempfile()
  status <- suppressWarnings(system2("Rscript", c("--vanilla", "/rserve/build/functions.R", shQuote(entry)),
    stdout = FALSE, stderr = complaints, timeout = 30))
  if (status != 0L) {
    lines <- readLines(complaints, warn = FALSE)
    errors <- grep("^Error", lines, value = TRUE)
    reason <- if (status == 124L) "not within 30 s" else c(errors, utils::tail(lines, 1L), "no reason given")[1L]
    message("the functions of the app could not be listed: ", reason)
  }
}
