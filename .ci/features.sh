#!/usr/bin/env bash
# Every feature of the published crates, alone and in pairs, without warnings. Those that only add the types of another
# crate count as one in the pairs. Clippy passes `-D warnings`
# to our crates only, so dependencies are not built again, as they would be with RUSTFLAGS.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

cargo hack clippy --each-feature --exclude-features default "${published[@]/#/--package=}" --locked -- -D warnings
for crate in "${published[@]}"; do
  groups=()
  [ "$crate" = xmlrpc-core ] && groups=(--group-features chrono,serde_json,time)
  cargo hack clippy --feature-powerset --depth 2 --exclude-features default "${groups[@]}" -p "$crate" --locked \
    -- -D warnings
done
