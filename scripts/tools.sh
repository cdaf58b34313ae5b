#!/usr/bin/env bash
# The two checking tools that are no part of Rust: cargo-deny and typos. Their versions are pinned here.
#
#   scripts/tools.sh                       builds what is missing into target/tools, without optimisation:
#                                          run once over one repository they are quick enough that way
#   scripts/tools.sh run TOOL CMD...       runs CMD if TOOL is there, or says that it was left out
#
# Where the registry cannot be reached, the tools are left out with a word about it and the rest goes on:
# a machine without internet must still be able to check its own change.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSIONS=(cargo-deny@0.20.2 typos-cli@1.52.0)
ROOT=target/tools

if [ "${1:-}" = run ]; then
  tool=$2
  shift 2
  if command -v "$tool" >/dev/null 2>&1; then exec "$@"; fi
  echo "left out: \`$tool\` is not here and could not be built; \`make tools\` tries again" >&2
  exit 0
fi

for wanted in "${VERSIONS[@]}"; do
  name=${wanted%@*}
  version=${wanted#*@}
  stamp="$ROOT/$name-$version"
  [ -e "$stamp" ] && continue
  echo "building $name $version into $ROOT, once"
  if CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$ROOT/build" \
     cargo install --quiet --debug --locked --force --root "$ROOT" "$name@$version"; then
    touch "$stamp"
  else
    echo "could not build $name $version; going on without it" >&2
  fi
done
rm -rf "$ROOT/build"
