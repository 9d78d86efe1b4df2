#!/usr/bin/env bash
# Builds the documentation as docs.rs does: on nightly, with all features and their badges.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

RUSTDOCFLAGS="--cfg docsrs -D warnings" cargo "+$nightly" doc --no-deps --all-features --locked \
  "${published[@]/#/--package=}"
