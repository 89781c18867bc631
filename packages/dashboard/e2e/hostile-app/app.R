# What a hostile owner would serve: a page that attacks the dashboard of whoever visits it, and headers that widen its
# reach. Mode http; /headers tells what arrived.
page <- paste(readLines("page.html"), collapse = "\n")
wide <- paste0(
  "Service-Worker-Allowed: /\r\n",
  "Clear-Site-Data: \"cookies\"\r\n",
  "Set-Cookie: __Host-rsp_session=evil; Secure; Path=/\r\n",
  "Set-Cookie: rsp_session=evil; Path=/\r\n",
  "Set-Cookie: rsp_session=evil; Path=/api"
)

.http.request <- function(path, query, body, headers) {
  if (path == "/headers") return(list(rawToChar(headers), "text/plain"))
  if (path == "/worker.js") return(list("addEventListener('fetch', () => {})", "text/javascript", wide))
  list(page, "text/html", wide)
}
