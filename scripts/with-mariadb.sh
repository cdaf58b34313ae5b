#!/usr/bin/env bash
# Runs a command beside a throw-away MariaDB: scripts/with-mariadb.sh CMD...
#
# As scripts/with-postgres.sh: a temporary folder, a free port of the loopback only, gone when the command ends. The command finds it
# in XINLIAN_TEST_MARIADB_URL, whose user may make databases and users. Its exit code is passed on. Durability is off.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 CMD..." >&2; exit 2; }

PATH=$PATH:/usr/sbin
for tool in mariadbd mariadb-install-db; do
  command -v "$tool" >/dev/null || { echo "MariaDB is missing: run \`make deps\`" >&2; exit 1; }
done

home=$(mktemp -d "${TMPDIR:-/tmp}/xinlian-mariadb.XXXXXX")
user=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
  user=nobody
  chown "$user" "$home"
fi

server=
tear_down() {
  code=$?
  trap '' INT TERM HUP
  if [ -n "$server" ]; then
    kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$home"
  exit "$code"
}
trap tear_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

small=(--no-defaults --user="$user" --datadir="$home/data" --innodb-buffer-pool-size=32M --innodb-log-file-size=4M
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0)
mariadb-install-db "${small[@]}" --auth-root-authentication-method=normal --skip-test-db >"$home/install.log" 2>&1 \
  || { cat "$home/install.log" >&2; exit 1; }

# Whether something answers on the port. The server says who it is before it is asked.
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && head -c 5 <&3 >/dev/null) 2>/dev/null; }

# Another process may take a port between our choosing and the server's binding, so a few are tried.
port=
for _ in 1 2 3 4 5 6 7 8; do
  try=$((20000 + RANDOM % 12000))
  if answers "$try"; then continue; fi
  mariadbd "${small[@]}" --bind-address=127.0.0.1 --port="$try" --socket="$home/socket" --pid-file="$home/pid" \
    --skip-name-resolve --max-connections=50 >"$home/server.log" 2>&1 &
  server=$!
  for _ in $(seq 600); do
    if answers "$try"; then port=$try; break; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  [ -z "$port" ] || break
  kill -KILL "$server" 2>/dev/null || true
  server=
done
[ -n "$port" ] || { echo "MariaDB did not start:" >&2; cat "$home/server.log" >&2 || true; exit 1; }

export XINLIAN_TEST_MARIADB_URL="mysql://root@127.0.0.1:$port/mysql"
"$@"
