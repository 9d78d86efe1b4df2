#!/usr/bin/env bash
# Every feature of the published crates, alone and in pairs, without warnings. Clippy passes `-D warnings`
# to our crates only, so dependencies are not built again, as they would be with RUSTFLAGS.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

cargo hack clippy --feature-powerset --depth 2 --exclude-features default \
  "${published[@]/#/--package=}" --locked -- -D warnings
