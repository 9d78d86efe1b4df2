#!/usr/bin/env bash
# Compares the public API of each published crate with docs/api/. `.ci/api.sh --update` writes the files.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh
update=${1:-}

for crate in "${published[@]}"; do
  expect_text "docs/api/$crate.txt" cargo "+$nightly" public-api -p "$crate" --all-features \
    --omit blanket-impls,auto-trait-impls,auto-derived-impls
done
