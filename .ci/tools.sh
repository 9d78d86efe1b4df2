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
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    printf 'not installed, and only root on Debian can install them: %s\n' "${missing[*]}" >&2
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -y -q "${missing[@]}"
}

# Global, also if a function sources this file.
declare -gA versions=(
  [cargo-deny]=0.20.2
  [cargo-hack]=0.6.46
  [cargo-fuzz]=0.13.2
  [cargo-public-api]=0.52.0
)

# Installs a nightly toolchain, if the network has one. The steps that need it are left out otherwise. It is tried once.
install_nightly() {
  if [ -n "${nightly_is_missing:-}" ]; then
    return
  fi
  if ! timeout 120 rustup toolchain install "$nightly" --profile minimal; then
    printf 'rustup could not install the toolchain %s\n' "$nightly"
    nightly_is_missing=yes
  fi
}

# Installs a tool in its version above, unless it is there.
install_tool() {
  local installed
  installed=$(cargo install --list)
  if ! grep -qx "$1 v${versions[$1]}:" <<<"$installed"; then
    cargo install --locked "$1@${versions[$1]}"
  fi
}
