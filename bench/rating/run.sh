#!/usr/bin/env bash
# Rates a made-up population from the packed mirror and with DuckDB, in turn, and prints a section for RESULTS.md.
# ROUNDS rounds (5) after one to warm up; RECORDS and SUBJECTS say how many. Needs Python 3.10 or later and pip.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=${CARGO_TARGET_DIR:-target}/release/xinlian
out=bench/out
python=$out/venv-rating/bin/python
mirror=$out/rating.mirror
mkdir -p "$out"
trap 'rm -rf "$mirror" "$out/rating"' EXIT

[ -x "$python" ] || python3 -m venv "$out/venv-rating"
"$python" -m pip install --quiet --disable-pip-version-check --requirement bench/rating/requirements.txt
"$program" bench generate "$mirror" --records "${RECORDS:-20000000}" --subjects "${SUBJECTS:-75000}"
"$program" bench facts "$mirror" "$out/rating"
exec "$python" bench/rating/peer.py "$program" "$mirror" "$out/rating" "${ROUNDS:-5}" \
  "$(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
