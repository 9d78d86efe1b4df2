#!/usr/bin/env bash
# Runs each fuzzer for 20 seconds, as many at once as there are processors. The seed is fixed, so each run
# is the same up to its speed.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

cargo +nightly fuzz build
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

one() {
  local log=$1/$2
  if FUZZ_SEED=1 fuzz/run 20 "$2" >"$log" 2>&1; then
    printf '%s: no finding, %s runs\n' "$2" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  else
    cat "$log"
    return 1
  fi
}
export -f one
for target in fuzz/fuzz_targets/*.rs; do
  basename "$target" .rs
done | xargs -P "$(nproc)" -I{} bash -c 'one "$0" "$1"' "$logs" {}
