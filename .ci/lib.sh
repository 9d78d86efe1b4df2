# Functions of the gate, sourced by `.ci/run` and by the scripts of its steps.
# shellcheck shell=bash

# Test builds need no debug information and are built once, so both would only cost time.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 CARGO_TERM_PROGRESS_WHEN=never
# The C code of dependencies, above all jemalloc, is built in less time.
export CFLAGS=${CFLAGS--O1}

# The crates that are published, in the order of their dependencies.
# shellcheck disable=SC2034 # used by the scripts of the steps
published=(xmlrpc-derive xmlrpc-core xmlrpc-axum xmlrpc-client xmlrpc-cli)

# For clippy with parts of the features: the warnings of the compiler. Part 1 looks for those of clippy itself,
# which hardly depend on features, and would take a third of the time here.
# shellcheck disable=SC2034 # used by the scripts of the steps
compiler_warnings=(-D warnings -A clippy::all -A clippy::pedantic)

# The compiler that made the expected compile errors and the counts of instructions, and on which clippy
# finds nothing. Another version may differ, which is not an error of the sources.
rust_version=1.95.0

# The toolchain of the steps that need nightly. It has no date, because not every machine can install one
# of a given date. `docs/api/` was made with the version `api_version`; another one may write other texts.
nightly=nightly
# shellcheck disable=SC2034 # used by part 2
api_version="1.97.0-nightly (e50aa6fba 2026-05-19)"

times=()
left_out=()
compilers=()
current=""
is_complete=""

# Runs a command as a step, and prints the time that it took.
step() {
  local started=$SECONDS
  current=$*
  printf '\n== %s\n' "$*"
  "$@"
  printf -- '-- %s s: %s\n' "$((SECONDS - started))" "$*"
  current=""
}

# Notes a step that does not run here: its name and the reason.
leave_out() {
  left_out+=("$1: $2")
  printf '\n== left out: %s: %s\n' "$1" "$2"
}

# Notes the version of a compiler, for the last lines.
note_compiler() {
  compilers+=("$1")
  printf '\n== %s\n' "$1"
}

run_part() {
  local started=$SECONDS part=.ci/part$1.sh
  if [ ! -e "$part" ]; then
    printf 'the gate has no part %s\n' "$1" >&2
    exit 2
  fi
  printf '\n==== part %s\n' "$1"
  # shellcheck disable=SC1090 # one of the parts
  source "$part"
  times+=("part $1: $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s")
}

# The last lines of the gate, also when a step has failed.
summary() {
  local status=$?
  # A signal ends the gate with the status of the step before.
  if [ -z "$is_complete" ] && [ "$status" -eq 0 ]; then
    status=1
  fi
  if [ "$status" -eq 0 ]; then
    printf '\n==== The gate has passed.\n'
  else
    printf '\n==== The gate has FAILED%s.\n' "${current:+ in: $current}"
  fi
  [ "${#times[@]}" -eq 0 ] || printf '%s\n' "${times[@]}"
  if [ "${#left_out[@]}" -gt 0 ]; then
    printf 'Left out:\n'
    printf '  %s\n' "${left_out[@]}"
  fi
  if [ "${#compilers[@]}" -gt 0 ]; then
    printf 'Compilers:\n'
    printf '  %s\n' "${compilers[@]}"
  fi
  exit "$status"
}

# Installs what the steps of a part need: `prepare nightly cargo-fuzz`.
prepare() {
  local tool
  source .ci/tools.sh
  note_rust_version
  step install_packages
  for tool; do
    case $tool in
      nightly) has_toolchain "$nightly" || step install_nightly ;;
      *) step install_tool "$tool" ;;
    esac
  done
}

# Notes once if the compiler is not that of `rust_version`.
note_rust_version() {
  local found
  found=$(rustc --version)
  if [[ $found != "rustc $rust_version "* && ${compilers[*]-} != *"$found"* ]]; then
    note_compiler "$found; the expected compile errors, clippy and benches/instructions.txt belong to $rust_version"
  fi
}

# Notes steps of `.ci/` that need the nightly toolchain and do not run.
leave_out_nightly() {
  local left
  for left; do
    leave_out ".ci/$left.sh" "the toolchain $nightly is not installed, and rustup could not install it"
  done
}

# Whether a toolchain is installed, without installing it.
has_toolchain() {
  RUSTUP_AUTO_INSTALL=0 cargo "+$1" --version >/dev/null 2>&1
}

# Compares the output of a command with a committed file, or writes the file with `--update`.
expect_text() {
  local file=$1 found
  shift
  found=$("$@")
  if [ "${update:-}" = --update ]; then
    printf '%s\n' "$found" >"$file"
  elif ! diff -u --label "$file" --label found "$file" <(printf '%s\n' "$found"); then
    printf '%s has changed. If this is intended, run %s --update and commit the difference.\n' "$file" "$0" >&2
    return 1
  fi
}
