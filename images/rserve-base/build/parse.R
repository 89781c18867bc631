# Is the entry script R at all? It is read, not run; its path is our own argument.
entry <- commandArgs(trailingOnly = TRUE)[1L]
if (!utils::file_test("-f", entry)) stop("the entry script ", basename(entry), " does not exist", call. = FALSE)
tryCatch(
  parse(entry, keep.source = FALSE, encoding = "UTF-8"),
  error = function(e) stop(conditionMessage(e), call. = FALSE)   # our call says nothing to its author
)
