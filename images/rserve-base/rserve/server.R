# From a loaded app to a process that is good to fork, and the arguments of the server.
prepare_app <- function(settings) {
  app <- globalenv()
  if (settings$mode == "ocap") prepare_ocap(app, settings$idle_seconds)
  prepare_http(app)
  prepare_parent(app)
  compile_functions(app)
  # A seed that exists before the fork would give every session the same random numbers.
  if (exists(".Random.seed", app, inherits = FALSE)) rm(".Random.seed", envir = app)
  for (settled in 1:2) gc(full = TRUE)   # a settled heap stays shared after the fork
  remove_tempdir()
  file.create("/tmp/.rsp/serving")       # tells entrypoint.sh that there may be sessions to wait for
}

prepare_ocap <- function(app, idle_seconds) {
  init <- app$oc.init
  if (!is.function(init)) stop("the app does not define oc.init()", call. = FALSE)
  app$oc.init <- function() {
    own_tempdir()
    mark_active()
    init()
  }
  if (idle_seconds > 0) app$.ocap.idle <- function() end_when_idle(idle_seconds)
}

prepare_http <- function(app) {
  handler <- app$.http.request
  if (!is.function(handler)) handler <- function(...) list("not found", "text/plain", character(), 404L)
  app$.http.request <- function(...) {
    own_tempdir()
    handler(...)
  }
}

prepare_parent <- function(app) {
  served <- app$.Rserve.served
  app$.Rserve.served <- function() {
    if (is.function(served)) served()
    sweep_dead_sessions()
  }
}

# Once here instead of in every session: the just-in-time compiler's work dies with the session that did it.
compile_functions <- function(app) {
  for (name in ls(app, all.names = TRUE)) {
    if (bindingIsActive(name, app) || bindingIsLocked(name, app)) next
    if (typeof(app[[name]]) == "closure") assign(name, compiler::cmpfun(app[[name]]), envir = app)
  }
}

server_arguments <- function(settings) {
  common <- list(
    http.port = settings$port, qap = FALSE, oob = TRUE, shutdown = FALSE, keep.alive = TRUE,
    maxinbuf = settings$max_message_kb, workdir = "/tmp/Rserv", workdir.clean = TRUE,
    config.file = "/nonexistent"   # nothing but these arguments counts
  )
  if (settings$mode == "http") return(common)
  # Never websockets = TRUE or websockets.text = TRUE: those give each client an R console.
  c(common, http.upgrade.websockets = TRUE, websockets.qap = TRUE, websockets.qap.oc = TRUE,
    use.idle.callback = settings$idle_seconds > 0)
}
