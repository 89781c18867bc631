# Installs what the lock says into the library of apps: reads request.json and the lock, answers installed.json. Nobody's
# code but the packages' own runs here, in a container with limits that is committed afterwards.
source("/rserve/build/request.R")
lock <- jsonlite::fromJSON("/rserve/in/lock.json")
Sys.setenv(R_REPOSITORY = lock$repository)
source("/rserve/options.R")
library_path <- "/opt/app/lib"

if (identical(lock$resolver, "pak")) {
  Sys.setenv(PKG_SYSREQS = "false", PKG_SYSREQS_DB_UPDATE = "false", PKG_INCLUDE_LINKINGTO = "true")
  pak::lockfile_install("/rserve/in/pak.lock", lib = library_path)
} else {
  # Each package is loaded in the end, by verify.R in a fresh container.
  install.packages(lock$packages$name, lib = library_path, type = "source", dependencies = FALSE,
    Ncpus = as.integer(request$cpus), INSTALL_opts = c("--no-docs", "--no-test-load"))
}

# install.packages() exits 0 when a package, or the whole repository, is missing: compare.
installed <- installed.packages(lib.loc = library_path, noCache = TRUE)[, c("Package", "Version"), drop = FALSE]
found <- installed[match(lock$packages$name, installed[, "Package"]), "Version"]
if (any(failed <- is.na(found) | found != lock$packages$version))
  stop("not installed as locked: ", toString(lock$packages$name[failed]), call. = FALSE)

# The launcher's own is the one that serves.
unlink(file.path(library_path, "Rserve"), recursive = TRUE)
installed <- installed[installed[, "Package"] != "Rserve", , drop = FALSE]
facts <- data.frame(name = installed[, "Package"], version = installed[, "Version"], row.names = NULL)
message("installed: ", paste(facts$name, facts$version, collapse = ", "))

# The facts stay in the image; the request does not.
unlink(c("/rserve/in", "/rserve/out"), recursive = TRUE)
writeLines(jsonlite::toJSON(facts), "/rserve/installed.json")
