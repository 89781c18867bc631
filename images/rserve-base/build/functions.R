# Lists what an OCAP app offers: loads the app as the launcher does, asks oc.init(), and answers /tmp/functions.json.
# Everything of ours is outside the global environment, which is the app's.
local({
  entry <- commandArgs(trailingOnly = TRUE)[1L]
  sys.source("/rserve/guarded-ocap.R", envir = environment())
  suppressPackageStartupMessages(library(Rserve))

  load_app <- function() {
    served <- function(...) stop(structure(class = c("served", "condition"), list(message = "served", call = NULL)))
    replace_in_rserve("run.Rserve", served)   # a script that starts the server itself is loaded then
    setwd(dirname(entry))
    tryCatch(sys.source(entry, envir = globalenv()), served = function(condition) NULL)
  }

  resolve <- function(value) if (inherits(value, "OCref")) asNamespace("Rserve")$resolve.ocap(value) else value

  # The convention of clients: one capability without arguments answers the list of all.
  offered <- function() {
    api <- resolve(globalenv()$oc.init())
    if (is.function(api) && length(formals(args(api))) == 0L) api <- resolve(api())
    if (is.function(api)) list(call = api) else api
  }

  type_of <- function(default) {
    if (is.language(default) || is.null(default) || length(default) != 1L) return(NULL)
    switch(typeof(default), double = "number", integer = "number", character = "string", logical = "boolean", NULL)
  }

  describe_argument <- function(name, default) {
    if (identical(default, quote(expr = ))) return(list(name = name, required = name != "..."))
    text <- substr(paste(deparse(default, width.cutoff = 500L), collapse = " "), 1L, 100L)
    type <- type_of(default)
    c(list(name = name, required = FALSE, default = text), if (!is.null(type)) list(type = type))
  }

  describe <- function(path, value) {
    value <- resolve(value)
    if (is.function(value)) {
      given <- formals(args(value))
      described <- lapply(seq_along(given), function(i) describe_argument(names(given)[i], given[[i]]))
      list(list(name = path, arguments = described))
    } else if (is.list(value) && !is.null(names(value))) {
      paths <- paste0(if (nzchar(path)) paste0(path, "."), names(value))
      unlist(unname(Map(describe, paths, value)), recursive = FALSE)
    }
  }

  load_app()
  found <- describe("", offered())
  writeLines(jsonlite::toJSON(if (is.null(found)) list() else found, auto_unbox = TRUE), "/tmp/functions.json")
  quit("no", status = 0L)   # not the way out of what the app has loaded
}, envir = new.env(parent = baseenv()))
