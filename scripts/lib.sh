# Sourced by the scripts beside it.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ENV_FILE=${ENV_FILE:-$ROOT/.env}
STATE=${STATE:-$ROOT/.dev}
LOGS=$STATE/logs
PATH=$ROOT/node_modules/.bin:$ROOT/.dev/bun/node_modules/.bin:$HOME/.bun/bin:$PATH

bold() { printf '\033[1m%s\033[0m\n' "$*"; }

# stop_with SENTENCE: for what the reader can mend by themselves
stop_with() { printf '\n%s\n' "$*" >&2; exit 1; }

# show_help: the comment block at the top of the script that calls it
show_help() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0; }

# run_logged TEXT COMMAND...: one line of progress with a dot every 3 s; all output goes to the file that LOG names then
run_logged() {
  local text=$1 ticker status=0 started=$SECONDS; shift
  mkdir -p "$LOGS"
  LOG=$LOGS/$(tr -c 'a-z0-9\n' - <<<"${text,,}").log
  printf '  %-34s' "$text"
  (while sleep 3; do printf .; done) & ticker=$!
  "$@" >"$LOG" 2>&1 </dev/null 9>&- || status=$? # 9: the lock of scripts/test, which a new dockerd would keep
  kill "$ticker"; wait "$ticker" 2>/dev/null || true
  if ((status == 0)); then printf ' %ss\n' $((SECONDS - started)); else printf ' failed after %ss\n' $((SECONDS - started)); fi
  return "$status"
}

# step TEXT ADVICE COMMAND...: stops with what failed, its last lines and what to do
step() {
  local text=$1 advice=$2; shift 2
  run_logged "$text" "$@" && return
  printf '\n'; tail -n 15 "$LOG" | sed 's/^/    /'
  stop_with "Failed: $text (all lines: ${LOG#"$ROOT"/}). $advice"
}

# Values in .env are written by scripts/env or by a person: compose reads the same file, so no shell syntax is expected.
load_env() {
  [[ -r $ENV_FILE ]] || stop_with "No ${ENV_FILE##*/} yet: run scripts/up (or scripts/env) first."
  set -a; . "$ENV_FILE"; set +a
}

# In the shape that .env names: production is the first file alone.
compose() {
  local files=(-f "$ROOT/docker-compose.yml")
  [[ ${STACK_SHAPE:-development} == production ]] || files+=(-f "$ROOT/docker-compose.dev.yml")
  docker compose --project-directory "$ROOT" --env-file "$ENV_FILE" "${files[@]}" "$@"
}
