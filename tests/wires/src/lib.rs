//! `tests/` contains the tests. `.ci/features.sh` runs them with each wire.
