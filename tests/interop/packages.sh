# Installs Debian packages; sourced by `run` and `balancers`.
# shellcheck shell=bash

has() { command -v "$1" >/dev/null; }

# Some packages contain services, which Debian starts at once unless a policy-rc.d forbids it.
install_packages() (
  if [ "$#" -eq 0 ]; then
    exit
  fi
  if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
    echo "not installed, and only root can install them: $*" >&2
    exit
  fi
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >&2
  apt-get install -y -q --no-install-recommends "$@" >&2
)
