#!/usr/bin/env bash
# Packages the published crates and builds each from its package. Compares the files in each package with
# .ci/package/. `.ci/package.sh --update` writes the lists.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/lib.sh
update=${1:-}

# Without the file that cargo writes only in a git repository.
files() {
  cargo package --list --quiet --locked --allow-dirty -p "$1" | grep -vx .cargo_vcs_info.json
}

for crate in "${published[@]}"; do
  expect_text ".ci/package/$crate.txt" files "$crate"
done

# Cargo keeps what it has unpacked and built for the same version, even if the package has changed since.
rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{src,cache}/-*/xmlrpc-*
rm -rf "${CARGO_TARGET_DIR:-target}"/debug/.fingerprint/xmlrpc-{axum,client,core,derive}-*

# Packaged together, the crates are built against each other's packages. `--allow-dirty`: changes that are
# not committed yet are checked as well.
cargo package --locked --allow-dirty "${published[@]/#/--package=}"
