#!/usr/bin/env bash
# Sees what the house needs beside Rust, installs it from Debian as root, or tells the exact command.
#
#   scripts/deps.sh build        what compiling needs
#   scripts/deps.sh build test   what the tests need as well
set -euo pipefail

NODE_LEAST=20

have() { command -v "$1" >/dev/null 2>&1; }

have_chromium() {
  [ -n "${CHROMIUM:-}" ] && [ -x "${CHROMIUM}" ] && return
  have chromium || have chromium-browser || have google-chrome
}

have_chinese_font() { have fc-list && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; }

have_postgres() {
  have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

have_mariadb() {
  (PATH=$PATH:/usr/sbin; have mariadbd && have mariadb-install-db && have my_print_defaults)
}

# Go, and its packages of the checksum database, by which the ledger is verified.
have_go() { have go && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]; }

have_node() {
  have node && have npm && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$NODE_LEAST" ]
}

missing=()
for part in "$@"; do
  case "$part" in
    build)
      have cargo || { echo "Rust is missing: install it with rustup, version as in Cargo.toml (rust-version)." >&2; exit 1; }
      if ! have cc || ! have make; then missing+=(build-essential); fi
      ;;
    test)
      have git || missing+=(git)
      # Other people's programs that ours is tried with over TLS.
      have openssl || missing+=(openssl)
      have curl || missing+=(curl)
      have_go || [ "${XINLIAN_WITHOUT_GO:-}" = 1 ] || missing+=(golang-go golang-golang-x-mod-dev)
      have_chromium || missing+=(chromium)
      # The smallest font with all characters of the pages; any other Chinese font will do.
      have_chinese_font || missing+=(fontconfig fonts-wqy-microhei)
      have_postgres || missing+=(postgresql)
      # The server alone: what starts it at boot and its users' tools are not needed.
      have_mariadb || missing+=(mariadb-server-core mariadb-client-core)
      have_node || missing+=(nodejs npm)
      ;;
    *) echo "deps.sh: \`$part\` is not \`build\` or \`test\`" >&2; exit 2 ;;
  esac
done

if [ ${#missing[@]} -gt 0 ]; then
  if have apt-get && [ "$(id -u)" -eq 0 ]; then
    echo "installing from Debian: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
  else
    echo "missing here: ${missing[*]}. On Debian:" >&2
    echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi

case " $* " in
  *" test "*)
    if ! have_node; then
      echo "Node $NODE_LEAST or newer is needed, and $(node --version 2>/dev/null || echo none) is here." >&2
      exit 1
    fi
    ;;
esac
