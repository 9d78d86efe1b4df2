# Part 3: balancers and load. At most 15 minutes on two cores.
# shellcheck shell=bash

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  step tests/interop/balancers
else
  leave_out tests/interop/balancers "it installs the balancers on Debian, as root"
fi
