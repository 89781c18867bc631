# Build step: the packages of the base, into R's own site library (apps have /opt/app/lib to themselves).
source("/rserve/options.R")

oldest <- c(Rserve = "1.8-15", jsonlite = "1.0", renv = "1.0")
optional <- "pak"
library_path <- c(.Library.site, .Library)[1L]

if (getRversion() != Sys.getenv("R_EXPECTED"))
  stop("the upstream image has R ", getRversion(), ", not ", Sys.getenv("R_EXPECTED"), call. = FALSE)

offered <- available.packages()
if (length(missing <- setdiff(names(oldest), rownames(offered))))
  stop("not in the repository ", getOption("repos")[["CRAN"]], ": ", toString(missing), call. = FALSE)

# Rserve lets 32 connections wait. While R is busy for half a second that is less than a small app's visitors; Linux
# then drops what comes, the client tries again after a second, and the proxy has given up by the next try (504).
makevars <- tempfile()
writeLines("CPPFLAGS += -DLISTENQ=1024", makevars)
Sys.setenv(R_MAKEVARS_USER = makevars)

wanted <- c(names(oldest), intersect(optional, rownames(offered)))
install.packages(wanted, lib = library_path, Ncpus = 2L)

# install.packages() exits 0 when a package failed, so look at what is there.
installed <- installed.packages(lib.loc = library_path, noCache = TRUE)[, "Version"]
if (length(failed <- setdiff(wanted, names(installed))))
  stop("did not install: ", toString(failed), call. = FALSE)
for (name in names(oldest))
  if (package_version(installed[[name]]) < oldest[[name]])
    stop(name, " ", installed[[name]], " is too old, ", oldest[[name]], " is the oldest that works", call. = FALSE)
for (name in wanted) loadNamespace(name)
message("base packages: ", paste(wanted, installed[wanted], collapse = ", "))
