//! The tests are under `tests/`, what must not compile under `ui/`.
