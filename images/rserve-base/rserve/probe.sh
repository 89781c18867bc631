#!/bin/bash
# probe.sh health|listen|ocap|http: exit 0 when well, else 1 and one sentence.
#   health  what the engine calls: ocap or http (RSP_MODE) until that has passed once, then without a connection.
#           Every connection makes R fork, and this runs all the time, so after the start it only looks.
#   listen  the port is open (no connection) · ocap  a WebSocket session opens · http  GET / answers 200 to 499
state=/tmp/.rsp
port=${RSP_PORT:-6311}
patience=${RSP_PROBE_SECONDS:-5}
LC_ALL=C   # replies are bytes

fail() { echo "$1"; exit 1; }

listen() {
  local hex local_address status queues
  printf -v hex ':%04X' "$port"
  while read -r _ local_address _ status queues _; do
    [[ $local_address == *"$hex" && $status == 0A ]] || continue
    waiting=$((16#${queues#*:}))   # connections that R has not accepted yet
    return 0
  done </proc/net/tcp
  fail "nothing listens on port $port"
}

connect() { exec {socket}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null

ocap() {
  connect || fail "port $port refuses connections"
  printf '%s\r\n' 'GET / HTTP/1.1' 'Host: probe' 'Upgrade: websocket' 'Connection: Upgrade' \
    'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: cnNlcnZlLXByb3h5LXByYg==' '' >&"$socket"
  local deadline=$((SECONDS + patience)) bytes
  while ((SECONDS <= deadline)); do   # the hello is binary: read from NUL to NUL
    IFS= read -rd '' -t "$patience" -u "$socket" bytes || fail 'no OCAP session: does oc.init() fail? The log has its message'
    [[ $bytes == *RsOC* ]] && return 0
  done
  fail "no OCAP session within $patience s"
}

http() {
  connect || fail "port $port refuses connections"
  printf 'GET / HTTP/1.0\r\nHost: probe\r\n\r\n' >&"$socket"
  local line
  IFS= read -rt "$patience" -u "$socket" line || fail "no HTTP reply within $patience s"
  [[ $line == HTTP/1.?\ [234]* ]] || fail "GET / answered: ${line%$'\r'}"
}

# Hung = connections wait and, for three looks, R has neither forked a session nor buried one. Waiting alone is load.
alive() {
  local server line fields children seen= before= looks=0
  read -r server <"$state/server" && read -r line 2>/dev/null <"/proc/$server/stat" || fail 'R has ended'
  fields=(${line##*) })
  [[ ${fields[0]} != [TZX] ]] || fail 'R is stopped'
  ((waiting > 0)) || { rm -f "$state/busy"; return 0; }
  read -r children <"/proc/$server/task/$server/children"
  seen="${fields[8]} $children"   # page faults of ended children, and the living ones
  [[ ! -e $state/busy ]] || { read -r looks; read -r before; } <"$state/busy"
  if [[ $seen == "$before" ]]; then looks=$((looks + 1)); else looks=1; fi
  printf '%s\n' "$looks" "$seen" >"$state/busy"
  ((looks < 3)) || fail "R has not accepted connections for $looks looks"
}

health() {
  [[ ! -e /tmp/.draining ]] || fail 'draining'
  listen
  if [[ -e $state/ready ]]; then alive; else "${RSP_MODE:-ocap}" && : >"$state/ready"; fi
}

case ${1:-} in
  health | listen | ocap | http) "$1" ;;
  *) echo 'usage: probe.sh health|listen|ocap|http' >&2; exit 2 ;;
esac
