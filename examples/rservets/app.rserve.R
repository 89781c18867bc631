# The R half of what RserveTS::ts_compile() makes of
#   add <- ts_function(function(a = ts_numeric(1), b = ts_numeric(1)) a + b, result = ts_numeric(1), export = TRUE)
# written by hand so that it runs without the package. Like the real one, it starts the server itself.
library(Rserve)
add <- function(a, b) a + b
first.fns <- function() list(add = ocap(add, "add"))
oc.init <- function() Rserve:::ocap(first.fns)
Rserve::run.Rserve(websockets.port = 6311, websockets = TRUE, oob = TRUE, qap = FALSE, websockets.qap.oc = TRUE)
