#!/usr/bin/env bash
# Takes the figures of the ledger's core, in memory and on one core, and prints them as a table for docs/performance.md.
# LEAVES (10,000,000) says how large the log becomes; it takes some 90 bytes of memory a leaf.
set -euo pipefail
cd "$(dirname "$0")/../.."

echo "### $(date -u +%F), $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit'), the ledger's core, ${LEAVES:-10000000} leaves"
echo
exec cargo run --quiet --release --locked -p xinlian-ledger --example figures -- "${LEAVES:-10000000}"
