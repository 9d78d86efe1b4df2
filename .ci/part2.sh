# Part 2: what needs a nightly compiler, and other implementations of XML-RPC from Debian, PyPI and npm. At most 10
# minutes on two cores, with the tools installed.
# shellcheck shell=bash

prepare nightly

# In the folder of the workspace, which has most of the dependencies.
step cargo clippy --manifest-path fuzz/Cargo.toml --target-dir target --all-targets --locked -- -D warnings
if has_toolchain "$nightly"; then
  step install_tool cargo-fuzz
  step install_tool cargo-public-api
  note_compiler "$(rustc "+$nightly" --version), for .ci/api.sh; docs/api/ was made with $api_version"
  step .ci/fuzz.sh
  step .ci/docsrs.sh
  step .ci/api.sh
else
  leave_out_nightly fuzz docsrs api
fi

# Runs the suite and keeps its output, whose last lines name the peers that were left out.
interop() {
  tests/interop/run | tee "$interop_log"
}

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  mkdir -p target/gate
  interop_log=target/gate/interop.log
  step interop
  while IFS= read -r line; do
    leave_out "tests/interop/run, ${line%%: *}" "${line#*: }"
  done < <(sed -n 's/^left out: //p' "$interop_log")
else
  leave_out tests/interop/run "it installs the peers on Debian, as root"
fi
