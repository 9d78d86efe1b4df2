# Part 3: what is published, balancers under load, and the explorer in a browser. At most 15 minutes on two cores, with the tools installed.
# shellcheck shell=bash

source .ci/tools.sh
step install_packages
has_toolchain "$nightly" || step install_nightly
step install_tools

step .ci/package.sh
if has_toolchain "$nightly"; then
  step .ci/minimal.sh
  step .ci/docsrs.sh
else
  for left in minimal docsrs; do
    leave_out ".ci/$left.sh" "the toolchain $nightly is not installed, and rustup could not install it"
  done
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
