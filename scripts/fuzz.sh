#!/usr/bin/env bash
# Feeds the readers of what comes from outside with what a fuzzer makes of it: scripts/fuzz.sh [TARGET...]
#
# Each target of fuzz/ runs for FUZZ_SECONDS (60). What it learned stays in target/fuzz/corpus/TARGET and is where the next run goes
# on; what brought it down lies in target/fuzz/found/TARGET, and the run ends with 1. To see such a file again:
#
#   target/fuzz/HOST/release/TARGET FILE
#
# libFuzzer is built from the source that the crate `libfuzzer-sys` brings. The flags are those of `cargo fuzz`; the sanitizer is not
# stable yet, which is why RUSTC_BOOTSTRAP is set for this build and no other.
set -euo pipefail
cd "$(dirname "$0")/.."

SECONDS_EACH=${FUZZ_SECONDS:-60}
ALL=(csv ndjson xlsx sheet_xml xls parquet frames encoding cells record policy layout infer note checkpoint log_proof entry_bundle trust_policy leaf)
# Files whose readers others wrote. They are read by a process that the system ends when it takes too long or too much memory, so neither
# brings anything down; each run of the fuzzer is a process too then, and what took too long lies in found/ all the same.
FOREIGN=" xlsx sheet_xml xls parquet "
HOME_OF_FUZZ=$PWD/target/fuzz
HOST=$(rustc -vV | sed -n 's/^host: //p')

targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=("${ALL[@]}")

flags=(
  --cfg fuzzing
  -Zsanitizer=address -Cforce-frame-pointers=yes
  -Cpasses=sancov-module
  -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares
)
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${flags[*]}" CARGO_TARGET_DIR=$HOME_OF_FUZZ \
  cargo build --quiet --manifest-path fuzz/Cargo.toml --locked --release --target "$HOST" --bins

bin=$HOME_OF_FUZZ/$HOST/release
# That nothing leaks is not asked: a process that reads one file ends with it.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1
"$bin/seeds" "$HOME_OF_FUZZ/corpus"

failed=()
for target in "${targets[@]}"; do
  corpus=$HOME_OF_FUZZ/corpus/$target
  found=$HOME_OF_FUZZ/found/$target
  mkdir -p "$corpus" "$found"
  options=(-max_total_time="$SECONDS_EACH" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -print_funcs=0 -max_len=8192 -artifact_prefix="$found/")
  if [[ "$FOREIGN" == *" $target "* ]]; then options+=(-fork=1 -ignore_timeouts=1 -ignore_ooms=1); fi
  log=$HOME_OF_FUZZ/$target.log
  code=0
  "$bin/$target" "${options[@]}" "$corpus" >"$log" 2>&1 || code=$?
  # 72: somebody ended it.
  [ "$code" -ne 72 ] || { echo "$target: interrupted" >&2; exit 130; }
  # 70 and 71: the last process of a foreign format took too long, or too much.
  if [[ "$FOREIGN" == *" $target "* && ($code -eq 70 || $code -eq 71) ]]; then code=0; fi
  if [ "$code" -eq 0 ]; then
    runs=$(sed -n -e 's/^stat::number_of_executed_units: *//p' -e 's/^#\([0-9]*\): cov: .*/\1/p' "$log" | tail -n 1)
    ended=$(sed -n 's|.*oom/timeout/crash: \([0-9/]*\).*|, ended for memory/time/fault: \1|p' "$log" | tail -n 1)
    echo "$target: $runs runs in $SECONDS_EACH seconds, nothing found$ended"
  else
    echo "$target: brought down, see $log" >&2
    tail -n 40 "$log" >&2
    failed+=("$target")
  fi
done
[ ${#failed[@]} -eq 0 ] || { echo "brought down: ${failed[*]}" >&2; exit 1; }
