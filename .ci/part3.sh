# Part 3: each package alone, what is published, balancers under load, and the explorer in a browser. At most 15
# minutes on two cores, with the tools installed.
# shellcheck shell=bash

prepare nightly cargo-hack

# Each package also compiles alone, with only the features that the package itself asks for.
step cargo hack clippy --workspace --all-targets --locked -- "${compiler_warnings[@]}"
step .ci/features.sh
if has_toolchain "$nightly"; then
  step .ci/minimal.sh
else
  leave_out_nightly minimal
fi

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  step tests/interop/balancers
  step tests/interop/endpoints
else
  leave_out tests/interop/balancers "it installs the balancers on Debian, as root"
  leave_out tests/interop/endpoints "it installs HAProxy on Debian, as root"
fi

# Installs Debian's chromium, chromium-driver and npm, and axe-core in the version of its lock file.
browser_tools() {
  local tool
  for tool in chromium chromedriver npm; do
    command -v "$tool" >/dev/null || return
  done
}
if browser_tools || { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }; then
  step tests/browser/run
else
  leave_out tests/browser/run "it installs chromium, chromium-driver and npm on Debian, as root"
fi

# The last step, because it removes what is built of our own crates.
step .ci/package.sh
