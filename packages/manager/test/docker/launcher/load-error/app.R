load_model <- function() stop("the model file is missing")
load_model()
