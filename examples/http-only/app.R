# An HTTP app without OCAP (mode http): greets whom the query names, GET ?name=Ada.
.http.request <- function(path, query, body, headers) {
  name <- if ("name" %in% names(query)) query[["name"]] else "world"
  list(paste0("Hello, ", name, "\n"), "text/plain; charset=utf-8")
}
