# A first app: one function, reached by programs over OCAP and by people through a page.
add <- function(a, b) a + b

# What rserve-ts calls. Everything in this list is public.
oc.init <- function() Rserve::ocap(function() list(add = Rserve::ocap(add, "add")), "sample")

# What browsers and curl get: the page, and add?a=1&b=2.
.http.request <- function(path, query, body, headers) {
  if (path == "/add") {
    numbers <- suppressWarnings(as.numeric(query[c("a", "b")]))
    return(list(paste0(add(numbers[1], numbers[2]), "\n"), "text/plain"))
  }
  page <- c(
    "<!doctype html><html lang=en><meta charset=utf-8><title>It runs</title>",
    "<body style='font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem'>",
    "<h1>Your R code is online</h1>",
    paste0("<p>add(1, 2) is ", add(1, 2), ", says ", R.version.string, ".</p>"),
    "<p>Change app.R, upload it again, and this page changes without a gap.</p>"
  )
  list(paste(page, collapse = "\n"), "text/html; charset=utf-8")
}
