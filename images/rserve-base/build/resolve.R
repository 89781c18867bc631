# Which packages, exactly: reads request.json, answers lock.json (and pak.lock). Run in /, where no user's .Rprofile is.
source("/rserve/build/request.R")

platform_packages <- c("R", "Rserve", "renv", rownames(installed.packages(priority = "base")))
plain_reference <- "^(?:(?:any|cran)::)?([A-Za-z][A-Za-z0-9.]*[A-Za-z0-9])(?:@(>=)?([0-9][0-9.-]*))?$"

# A dated repository does not change under us: the day that a lock was made with, else yesterday's, or the newest of the
# week before.
choose_repository <- function() {
  if (length(request$heldRepository)) Sys.setenv(R_REPOSITORY = request$heldRepository)
  source("/rserve/options.R")
  if (length(request$heldRepository) || !grepl("{date}", request$repository, fixed = TRUE)) return(invisible())
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
  packages <- Filter(function(p) !p$package %in% platform_packages, lock$packages)
  list(resolver = "pak", packages = lapply(packages, entry), systemPackages = as.list(unique(unlist(system))))
}

# Packages of the repository itself: in the versions that were locked before, else in those it has.
resolve_from_index <- function(parts, mentioned, locked, held) {
  names <- vapply(parts, `[`, "", 2L)
  nothing <- list(resolver = "renv", packages = list(), systemPackages = as.list(system_packages(locked)))
  if (!length(names) && !length(mentioned)) return(nothing)
  index <- read_index()
  known <- c(rownames(index), locked)
  if (length(unknown <- setdiff(mentioned, known)))
    message("not in the repository, so left out though the code names it: ", toString(unknown))
  wanted <- c(names, setdiff(mentioned, unknown))
  needed <- tools::package_dependencies(wanted, index, hard, recursive = TRUE)
  all <- sort(setdiff(unique(c(wanted, unlist(needed))), c(platform_packages, locked)))
  if (length(lost <- setdiff(all, rownames(index))))
    stop("not in the repository ", getOption("repos")[["CRAN"]], ": ", toString(lost), call. = FALSE)
  rows <- hold_versions(index[all, , drop = FALSE], held)
  for (part in parts) require_version(part[2L], part[3L] == ">=", part[4L], rows)
  list(resolver = "renv", packages = lock_entries(rows), systemPackages = as.list(system_packages(c(all, locked))))
}

hard <- c("Depends", "Imports", "LinkingTo")

read_index <- function() {
  index <- available.packages(type = "source")
  if (nrow(index) == 0L) stop("the repository ", getOption("repos")[["CRAN"]], " cannot be read", call. = FALSE)
  index
}

# A version that was locked stays, unless a package that is newer than it asks for more.
hold_versions <- function(rows, held) {
  held <- held[held$name %in% rownames(rows), , drop = FALSE]
  repeat {
    old <- held$name[held$version != rows[held$name, "Version"]]
    new <- rows[setdiff(rownames(rows), held$name), hard, drop = FALSE]
    too_old <- Filter(function(name) any(lower_bounds(name, new) > held$version[held$name == name]), old)
    if (!length(too_old)) break
    held <- held[!held$name %in% too_old, , drop = FALSE]
  }
  rows[held$name, "MD5sum"] <- ifelse(held$version == rows[held$name, "Version"], rows[held$name, "MD5sum"], held$checksum)
  rows[held$name, "Version"] <- held$version
  rows
}

lower_bounds <- function(name, fields) {
  pattern <- paste0("(?:^|[ ,\n])", gsub(".", "\\.", name, fixed = TRUE), "\\s*\\(\\s*>=\\s*([0-9.-]+)\\s*\\)")
  found <- regmatches(fields[!is.na(fields)], regexec(pattern, fields[!is.na(fields)], perl = TRUE))
  package_version(vapply(Filter(length, found), `[`, "", 2L))
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

require_version <- function(name, is_lower_bound, wanted, rows) {
  if (!nzchar(wanted) || !name %in% rownames(rows)) return(invisible())
  found <- package_version(rows[name, "Version"])
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
exact <- as.data.frame(request$locked)
locked <- as.character(exact$name)
references <- setdiff(as.character(unlist(request$references)), c(platform_packages, locked))
mentioned <- setdiff(as.character(unlist(request$mentioned)), c(platform_packages, locked, references))
held <- as.data.frame(request$held)
message("resolving ", length(references) + length(mentioned), " packages from ", getOption("repos")[["CRAN"]])

# R's own installer does whatever it can: it behaves alike with and without pak.
parts <- regmatches(references, regexec(plain_reference, references, perl = TRUE))
foreign <- references[lengths(parts) == 0L]
is_pinned <- vapply(parts, function(part) length(part) && nzchar(part[4L]) && !nzchar(part[3L]), NA)
if (length(foreign) && !has_pak)
  stop("package ", toString(foreign), " needs pak, which this R repository does not offer", call. = FALSE)
use_pak <- has_pak && (length(foreign) || any(is_pinned))
lock <- if (use_pak) resolve_with_pak(c(references, mentioned, exact$reference)) else resolve_from_index(parts, mentioned, locked, held)
lock$repository <- getOption("repos")[["CRAN"]]
write_answer("lock.json", lock)
