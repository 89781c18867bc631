# Everything at once: OCAP calls, an HTTP handler, a static file, and a line in the log for every fork.
sample(10)   # leaves a seed behind, which sessions must not share
parent_tempdir <- tempdir()
Rserve.http.add.static("/static/", getwd(), last = TRUE)

oc.init <- function() Rserve::ocap(function() list(
  add = Rserve::ocap(function(a, b) a + b),
  pid = Rserve::ocap(function() Sys.getpid()),
  random = Rserve::ocap(function() runif(1)),
  slow = Rserve::ocap(function(seconds) { Sys.sleep(seconds); "done" }),
  loop = Rserve::ocap(function(seconds) {
    end <- proc.time()[["elapsed"]] + seconds
    while (proc.time()[["elapsed"]] < end) Sys.sleep(0.05)
    "done"
  }),
  fail = Rserve::ocap(function() stop("this is the app's message")),
  scratch = Rserve::ocap(function() { writeLines("x", tempfile()); tempdir() }),
  progress = Rserve::ocap(function(report) {
    for (step in 1:3) Rserve::self.oobMessage(list(report, step))
    "reported"
  })
))

.http.request <- function(path, query, body, headers) list(paste("hello", path), "text/plain")
.Rserve.served <- function() message("forked")
