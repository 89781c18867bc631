# Which packages, exactly: reads request.json, answers lock.json (and pak.lock). Run in /, where no user's .Rprofile is.
source("/rserve/build/request.R")

platform_packages <- c("R", "Rserve", rownames(installed.packages(priority = "base")))
plain_reference <- "^(?:(?:any|cran)::)?([A-Za-z][A-Za-z0-9.]*[A-Za-z0-9])(?:@(>=)?([0-9][0-9.-]*))?$"

# A dated repository does not change under us: yesterday's, or the newest of the week before.
choose_repository <- function() {
  source("/rserve/options.R")
  if (!grepl("{date}", request$repository, fixed = TRUE)) return(invisible())
  for (days in 1:8) {
    Sys.setenv(R_REPOSITORY_DATE = format(Sys.Date() - days))
    source("/rserve/options.R")
    index <- paste0(getOption("repos")[["CRAN"]], "/src/contrib/PACKAGES.gz")
    status <- tryCatch(attr(curlGetHeaders(index), "status"), error = function(e) 0L)
    if (status == 200L) return(invisible())
  }
  Sys.unsetenv("R_REPOSITORY_DATE")
  source("/rserve/options.R")
}

resolve_with_pak <- function(references) {
  # Not NULL: that means the default library, and packages of the base would drop out.
  library_path <- tempfile()
  dir.create(library_path)
  dir.create("/rserve/out")
  pak::lockfile_create(references, "/rserve/out/pak.lock", lib = library_path, upgrade = FALSE)
  lock <- jsonlite::fromJSON("/rserve/out/pak.lock", simplifyVector = FALSE)
  entry <- function(p) list(
    name = p$package, version = p$version,
    source = paste(unlist(p$sources), collapse = " "), checksum = paste(unlist(p$sha256), collapse = " ")
  )
  system <- lapply(lock$packages, function(p) lapply(p$sysreqs_packages, `[[`, "packages"))
  list(resolver = "pak", packages = lapply(lock$packages, entry), systemPackages = as.list(unique(unlist(system))))
}

# Packages of the repository itself, in the versions it has.
resolve_from_index <- function(parts) {
  names <- vapply(parts, `[`, "", 2L)
  index <- available.packages(type = "source")
  if (nrow(index) == 0L) stop("the repository ", getOption("repos")[["CRAN"]], " cannot be read", call. = FALSE)
  needed <- tools::package_dependencies(names, index, c("Depends", "Imports", "LinkingTo"), recursive = TRUE)
  all <- sort(setdiff(unique(c(names, unlist(needed))), platform_packages))
  if (length(lost <- setdiff(all, rownames(index))))
    stop("not in the repository ", getOption("repos")[["CRAN"]], ": ", toString(lost), call. = FALSE)
  for (part in parts) require_version(part[2L], part[3L] == ">=", part[4L], index)
  list(resolver = "base", packages = lock_entries(index[all, , drop = FALSE]), systemPackages = as.list(system_packages(all)))
}

# pak knows which system library a package needs. Without an answer the package's own complaint has to do.
system_packages <- function(names) {
  if (!has_pak || !length(names)) return(character())
  tryCatch({
    found <- unlist(pak::pkg_sysreqs(names)$packages$system_packages)
    sort(unique(found[!is.na(found)]))
  }, error = function(e) {
    message("no list of system packages: ", conditionMessage(e))
    character()
  })
}

require_version <- function(name, is_lower_bound, wanted, index) {
  if (!nzchar(wanted) || name %in% platform_packages) return(invisible())
  found <- package_version(index[name, "Version"])
  if (if (is_lower_bound) found >= wanted else found == wanted) return(invisible())
  stop("package ", name, " has version ", found, " in the repository, not ", wanted, ", and older ones need pak", call. = FALSE)
}

lock_entries <- function(rows) {
  checksum <- ifelse(is.na(rows[, "MD5sum"]), "", rows[, "MD5sum"])
  data.frame(
    name = rows[, "Package"], version = rows[, "Version"], source = rows[, "Repository"], checksum = checksum,
    row.names = NULL
  )
}

choose_repository()
has_pak <- requireNamespace("pak", quietly = TRUE)
references <- setdiff(request$packages, platform_packages)
message("resolving ", length(references), " packages from ", getOption("repos")[["CRAN"]])

# R's own installer does whatever it can: it behaves alike with and without pak.
parts <- regmatches(references, regexec(plain_reference, references, perl = TRUE))
foreign <- references[lengths(parts) == 0L]
is_pinned <- vapply(parts, function(part) length(part) && nzchar(part[4L]) && !nzchar(part[3L]), NA)
if (length(foreign) && !has_pak)
  stop("package ", toString(foreign), " needs pak, which this R repository does not offer", call. = FALSE)
use_pak <- has_pak && (length(foreign) || any(is_pinned))
lock <- if (use_pak) resolve_with_pak(references) else resolve_from_index(parts)
lock$repository <- getOption("repos")[["CRAN"]]
write_answer("lock.json", lock)
