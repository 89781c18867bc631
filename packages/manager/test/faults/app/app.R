# An app that can be told to go wrong. Each address is one fault; every other one answers the version.
version <- "1"

parent <- function() as.integer(strsplit(readLines("/proc/self/stat"), " ")[[1]][4])
hoard <- function() lapply(seq_len(64), function(i) rep(as.numeric(i), 8e6))
fork_without_end <- function() repeat try(parallel::mcparallel(Sys.sleep(20), detached = TRUE), silent = TRUE)

.http.request <- function(path, query, body, headers) {
  switch(path,
    "/die" = tools::pskill(parent(), tools::SIGKILL),
    "/hoard" = hoard(),
    "/fork" = fork_without_end())
  list(version, "text/plain")
}
