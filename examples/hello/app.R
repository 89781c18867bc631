# One function reached three ways: by OCAP (www/index.html does it), by HTTP (add?a=1&b=2), from a static page.
add <- function(a, b) a + b

oc.init <- function() Rserve::ocap(function() list(add = Rserve::ocap(add, "add")), "hello")

.http.request <- function(path, query, body, headers) {
  if (path != "/add") return(list("not found\n", "text/plain", character(), 404L))
  numbers <- as.numeric(query[c("a", "b")])
  list(paste0(add(numbers[1], numbers[2]), "\n"), "text/plain")
}

Rserve::Rserve.http.add.static("/", file.path(getwd(), "www"), index = "index.html")
