# Part 2: other implementations of XML-RPC, from Debian, PyPI and npm. At most 10 minutes on two cores.
# shellcheck shell=bash

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  step tests/interop/run
else
  leave_out tests/interop/run "it installs the peers on Debian, as root"
fi
