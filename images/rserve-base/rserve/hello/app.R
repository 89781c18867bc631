# Served when no code is mounted at /app: shows that image, launcher and probe work.
page <- sprintf(paste0(
  "<!doctype html><meta charset=\"utf-8\"><title>rserve-base</title>",
  "<h1>R %s is running</h1><p>No code is mounted at <code>/app</code>. Put an <code>app.R</code> there.</p>"
), getRversion())

.http.request <- function(path, query, body, headers) list(page, "text/html; charset=utf-8")

oc.init <- function() Rserve::ocap(function() list(
  version = Rserve::ocap(function() as.character(getRversion()), "version")
), "hello")
