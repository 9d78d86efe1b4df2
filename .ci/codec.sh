#!/usr/bin/env bash
# The codec alone works and stays small: without its default features, xmlrpc-core passes the codec's tests,
# has its documentation, and needs at most 34 crates, and none for services, logging or HTTP.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

crates=$(cargo tree --locked -p xmlrpc-core --no-default-features -e normal --prefix none --format '{p}' |
  cut -d' ' -f1,2 | sort -u)
count=$(wc -l <<<"$crates")
printf '%s crates without default features\n' "$count"
if unwanted=$(grep -E '^(tokio|tower|tracing|http)\b' <<<"$crates"); then
  printf 'not wanted in the codec alone:\n%s\n' "$unwanted" >&2
  exit 1
fi
if [ "$count" -gt 34 ]; then
  printf '%s\n' "$crates" >&2
  exit 1
fi

# The examples in the documentation use services, so they run only with the default features.
cargo test --locked -p xmlrpc-core --no-default-features --lib --test codec
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps -p xmlrpc-core --no-default-features
