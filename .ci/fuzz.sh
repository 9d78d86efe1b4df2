#!/usr/bin/env bash
# Runs each fuzzer for 20 seconds, as many at once as there are processors. The seed is fixed, so each run
# is the same up to its speed.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

# It builds in three quarters of the time, and the fuzzers run as fast: the sanitizer takes most of theirs.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=1
# `cargo fuzz` has no `--locked`.
cargo metadata --manifest-path fuzz/Cargo.toml --locked --format-version 1 >/dev/null
cargo "+$nightly" fuzz build
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# A fuzzer that executes next to nothing finds nothing. This is far below what a busy machine reaches.
export LEAST_RUNS=100

one() {
  local log=$1/$2 runs
  if ! FUZZ_SEED=1 fuzz/run 20 "$2" >"$log" 2>&1; then
    cat "$log"
    return 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ "${runs:-0}" -lt "$LEAST_RUNS" ]; then
    cat "$log"
    printf '%s: only %s runs, expected at least %s\n' "$2" "${runs:-0}" "$LEAST_RUNS"
    return 1
  fi
  printf '%s: no finding, %s runs\n' "$2" "$runs"
}
export -f one
for target in fuzz/fuzz_targets/*.rs; do
  basename "$target" .rs
done | xargs -P "$(nproc)" -I{} bash -c 'one "$0" "$1"' "$logs" {}
