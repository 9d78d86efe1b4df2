#!/usr/bin/env bash
# Every feature of the published crates, alone and in pairs, without warnings of the compiler. Those that only
# add the types of another crate count as one in the pairs. Clippy passes `-D warnings` to our crates only, so
# dependencies are not built again, as they would be with RUSTFLAGS.
# The client also runs with each wire alone and without any, and stays small without reqwest.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

# The crates of the client with these features only.
crates_of_client() {
  cargo tree --locked -p xmlrpc-client --no-default-features --features "$1" -e normal --prefix none --format '{p}' |
    cut -d' ' -f1,2 | sort -u
}

# Fails if the client with these features needs one of these crates.
refuse() {
  local found
  if found=$(crates_of_client "$1" | grep -E "^($2) "); then
    printf 'not wanted with `%s` alone:\n%s\n' "$1" "$found" >&2
    exit 1
  fi
}

refuse hyper 'reqwest|url|idna|tower-http|rustls'
refuse hyper,rustls,gzip 'reqwest|url|idna|tower-http'
refuse rustls,gzip 'reqwest|hyper|hyper-util'
crates=$(crates_of_client hyper)
count=$(wc -l <<<"$crates")
printf '%s crates for the client with the feature hyper alone\n' "$count"
if [ "$count" -gt 66 ]; then
  printf '%s\n' "$crates" >&2
  exit 1
fi

for features in "" rustls reqwest hyper hyper,rustls; do
  cargo test --locked -p xmlrpc-wire-tests --features "$features" -- --include-ignored
done

cargo hack clippy --each-feature --exclude-features default "${published[@]/#/--package=}" --locked \
  -- "${compiler_warnings[@]}"
# The other two have at most one feature.
for crate in xmlrpc-core xmlrpc-axum xmlrpc-client; do
  groups=()
  [ "$crate" = xmlrpc-core ] && groups=(--group-features chrono,serde_json,time)
  cargo hack clippy --feature-powerset --depth 2 --exclude-features default "${groups[@]}" -p "$crate" --locked \
    -- "${compiler_warnings[@]}"
done
