# Does not load: what an owner sees when the script stops with an R error.
load_model <- function(file) {
  if (!file.exists(file)) stop("the model file ", file, " is missing")
  readRDS(file)
}
model <- load_model("model.rds")
