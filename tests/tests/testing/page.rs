//! The page quotes these files.

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn the_page_has_the_code_of_these_tests() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| fs::read_to_string(package.join(file)).unwrap();
    let code: Vec<_> = ["shop", "closures", "failures", "foreign", "mocks"]
        .map(|file| read(&format!("tests/testing/{file}.rs")))
        .into();
    let page = read("../docs/testing.md");
    let blocks = page.split("```rust\n").skip(1);
    let blocks: Vec<_> = blocks
        .map(|block| block.split_once("```").expect("an end").0)
        .collect();
    for block in &blocks {
        let found = code.iter().any(|code| code.contains(block));
        assert!(found, "not in any of the tests:\n{block}");
    }
    // And all that it should show.
    let shown: BTreeSet<_> = blocks
        .iter()
        .flat_map(|block| block.lines())
        .filter(|line| line.starts_with("async fn ") || line.starts_with("pub trait "))
        .collect();
    for code in &code {
        for line in code.lines() {
            let is_test = line.starts_with("async fn ") || line.starts_with("pub trait ");
            assert!(!is_test || shown.contains(line), "not on the page: {line}");
        }
    }
}
