//! Base64 in every layout. Text with white space in it is read block by block.

use xmlrpc_core::{Base64, Category, from_str, to_string};

use crate::common::readers::every_way;

fn blob(length: usize) -> Vec<u8> {
    (0..length)
        .map(|index| (index * 7 + index / 256) as u8)
        .collect()
}

fn encoded(bytes: &[u8]) -> String {
    let document = to_string(&Base64(bytes)).unwrap();
    let text = document.strip_prefix("<value><base64>").unwrap();
    text.strip_suffix("</base64></value>").unwrap().to_owned()
}

fn wrapped(text: &str, columns: usize, end: &str) -> String {
    let lines = text
        .as_bytes()
        .chunks(columns)
        .map(|line| str::from_utf8(line).unwrap());
    lines.flat_map(|line| [line, end]).collect()
}

fn document(text: &str) -> String {
    format!("<value><base64>{text}</base64></value>")
}

#[test]
fn every_layout() {
    // Some lengths end exactly at a block's end, some just before it, some just after it.
    for length in (0..10).chain(3068..3078).chain(6140..6148) {
        let bytes = blob(length);
        let text = encoded(&bytes);
        let unpadded = text.trim_end_matches('=');
        let mut layouts = vec![text.clone(), unpadded.to_owned()];
        for columns in [7, 76, 4096] {
            for end in ["\n", "\r\n", "\n  \t"] {
                layouts.push(wrapped(&text, columns, end));
                layouts.push(format!("{end}{}", wrapped(unpadded, columns, end)));
            }
        }
        for layout in &layouts {
            for read in every_way::<Base64>(&document(layout)) {
                assert_eq!(read.unwrap().0, bytes, "{length}: {layout:.80}");
            }
        }
    }
}

#[test]
fn invalid_base64() {
    let long = encoded(&blob(6000));
    let texts = [
        "Y".to_owned(),
        "Y=Q=".to_owned(),
        "YQ-_".to_owned(),
        "YQ\n!=".to_owned(),
        format!("{}\nYQ==\n{long}", &long[..4092]),
        format!("{}\n-{long}", &long[..4000]),
        format!("{long}\n="),
    ];
    for text in texts {
        for read in every_way::<Base64>(&document(&text)) {
            assert_eq!(
                read.unwrap_err().category(),
                Category::Protocol,
                "{text:.80}"
            );
        }
    }
    // XML forbids the form feed, although other formats count it as white space.
    for read in every_way::<Base64>(&document("YQ\u{C}==")) {
        assert_eq!(read.unwrap_err().category(), Category::Syntax);
    }
    assert!(from_str::<Base64>(&document("YQ==")).is_ok());
}
