# What scripts/up and scripts/test need of this machine: tools, engine, images, free addresses. Sourced after lib.sh.
R_VERSION=4.5.0

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

# prefix_is_free A.B: no route of this machine lies in A.B.0.0/16 or holds it
prefix_is_free() {
  [[ -r /proc/net/route ]] || return 0
  local first second base route mask destination netmask
  IFS=. read -r first second <<<"$1"
  base=$(((first << 8) | second))
  while read -r _ destination _ _ _ _ _ netmask _; do
    # Little-endian hex: the first two octets are the last four digits.
    route=$((16#${destination:6:2}${destination:4:2})) mask=$((16#${netmask:6:2}${netmask:4:2}))
    ((mask == 0 || (base & mask) != (route & mask))) || return 1
  done < <(tail -n +2 /proc/net/route)
}

# A clash would cut this machine off from whatever is routed there now. Our own networks are routes, too.
check_network_prefix() {
  docker network ls --quiet --filter "label=rserve-proxy.io/instance=$INSTALLATION_ID" | grep -q . && return
  prefix_is_free "$NETWORK_PREFIX" \
    || stop_with "A route of this machine lies in $NETWORK_PREFIX.0.0/16: set another NETWORK_PREFIX in ${ENV_FILE##*/}."
}

check_ports() {
  local port owner ports=("$WEB_PORT" "$TRAEFIK_DASHBOARD_PORT")
  [[ ${STACK_SHAPE:-} != production ]] || ports=("${HTTP_PORT:-80}" "${HTTPS_PORT:-443}")
  for port in "${ports[@]}"; do
    owner=$(docker ps --filter "publish=$port" --format '{{.Names}} {{.Label "rserve-proxy.io/instance"}}')
    [[ -z $owner || $owner == *" $INSTALLATION_ID" ]] \
      || stop_with "Port $port belongs to container ${owner% *}: stop it, or set another port, and URLs, in ${ENV_FILE##*/}."
  done
}

check_socket_group() {
  local group; group=$(stat -L -c %g /var/run/docker.sock 2>/dev/null) || return 0
  [[ $group == "$DOCKER_GID" ]] || stop_with "The engine's socket now belongs to group $group: set DOCKER_GID=$group in ${ENV_FILE##*/}."
}

# need_engine: engine, images and, on stand-ins, packages; `given` gets the settings that this machine asks for
need_engine() {
  step 'Docker engine' 'Install Docker with Compose v2, or run this once as root on Debian or Ubuntu.' "$ROOT/scripts/offline/engine" up
  step 'Upstream images' 'Check that a Docker registry, or Debian, npm and PyPI, can be reached.' need_images
  given=()
  on_stand_ins || return 0
  echo '  No registry of images can be reached: this runs on local stand-ins (scripts/offline).'
  step 'Local package repository' "Check that this host's Debian mirror can be reached." "$ROOT/scripts/offline/cran" up
  given=(R_REPOSITORY=http://cran.test:8890 BUILD_EXTRA_HOSTS=cran.test:host-gateway)
}

need_base() {
  EXTRA_CA_FILE=${BASE_EXTRA_CA_FILE-${EXTRA_CA_FILE:-}} \
    step "R $R_VERSION base image" 'Check R_REPOSITORY in .env.' "$ROOT/scripts/build-base" "$R_VERSION"
}
