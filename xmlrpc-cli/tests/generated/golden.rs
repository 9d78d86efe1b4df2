//! Compares the generated code with `tests/golden`. `GOLDEN=overwrite` writes it.

use std::fs;

use xmlrpc_cli::codegen::{Generator, check};

use crate::inputs::{FILES, description, generate, golden, read};

#[test]
fn the_code_is_as_expected() {
    let overwrite = std::env::var_os("GOLDEN").is_some_and(|value| value == "overwrite");
    let mut different = Vec::new();
    for (file, input, both) in FILES {
        let code = generate(input, *both);
        let path = golden(file);
        if overwrite {
            fs::write(&path, &code).unwrap();
        } else if read(&path) != code {
            different.push(path);
        }
    }
    assert!(
        different.is_empty(),
        "{different:?} differ; run `GOLDEN=overwrite cargo test -p xmlrpc-cli --test generated` and read \
         the differences",
    );
}

#[test]
fn the_code_contains_nothing_that_changes_a_terminal() {
    for (file, input, both) in FILES {
        let code = generate(input, *both);
        let found = code.chars().find(|char| {
            char.is_control() && *char != '\n'
                || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        });
        assert_eq!(found, None, "{file}");
    }
}

#[test]
fn the_code_fits_the_server_that_it_is_for() {
    for (file, input, both) in FILES {
        let server = description(input);
        let report = check(&server, &generate(input, *both)).unwrap();
        // One form for all signatures fits only some of them.
        if *file != "overloads_both" {
            assert!(report.differences.is_empty(), "{file}: {report}");
        }
        // Names that a trait cannot have are left out.
        let mut notes = report.notes.iter();
        let other = notes.find(|note| !note.starts_with("a trait cannot have the method"));
        assert_eq!(other, None, "{file}");
    }
}

#[test]
fn the_same_description_gives_the_same_text() {
    let server = description("hostile");
    let mut shuffled = server.methods.clone();
    shuffled.reverse();
    let shuffled = xmlrpc_cli::codegen::Description::new(shuffled);
    let code = Generator::new(&server).generate();
    assert_eq!(code, Generator::new(&shuffled).generate());
}
