# R evaluates a call made of what the client sent. Anything but plain data would run, so it is refused unread.
plain_types <- c("NULL", "logical", "integer", "double", "complex", "character", "raw", "list")

is_data <- function(x) {
  if (!typeof(x) %in% plain_types) return(FALSE)
  inside <- attributes(x)
  inside$names <- NULL
  if (is.list(x)) inside <- c(unclass(x), inside)
  all(vapply(inside, is_data, NA))
}

guarded_ocap <- function(call_limit_seconds) {
  register <- asNamespace("Rserve")$ocap
  function(fun, name = paste(deparse(substitute(fun), nlines = 1L), collapse = "")) {
    force(fun)
    force(name)
    register(function(...) {
      # substitute() sees the arguments before they are evaluated; looking at their values would be too late.
      arguments <- as.list(substitute(list(...)))[-1L]
      if (!all(vapply(arguments, is_data, NA))) stop("only data is accepted as an argument", call. = FALSE)
      if (call_limit_seconds > 0) {
        setTimeLimit(elapsed = call_limit_seconds, transient = TRUE)
        on.exit(setTimeLimit(), add = TRUE)
      }
      on.exit(mark_active(), add = TRUE)
      fun(...)
    }, name)
  }
}

# library(Rserve) has copied the functions to the search path, so both places change.
replace_in_rserve <- function(name, value) {
  for (place in list(asNamespace("Rserve"), as.environment("package:Rserve"))) {
    unlockBinding(name, place)
    assign(name, value, envir = place)
    lockBinding(name, place)
  }
}
