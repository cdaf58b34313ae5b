#!/usr/bin/env bash
# Measures crates/linkage against Splink on FEBRL4, in turn, and prints a section for RESULTS.md.
# ROUNDS rounds (5) after one to warm up; the median of each figure counts. Needs Python 3.10 or later and pip.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${ROUNDS:-5}
out=bench/out
python=$out/venv/bin/python
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$out"
rm -f "$out"/linkage-*.json

[ -x "$python" ] || python3 -m venv "$out/venv"
"$python" -m pip install --quiet --disable-pip-version-check --requirement bench/linkage/requirements.txt
"$python" bench/linkage/febrl4.py "$out"
cargo build --release --locked -p xinlian-linkage --example febrl

for round in $(seq 0 "$rounds"); do
  echo "round $round of $rounds$([ "$round" -eq 0 ] && echo ' (to warm up, not counted)')" >&2
  for data in with without; do
    "$python" bench/linkage/peer.py "$out" "$data" >"$out/linkage-splink-$data-$round.json"
    "$target/release/examples/febrl" "$out" "$data" >"$out/linkage-linkage-$data-$round.json"
  done
done
rm "$out"/linkage-*-0.json

exec "$python" bench/linkage/summary.py "$out" "$(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
