# What the platform sets, with defaults so that the bare image runs too.
read_settings <- function() {
  modes <- c("ocap", "http")
  mode <- Sys.getenv("RSP_MODE", "ocap")
  if (!mode %in% modes) stop("RSP_MODE is '", mode, "', expected one of: ", toString(modes), call. = FALSE)
  list(
    mode = mode,
    port = number_setting("RSP_PORT", 6311),
    entry = entry_script(),
    idle_seconds = number_setting("RSP_IDLE", 0),
    call_limit_seconds = number_setting("RSP_CALL_LIMIT", 0),
    # Rserve's own 256 MB per connection would let few clients fill an app's memory.
    max_message_kb = number_setting("RSP_MAXIN_KB", 65536)
  )
}

number_setting <- function(name, default) {
  text <- Sys.getenv(name)
  if (!nzchar(text)) return(default)
  value <- suppressWarnings(as.numeric(text))
  if (is.na(value) || value < 0) stop(name, " is '", text, "', expected a number of at least 0", call. = FALSE)
  value
}

entry_script <- function() {
  asked <- Sys.getenv("RSP_ENTRY")
  no_code <- length(list.files("/app", all.files = TRUE, no.. = TRUE)) == 0L
  if (!nzchar(asked)) asked <- if (no_code) "/rserve/hello/app.R" else "/app/app.R"
  if (!utils::file_test("-f", asked)) stop("the entry script ", asked, " does not exist", call. = FALSE)
  normalizePath(asked)
}
