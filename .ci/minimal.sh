#!/usr/bin/env bash
# Builds the published crates with the oldest versions of the dependencies that they ask for. It works in a
# copy of the sources, so the working tree and its Cargo.lock stay as they are. Development dependencies
# are removed, because they could ask for newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh

# The copy shares the target folder: dependencies of the same version are not built again.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
copy=$CARGO_TARGET_DIR/gate/minimal
rm -rf "$copy"
mkdir -p "$copy"
cp -RL Cargo.toml "${published[@]}" "$copy"
cd "$copy"

members=$(printf '"%s", ' "${published[@]}")
sed -i "s/^members = .*/members = [${members%, }]/" Cargo.toml
cargo hack --remove-dev-deps --workspace >/dev/null
cargo "+$nightly" -Z direct-minimal-versions generate-lockfile
for crate in "${published[@]}"; do
  cargo check --locked --all-features -p "$crate"
done
