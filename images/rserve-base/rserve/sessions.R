# What a forked session needs for itself, and what the parent does for the dead ones.
session <- new.env(parent = emptyenv())
session$last_active <- 0

mark_active <- function() session$last_active <- proc.time()[["elapsed"]]

# A tempdir() shared with the parent disappears for everybody when one session dies of SIGPIPE (s-u/Rserve#194). The
# parent has deleted its own before it forks, so the first look in a session makes one that only this session uses.
own_tempdir <- function() {
  if (dir.exists(tempdir())) return(invisible())
  own <- file.path("/tmp/rsp", Sys.getpid())
  unlink(own, recursive = TRUE)
  dir.create(own, showWarnings = FALSE, recursive = TRUE)
  Sys.setenv(TMPDIR = own)
  invisible(tempdir(check = TRUE))
}

# In the parent, just before it serves.
remove_tempdir <- function() {
  left <- list.files(tempdir())
  if (length(left)) message("[platform] files that the script left in tempdir() are gone now: ", toString(left),
    ". What sessions need belongs elsewhere, for example below /tmp/app")
  unlink(tempdir(), recursive = TRUE)
}

# Runs in the parent after every fork; a session that was killed cleans up nothing itself (s-u/Rserve#187).
sweep_dead_sessions <- function() {
  folders <- list.files(c("/tmp/rsp", "/tmp/Rserv"), "^(conn)?[0-9]+$", full.names = TRUE)
  pids <- sub("^conn", "", basename(folders))
  unlink(folders[!dir.exists(file.path("/proc", pids))], recursive = TRUE)
}

end_when_idle <- function(idle_seconds) {
  if (proc.time()[["elapsed"]] - session$last_active <= idle_seconds) return(invisible())
  message("[platform] session ", Sys.getpid(), " was idle for ", idle_seconds, " s: closed")
  tools::pskill(Sys.getpid(), tools::SIGKILL)   # quit() would run the parent's way out
}
