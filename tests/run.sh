#!/usr/bin/env bash
# Runs everything that must hold: style, types, tests. Starts a PostgreSQL and a Redis server of its own for the tests where
# Debian's packages are installed; without them, and without Chromium, the tests that need them are skipped and say so.
# Usage: tests/run.sh BIN [pytest arguments]      BIN is the bin folder of the environment
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$1; shift
scratch=$(mktemp -d "${TMPDIR:-/tmp}/elearn-test.XXXXXX")
chmod 755 "$scratch"

stop() {
  [ -z "${redis_pid:-}" ] || kill "$redis_pid" 2>/dev/null || true
  [ -z "${pg_data:-}" ] || as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap stop EXIT

free_port() { "$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$(printf '%q ' "$@")"; else "$@"; fi; }

pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "${ELEARN_TEST_POSTGRESQL:-}" ] && [ -n "$pg_bin" ]; then
  pg_data=$scratch/postgresql
  mkdir "$pg_data"
  [ "$(id -u)" != 0 ] || chown postgres "$pg_data"
  port=$(free_port)
  as_postgres "$pg_bin/initdb" -D "$pg_data" -U elearn -A trust >/dev/null
  # fsync=off: hundreds of databases are made and dropped, and none must outlive this server (what must, makes a server of its own)
  as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -w -l "$pg_data/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c fsync=off" start >/dev/null
  export ELEARN_TEST_POSTGRESQL=postgresql://elearn@127.0.0.1:$port/postgres
fi

if [ -z "${ELEARN_TEST_REDIS:-}" ] && command -v redis-server >/dev/null; then
  port=$(free_port)
  redis-server --port "$port" --bind 127.0.0.1 --save '' --dir "$scratch" >/dev/null &
  redis_pid=$!
  export ELEARN_TEST_REDIS=redis://127.0.0.1:$port
fi

for name in chromium chromium-browser google-chrome; do
  [ -n "${ELEARN_TEST_CHROMIUM:-}" ] || ELEARN_TEST_CHROMIUM=$(command -v "$name" || true)
done
export ELEARN_TEST_CHROMIUM

unset PYTHONDONTWRITEBYTECODE  # the tests start elearn hundreds of times, and need not compile it each time

echo "== ruff";   "$bin/ruff" check .
                  "$bin/ruff" format --check --quiet .
echo "== mypy";   "$bin/mypy"
echo "== pytest"; "$bin/python" -m pytest -n auto --dist loadscope "$@"
