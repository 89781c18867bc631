# An app compiled by RserveTS, as the platform's default entry script.
source("app.rserve.R")
