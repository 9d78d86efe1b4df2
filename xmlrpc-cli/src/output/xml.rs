//! XML for people.

use crate::escape;

/// The document with one element on each line, indented. Its texts are escaped for the terminal. Whatever is not
/// XML stays as it is.
pub(crate) fn indented(document: &str) -> String {
    let mut out = String::new();
    let mut depth: usize = 0;
    let mut rest = document.trim();
    // Whether the last tag opened an element that has only text so far.
    let mut is_leaf = false;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        let Some(end) = end_of_tag(&rest[start..]) else {
            break;
        };
        let tag = &rest[start..start + end];
        rest = &rest[start + end..];
        let is_closing = tag.starts_with("</");
        if is_closing {
            depth = depth.saturating_sub(1);
        }
        if is_closing && is_leaf {
            out.push_str(&escape::text(text));
        } else {
            let text = text.trim();
            if !text.is_empty() {
                line(
                    &mut out,
                    depth + usize::from(is_closing),
                    &escape::text(text),
                );
            }
            line(&mut out, depth, "");
        }
        out.push_str(&escape::line(tag));
        let is_opening =
            !is_closing && !tag.ends_with("/>") && !tag.starts_with("<?") && !tag.starts_with("<!");
        depth += usize::from(is_opening);
        is_leaf = is_opening;
    }
    if !rest.trim().is_empty() {
        line(&mut out, depth, &escape::text(rest.trim()));
    }
    out.push('\n');
    out
}

/// Deeper elements are not indented further.
const MAX_INDENT: usize = 40;

fn line(out: &mut String, depth: usize, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    for _ in 0..depth.min(MAX_INDENT) {
        out.push_str("  ");
    }
    out.push_str(text);
}

/// The length of a tag, a comment or a section, which `text` begins with.
fn end_of_tag(text: &str) -> Option<usize> {
    let end = if text.starts_with("<!--") {
        "-->"
    } else if text.starts_with("<![CDATA[") {
        "]]>"
    } else {
        ">"
    };
    text.find(end).map(|at| at + end.len())
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn documents() {
        let cases = [
            (
                "<a><b>1</b><c/><d>\n</d></a>",
                "<a>\n  <b>1</b>\n  <c/>\n  <d>\n</d>\n</a>\n",
            ),
            (
                "<?xml version='1.0'?><a>x<b>y</b>z</a>",
                "<?xml version='1.0'?>\n<a>\n  x\n  <b>y</b>\n  z\n</a>\n",
            ),
            ("<a><![CDATA[<b>]]></a>", "<a>\n  <![CDATA[<b>]]>\n</a>\n"),
            ("not XML\u{1b}[2J", "not XML\\u{1b}[2J\n"),
            ("</a></b>", "</a>\n</b>\n"),
            ("<a", "<a\n"),
        ];
        for (given, expected) in cases {
            assert_eq!(indented(given), expected, "{given}");
        }
    }
}
