#!/usr/bin/env bash
# Takes the figures of docs/performance.md with the release program and prints them as a section to paste there.
# ROUNDS districts (5), each made anew after one to warm up; the median of each figure counts.
set -euo pipefail
cd "$(dirname "$0")/.."

program=target/release/xinlian
rounds=${ROUNDS:-5}
subjects=${SUBJECTS:-20000}
out=bench/out
mkdir -p "$out"
rm -f "$out"/*.json

for round in $(seq 0 "$rounds"); do
  echo "round $round of $rounds$([ "$round" -eq 0 ] && echo ' (to warm up, not counted)')" >&2
  "$program" bench district --subjects "$subjects" --data "$out/district" >"$out/$round.json"
done
rm "$out/0.json"

exec node bench/summary.mjs "$out" "$subjects" "$(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
