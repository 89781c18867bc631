# Runs one app on one port; entrypoint.sh starts it. Sourced, never given as a script file: forked sessions would share
# the read offset of a file that R has not finished. Everything lives outside the global environment, which is the app's.
local({
  parts <- c("settings.R", "sessions.R", "guarded-ocap.R", "server.R")
  for (part in parts) sys.source(file.path("/rserve", part), envir = environment())

  settings <- read_settings()
  suppressPackageStartupMessages(library(Rserve))
  run_server <- asNamespace("Rserve")$run.Rserve
  serve <- function(...) {
    prepare_app(settings)
    do.call(run_server, server_arguments(settings))   # returns on SIGTERM, sessions live on
    quit("no", status = 0L)
  }

  replace_in_rserve("ocap", guarded_ocap(settings$call_limit_seconds))
  # A script that starts the server itself (tutorials, RestRserve, RserveTS) gets ours, whatever it asks for.
  replace_in_rserve("run.Rserve", serve)
  replace_in_rserve("Rserve", function(...) {
    stop("Rserve() would start a daemon; remove the call, the platform starts the server", call. = FALSE)
  })

  options(showErrorCalls = FALSE)   # the "Calls:" line would name the launcher, not the app
  setwd(dirname(settings$entry))
  sys.source(settings$entry, envir = globalenv())
  serve()
}, envir = new.env(parent = baseenv()))
