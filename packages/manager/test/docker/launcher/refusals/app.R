# Calls a capability the way the server does, with arguments that are code and with arguments that are data.
echo <- resolve.ocap(ocap(function(x) "ran", "echo"))
attempt <- function(argument) {
  outcome <- tryCatch(eval(as.call(list(echo, argument))), error = conditionMessage)
  message(deparse(argument, nlines = 1L), " -> ", outcome)
}

for (code in list(quote(pi), quote(1 + 1), function() 1, list(1, quote(pi)), structure(1, note = quote(pi)),
  ~pi, baseenv(), list(a = list(b = quote(pi))))) attempt(code)
message("data follows")
for (data in list(1, "text", TRUE, NULL, as.raw(1), list(a = 1, b = list("x")), factor("a"), data.frame(a = 1:2),
  structure("0123456789", class = "javascript_function"))) attempt(data)
stop("end of the list")
