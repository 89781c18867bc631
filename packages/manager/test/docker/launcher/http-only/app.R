.http.request <- function(path, query, body, headers) list(paste("http", path), "text/plain")
