#!/bin/bash
# PID 1: starts R. On SIGTERM R stops accepting and leaves; its sessions become our children and get up to RSP_DRAIN
# seconds to finish. R as PID 1 would take them down with it. While the app still loads, SIGTERM ends everything at once.
state=/tmp/.rsp
server='' stopping=''

stop() {
  stopping=yes
  [[ -e $state/serving ]] || leave_now
  [[ -z $server ]] || kill -TERM "$server" 2>/dev/null
}

leave_now() {
  [[ -z $server ]] || kill -KILL "$server" 2>/dev/null
  exit 0
}

# Builtins only: a helper process would be a child too.
sessions_left() {
  local file line fields
  for file in /proc/[0-9]*/stat; do
    read -r line 2>/dev/null <"$file" || continue
    read -ra fields <<<"${line##*) }"   # state, parent; the name before may hold anything
    [[ $line == *' (R) '* && ${fields[0]} != [ZX] ]] || continue
    [[ ${fields[1]} == 1 || ${fields[1]} == "$$" ]] && return 0
  done
  return 1
}

wait_for_sessions() {
  local deadline=$((SECONDS + ${RSP_DRAIN:-20})) quiet
  exec {quiet}<> <(:)   # nobody writes to it, so a read with a time limit is a sleep without a child
  while sessions_left && ((SECONDS < deadline)); do read -rt 0.1 -u "$quiet"; done
}

# An unwritable state folder is R's to report: it fails on the same folder with a message.
trap stop TERM INT
rm -rf "$state" /tmp/.draining
mkdir -p "$state" "${HOME:=/tmp/home}"
export HOME OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"   # threads do not survive a fork
R --vanilla --no-echo -e 'source("/rserve/launch.R")' &
server=$!
echo "$server" >"$state/server"

wait "$server"
status=$?
[[ $stopping ]] || exit "$status"
while kill -0 "$server" 2>/dev/null; do wait "$server"; done   # the signal interrupted the first wait
server=''   # its number may be another process's by now
wait_for_sessions
exit 0
