# Tells what arrived: path first, then the headers.
.http.request <- function(path, query, body, headers) list(paste0(path, "\n", rawToChar(headers)), "text/plain")
