#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL: scripts/with-postgres.sh CMD...
#
# The cluster lives in a temporary folder, listens on a free port of the loopback only, and is gone when the
# command ends, however it ends. The command finds it in XINLIAN_TEST_POSTGRES_URL, whose user may create
# databases. Its exit code is passed on. Durability is off: nothing here outlives the run.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 CMD..." >&2; exit 2; }

find_bin() {
  local newest
  newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 || true)
  if [ -n "$newest" ]; then dirname "$newest"; return; fi
  if command -v initdb >/dev/null; then dirname "$(readlink -f "$(command -v initdb)")"; return; fi
  echo "PostgreSQL is missing: run \`make deps\`" >&2
  exit 1
}

bin=$(find_bin)
home=$(mktemp -d "${TMPDIR:-/tmp}/xinlian-postgres.XXXXXX")

# PostgreSQL refuses to run as root: another user runs it then.
as=()
if [ "$(id -u)" -eq 0 ]; then
  user=nobody
  if id -u postgres >/dev/null 2>&1; then user=postgres; fi
  chown "$user" "$home"
  chmod 711 "$home"
  as=(runuser -u "$user" --)
fi

tear_down() {
  code=$?
  trap '' INT TERM HUP
  if [ -e "$home/data/postmaster.pid" ]; then
    (cd / && "${as[@]}" "$bin/pg_ctl" --pgdata="$home/data" --mode=immediate --silent stop) || true
  fi
  rm -rf "$home"
  exit "$code"
}
trap tear_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

(cd / && "${as[@]}" "$bin/initdb" --pgdata="$home/data" --username=postgres --auth=trust \
  --encoding=UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1) \
  || { cat "$home/initdb.log" >&2; exit 1; }

start() {
  (cd / && "${as[@]}" "$bin/pg_ctl" --pgdata="$home/data" --log="$home/data/server.log" --wait --timeout=60 --silent \
    --options="-c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories='' -c fsync=off \
      -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB" start) \
    >/dev/null 2>&1
}

# Another process may take a port between our choosing and PostgreSQL's binding, so a few are tried.
port=
for _ in 1 2 3 4 5 6 7 8; do
  try=$((20000 + RANDOM % 12000))
  if start "$try"; then port=$try; break; fi
done
[ -n "$port" ] || { echo "PostgreSQL did not start:" >&2; cat "$home/data/server.log" >&2 || true; exit 1; }

export XINLIAN_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
"$@"
