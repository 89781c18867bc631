# Does every installed package load? In a fresh container without network, as the user that apps run as.
library_path <- "/opt/app/lib"
# Of a single package R answers its name with a name of its own.
packages <- unname(rownames(installed.packages(lib.loc = library_path, noCache = TRUE)))

load_error <- function(package) {
  tryCatch({
    loadNamespace(package)
    NULL
  }, error = conditionMessage)
}

# Only after a failure: alone it gives false alarms.
missing_libraries <- function(package) {
  shared <- list.files(file.path(library_path, package, "libs"), "\\.so$", full.names = TRUE)
  lines <- unlist(lapply(shared, function(file) system2("R", c("CMD", "ldd", file), stdout = TRUE, stderr = TRUE)))
  sub("^\\s*(\\S+) => not found.*", "\\1", grep("not found", lines, value = TRUE))
}

errors <- Filter(Negate(is.null), sapply(packages, load_error, simplify = FALSE))
for (package in names(errors)) {
  message("Error: package ", package, " does not load: ", errors[[package]])
  for (file in unique(missing_libraries(package)))
    message(file, ": cannot open shared object file, needed by ", package)
}
if (length(errors)) quit("no", status = 1L)
message("all ", length(packages), " packages load")
