# Installs what the gate needs. Tools have pinned versions; an installed tool of another version is replaced.
# shellcheck shell=bash

# Debian packages: python3 is a peer in the tests, the TLS library of the client contains C, and the
# fuzzers contain C++.
install_packages() {
  local missing=()
  command -v python3 >/dev/null || missing+=(python3)
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v c++ >/dev/null || missing+=(g++)
  [ "${#missing[@]}" -eq 0 ] && return
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -y -q "${missing[@]}"
}

# `install_tool cargo-hack 0.6.46`
install_tool() {
  if ! grep -qx "$1 v$2:" <<<"$installed"; then
    cargo install --locked "$1@$2"
  fi
}

install_tools() {
  local installed
  installed=$(cargo install --list)
  install_tool cargo-deny 0.20.2
  install_tool cargo-hack 0.6.46
  if has_toolchain nightly; then
    install_tool cargo-fuzz 0.13.2
    install_tool cargo-public-api 0.52.0
  fi
}
