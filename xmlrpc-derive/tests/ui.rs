//! Compares the compile errors of the cases in `ui/`.

#[test]
fn misuse() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
