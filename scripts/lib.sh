# Sourced by the scripts beside it.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ENV_FILE=${ENV_FILE:-$ROOT/.env}
STATE=${STATE:-$ROOT/.dev}
LOGS=$STATE/logs
R_VERSION=4.5.0
PATH=$ROOT/node_modules/.bin:$ROOT/.dev/bun/node_modules/.bin:$HOME/.bun/bin:$PATH

bold() { printf '\033[1m%s\033[0m\n' "$*"; }

# stop_with SENTENCE: for what the reader can mend by themselves
stop_with() { printf '\n%s\n' "$*" >&2; exit 1; }

# show_help: the comment block at the top of the script that calls it
show_help() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0; }

# step TEXT ADVICE COMMAND...: one line of progress, a dot every 3 s; on failure what failed, its last lines, what to do
step() {
  local text=$1 advice=$2 log ticker status=0 started=$SECONDS; shift 2
  log=$LOGS/$(tr -c 'a-z0-9\n' - <<<"${text,,}").log
  mkdir -p "$LOGS"
  printf '  %-34s' "$text"
  (while sleep 3; do printf .; done) & ticker=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$ticker"; wait "$ticker" 2>/dev/null || true
  if ((status == 0)); then printf ' %ss\n' $((SECONDS - started)); return; fi
  printf ' failed\n\n'
  tail -n 15 "$log" | sed 's/^/    /'
  stop_with "Failed: $text (all lines: ${log#"$ROOT"/}). $advice"
}

# Values in .env are written by scripts/env or by a person: compose reads the same file, so no shell syntax is expected.
load_env() {
  [[ -r $ENV_FILE ]] || stop_with "No ${ENV_FILE##*/} yet: run scripts/up (or scripts/env) first."
  set -a; . "$ENV_FILE"; set +a
}

# The development shape. Production: docker compose up, without the second file.
compose() {
  docker compose --project-directory "$ROOT" --env-file "$ENV_FILE" \
    -f "$ROOT/docker-compose.yml" -f "$ROOT/docker-compose.dev.yml" "$@"
}

# npm too: the package that brings Node 24 calls it while it installs itself.
need_workspace() {
  if ! command -v npm >/dev/null; then
    command -v apt-get >/dev/null || { echo 'install Node.js with npm first (https://nodejs.org)' >&2; return 1; }
    (. "$ROOT/scripts/offline/debian.sh" && need_packages npm) || return
  fi
  command -v bun >/dev/null || npm install --no-save --prefix "$ROOT/.dev/bun" bun@1 || return
  (cd "$ROOT" && bun install --frozen-lockfile)
}

# An image that was pulled has a digest of its registry; what was built here has none.
on_stand_ins() { [[ $(docker image inspect --format '{{len .RepoDigests}}' rocker/r-ver:4.5.0 2>/dev/null) == 0 ]]; }

need_images() {
  local image missing=()
  for image in debian:trixie-slim node:24-slim oven/bun:1 postgres:17 traefik:v3.7.15 rocker/r-ver:4.5.0; do
    docker image inspect "$image" >/dev/null 2>&1 || missing+=("$image")
  done
  for image in "${missing[@]}"; do
    docker pull --quiet "$image" || { echo 'cannot pull: building stand-ins'; "$ROOT/scripts/offline/images-up"; return; }
  done
}

# A clash would cut this machine off from whatever is routed there now.
check_network_prefix() {
  [[ -r /proc/net/route ]] || return 0
  docker network ls --quiet --filter "label=rserve-proxy.io/instance=$INSTALLATION_ID" | grep -q . && return
  local base mask route destination rest netmask
  IFS=. read -r base rest <<<"$NETWORK_PREFIX"
  base=$(((base << 8) | rest))
  while read -r _ destination _ _ _ _ _ netmask _; do
    # Little-endian hex: the first two octets are the last four digits.
    route=$((16#${destination:6:2}${destination:4:2})) mask=$((16#${netmask:6:2}${netmask:4:2}))
    ((mask == 0 || (base & mask) != (route & mask))) \
      || stop_with "A route of this machine lies in $NETWORK_PREFIX.0.0/16: set another NETWORK_PREFIX in ${ENV_FILE##*/}."
  done < <(tail -n +2 /proc/net/route)
}

check_ports() {
  local port owner
  for port in "$WEB_PORT" "$TRAEFIK_DASHBOARD_PORT"; do
    owner=$(docker ps --filter "publish=$port" --format '{{.Names}} {{.Label "rserve-proxy.io/instance"}}')
    [[ -z $owner || $owner == *" $INSTALLATION_ID" ]] \
      || stop_with "Port $port belongs to container ${owner% *}: stop it, or set another WEB_PORT and URLs in ${ENV_FILE##*/}."
  done
}

check_socket_group() {
  local group; group=$(stat -L -c %g /var/run/docker.sock 2>/dev/null) || return 0
  [[ $group == "$DOCKER_GID" ]] || stop_with "The engine's socket now belongs to group $group: set DOCKER_GID=$group in ${ENV_FILE##*/}."
}
