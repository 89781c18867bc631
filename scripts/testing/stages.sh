# The stages of scripts/test, each in a shell of its own.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
NODE=$ROOT/node_modules/.bin/node
cd "$ROOT" || exit

check() { exec bun run check; }

# vitest NAME OPTIONS...: reports/NAME.json is what scripts/test counts
vitest() {
  local name=$1; shift
  exec "$NODE" node_modules/vitest/vitest.mjs run --reporter=default --reporter=json \
    --outputFile.json="$STATE/reports/$name.json" "$@"
}

# The same files on the database of production. In memory and without fsync: the data live as long as the run.
on_postgres() {
  local name=rsp-test-postgres password address status=0
  password=$(od -An -v -tx1 -N 16 /dev/urandom | tr -d ' \n')
  docker run --detach --name $name --label "rserve-proxy.io/instance=$INSTALLATION_ID" --publish 127.0.0.1::5432 \
    --tmpfs /var/lib/postgresql/data --env POSTGRES_PASSWORD="$password" \
    --health-cmd 'pg_isready -q -h 127.0.0.1' --health-interval 1s postgres:17 postgres -c fsync=off || return
  until [[ $(docker inspect --format '{{.State.Health.Status}}' $name) == healthy ]]; do
    ((++status <= 60)) || { docker logs --tail 30 $name; return 1; }
    sleep 0.5
  done
  address=$(docker port $name 5432/tcp | head -n 1)
  export TEST_DATABASE_URL=postgres://postgres:$password@$address/postgres
  vitest postgres --project manager # the container carries the run's label, and goes with all that does
}

# The built dashboard in a browser, before the real manager and the fake engine.
screens() {
  bun run --cwd packages/dashboard build || return
  CHROMIUM_PATH=$(chromium_path) && export CHROMIUM_PATH
  vitest screens --project screens
}

# What tests of a running stack may know. On failure its containers' logs are kept: the stack will be gone.
with_stack() {
  local status=0 name
  load_env
  export E2E_URL=$MANAGER_URL E2E_ADMIN_PASSWORD E2E_CERTIFICATES=$STATE/certificates
  E2E_ADMIN_PASSWORD=$(<"$STATE/admin-password")
  CHROMIUM_PATH=$(chromium_path) && export CHROMIUM_PATH
  ("$@") || status=$?
  ((status == 0)) && return
  for name in manager traefik postgres; do
    docker logs "$COMPOSE_PROJECT_NAME-$name-1" >"$LOGS/stack-$name.log" 2>&1
  done
  echo "What the stack's containers said: ${LOGS#"$ROOT"/}/stack-*.log"
  return $status
}

chromium_path() {
  local name
  for name in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome; do command -v "$name" && return; done
  return 1
}

need_chromium() {
  chromium_path || { . "$ROOT/scripts/offline/debian.sh" && need_packages chromium; }
}
