oc.init <- function() stop("no session today")
