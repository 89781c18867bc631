# As tutorials write it: starts the server itself, with arguments the platform does not want.
oc.init <- function() Rserve::ocap(function() list(add = Rserve::ocap(function(a, b) a + b)))
Rserve::run.Rserve(websockets.port = 9999, websockets = TRUE, websockets.qap.oc = TRUE, qap = TRUE, remote = TRUE)
