#!/usr/bin/env bash
# The codec alone stays small: without its default features, xmlrpc-core needs at most 35 crates, and none
# for services, logging or HTTP.
set -euo pipefail
cd "$(dirname "$0")/.."

crates=$(cargo tree --locked -p xmlrpc-core --no-default-features -e normal --prefix none --format '{p}' |
  cut -d' ' -f1,2 | sort -u)
count=$(wc -l <<<"$crates")
printf '%s crates without default features\n' "$count"
if unwanted=$(grep -E '^(tokio|tower|tracing|http)\b' <<<"$crates"); then
  printf 'not wanted in the codec alone:\n%s\n' "$unwanted" >&2
  exit 1
fi
if [ "$count" -gt 35 ]; then
  printf '%s\n' "$crates" >&2
  exit 1
fi
