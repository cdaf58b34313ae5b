#!/usr/bin/env bash
# Hands large files in to a district with a register of PERSONS (100,000): ROWS (1,000,000) rows, again the same number, and so on, FILES (3)
# times, so that it shows whether a row costs more the more there are. Prints a table for docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=${CARGO_TARGET_DIR:-target}/release/xinlian
out=bench/out/ingest
rows=${ROWS:-1000000} files=${FILES:-3}
rm -rf "$out"
mkdir -p "$out"
trap 'rm -rf "$out"' EXIT

"$program" fixtures --subjects "${PERSONS:-100000}" --out "$out/files" >/dev/null
"$program" init --demo --data "$out/data" >/dev/null
register=$(echo "$out"/files/chancheng.police/01-*.csv)
"$program" ingest --data "$out/data" --source chancheng.police "$register" >/dev/null
node bench/ingest/make.mjs $((rows * files)) <"$register" | {
  IFS= read -r header
  split --lines "$rows" --filter "{ printf '%s\n' '$header'; cat; } > \$FILE.csv" - "$out/part-"
}
echo "| records before | rows/s | CPU s | MiB | of them |"
echo "|---|---|---|---|---|"
held=0
for part in "$out"/part-*.csv; do
  said=$(/usr/bin/time --format '%e %U %S %M' --output "$out/time" \
    "$program" ingest --data "$out/data" --source foshan.hrss "$part" | head -1)
  read -r wall user system kib <"$out/time"
  awk -v held="$held" -v rows="$rows" -v wall="$wall" -v cpu="$user $system" -v kib="$kib" -v said="${said#*= }" 'BEGIN {
    split(cpu, of, " "); printf "| %d | %d | %.1f | %d | %s |\n", held, rows / wall, of[1] + of[2], kib / 1024, said }'
  held=$((held + rows))
done
echo "a person's file, looked at, read and assessed: $("$program" bench files --data "$out/data" --subjects "${PERSONS:-100000}")"
du -sh "$out/data/xinlian.db" "$out/data/segments" | awk '{ print $2 ": " $1 }' | sed 's|.*/||'
