# Installs what the lock says into the library of apps: reads request.json and the lock. Nobody's code but the
# packages' own runs here, in a container with limits that is committed afterwards.
source("/rserve/build/request.R")
lock <- jsonlite::fromJSON("/rserve/in/lock.json")
Sys.setenv(R_REPOSITORY = lock$repository)
source("/rserve/options.R")
library_path <- "/opt/app/lib"

if (identical(lock$resolver, "pak")) {
  Sys.setenv(PKG_SYSREQS = "false", PKG_SYSREQS_DB_UPDATE = "false", PKG_INCLUDE_LINKINGTO = "true")
  pak::lockfile_install("/rserve/in/pak.lock", lib = library_path)
} else {
  # Copies, because links would point into a cache that is not in the image. Each package is loaded in the end, by
  # verify.R in a fresh container.
  Sys.setenv(RENV_PATHS_ROOT = "/cache/renv", RENV_CONFIG_CACHE_SYMLINKS = "FALSE", RENV_CONFIG_PAK_ENABLED = "FALSE",
    RENV_CONFIG_REPOS_OVERRIDE = lock$repository, RENV_CONFIG_INSTALL_TRANSACTIONAL = "FALSE",
    RENV_CONFIG_INSTALL_VERBOSE = "TRUE")   # a long compile without a word would look like one that hangs
  options(install.opts = c("--no-docs", "--no-test-load"), renv.consent = TRUE)
  renv::restore(library = library_path, lockfile = "/rserve/in/renv.lock", exclude = c("Rserve", "renv"),
    prompt = FALSE, clean = FALSE)
}

# Installers have ended well with a package missing: compare.
installed <- installed.packages(lib.loc = library_path, noCache = TRUE)[, c("Package", "Version"), drop = FALSE]
found <- installed[match(lock$packages$name, installed[, "Package"]), "Version"]
if (any(failed <- is.na(found) | found != lock$packages$version))
  stop("not installed as locked: ", toString(lock$packages$name[failed]), call. = FALSE)

# The launcher's own is the one that serves.
unlink(file.path(library_path, "Rserve"), recursive = TRUE)
message("installed: ", paste(lock$packages$name, lock$packages$version, collapse = ", "))

unlink(c("/rserve/in", "/rserve/out"), recursive = TRUE)
