//! Texts of services and peers never become markup.

use xmlrpc_axum::{Endpoint, explorer};
use xmlrpc_core::{Client, Dispatcher, schema::Schema, service::MethodDoc};

use crate::common::{description, page};

const HOSTILE: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></article><svg onload=alert(1)>",
    "<!-- --><iframe src=//evil.example>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1) \"title\")",
    "[click](data:text/html,<script>alert(1)</script>)",
    "![image](https://evil.example/track.png)",
    "<javascript:alert(1)>",
    "[ref]\n\n[ref]: vbscript:alert(1)",
    "<style>*{}</style><a href=\"javascript:x\">x</a>",
    "```\"><script>alert(1)</script>\nx\n```",
    "| <b>a</b> |\n|:---:|\n| <script>1</script> |",
];

/// Looks at every tag of a page, as a browser would find it.
#[track_caller]
fn assert_harmless(page: &str, what: &str) {
    assert_eq!(page.matches("<script").count(), 1, "{what}: {page}");
    for (index, _) in page.match_indices('<') {
        let rest = &page[index + 1..];
        let tag = rest.split(['>', '<']).next().unwrap();
        let name = tag
            .split([' ', '/'])
            .find(|it| !it.is_empty())
            .unwrap_or_default();
        assert!(
            [
                "!DOCTYPE",
                "html",
                "head",
                "meta",
                "title",
                "link",
                "script",
                "body",
                "a",
                "header",
                "h1",
                "h2",
                "h3",
                "h4",
                "p",
                "div",
                "nav",
                "ul",
                "ol",
                "li",
                "main",
                "section",
                "article",
                "span",
                "code",
                "dl",
                "dt",
                "dd",
                "footer",
                "strong",
                "em",
                "pre",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "br",
                "blockquote",
                "del",
                "hr",
            ]
            .contains(&name),
            "{what}: the tag <{tag}>"
        );
        for attribute in quoted_attributes(tag) {
            assert!(
                !attribute.starts_with("on") && attribute != "style",
                "{what}: <{tag}>"
            );
            assert!(
                attribute != "src" || tag == "script src=\"?explorer.js\" defer",
                "{what}: <{tag}>"
            );
        }
        if let Some((_, url)) = tag.split_once("href=\"") {
            let safe = ["#", "?", "http://", "https://"];
            assert!(
                safe.iter().any(|start| url.starts_with(start)),
                "{what}: <{tag}>"
            );
        }
    }
}

/// The names of the attributes of a tag, whose values are all in double quotes.
fn quoted_attributes(tag: &str) -> Vec<String> {
    let mut names = Vec::new();
    let outside = tag.split('"').step_by(2);
    for part in outside {
        for word in part.split_whitespace() {
            names.push(word.trim_end_matches('=').to_ascii_lowercase());
        }
    }
    names
}

fn hostile_server(text: &str) -> Dispatcher {
    Dispatcher::new()
        .raw_method(text, |_, _| 1)
        .method_doc(
            text,
            MethodDoc::new(text)
                .param(text, Schema::Any)
                .optional_param(text, Schema::String)
                .result(Schema::Int)
                .deprecated(text)
                .fault(1, text),
        )
        .method(&format!("{text}.method"), || 1)
}

#[tokio::test]
async fn of_a_dispatcher() {
    for text in HOSTILE {
        let endpoint = Endpoint::new(hostile_server(text));
        let router = endpoint.clone().explorer().into_router();
        assert_harmless(&page(&router).await, text);
        let other = explorer(&endpoint, text);
        assert_harmless(&page(&other).await, text);
        // As JSON, the texts are unchanged.
        let methods = &description(&router).await["methods"];
        assert!(
            methods
                .as_array()
                .unwrap()
                .iter()
                .any(|method| method["help"] == text),
            "{methods}"
        );
    }
}

#[tokio::test]
async fn of_another_server() {
    for text in HOSTILE {
        let client = Client::new(hostile_server(text));
        let router = Endpoint::over(client.transport().clone())
            .explorer()
            .into_router();
        let page = page(&router).await;
        assert_harmless(&page, text);
        assert!(page.contains("class=\"method\""), "{page}");
    }
}

/// The ids are made from the names, so that different names have different ids.
#[tokio::test]
async fn names_become_ids_without_escapes() {
    for (name, id) in [
        ("a b", "m.a~20b"),
        ("a~20b", "m.a~7E20b"),
        ("é", "m.~C3~A9"),
        ("a\"b", "m.a~22b"),
        ("$(touch x)", "m.~24~28touch~20x~29"),
        ("a-b_c.d", "m.a-b_c.d"),
    ] {
        let dispatcher = Dispatcher::new().method(name, || 1);
        let page = page(&Endpoint::new(dispatcher).explorer().into_router()).await;
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}: {page}");
        assert!(page.contains(&format!("href=\"#{id}\"")), "{id}: {page}");
    }
}

/// Short rows of tables are filled up, so a short text could become a page of megabytes.
#[tokio::test]
async fn tables_cannot_grow_without_bound() {
    let head = format!("{}|\n{}|\n", "|a".repeat(300), "|-".repeat(300));
    for (rows, is_table) in [(1, true), (400, false)] {
        let text = head.clone() + &"|b\n".repeat(rows);
        let dispatcher = Dispatcher::new()
            .method("m", || 1)
            .method_doc("m", MethodDoc::new(text.as_str()));
        let router = Endpoint::new(dispatcher).explorer().into_router();
        let page = page(&router).await;
        assert!(page.len() < 100_000, "{rows}: {}", page.len());
        assert_eq!(page.contains("<td>b</td>"), is_table, "{rows}");
        assert_eq!(page.contains("<pre>|a|a"), !is_table, "{rows}");
    }
}

#[tokio::test]
async fn markdown() {
    for (text, html) in [
        (
            "a **b** `c<d`",
            "<p>a <strong>b</strong> <code>c&lt;d</code></p>",
        ),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        (
            "[a](https://b.example/?c&d)",
            "<p><a href=\"https://b.example/?c&amp;d\">a</a></p>",
        ),
        (
            "[a](HTTP://b.example)",
            "<p><a href=\"HTTP://b.example\">a</a></p>",
        ),
        (
            "[a](ftp://b.example) [b](/c) [d](mailto:e@f)",
            "<p>a b d</p>",
        ),
        (
            "[`Fault`] and [`Limits`](crate::Limits)",
            "<p><code>Fault</code> and <code>Limits</code></p>",
        ),
        ("[1, 2] and [x]", "<p>[1, 2] and [x]</p>"),
        ("![a *b*](https://c.example/d.png)", "<p>a <em>b</em></p>"),
        (
            "# Errors\n\nnone",
            "<p><strong>Errors</strong></p>\n<p>none</p>",
        ),
        ("```rust\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        (
            "| a |\n|--:|\n| 1 |",
            "<table><thead><tr><th>a</th></tr></thead><tbody>\n<tr><td>1</td></tr>\n</tbody></table>",
        ),
    ] {
        let dispatcher = Dispatcher::new()
            .method("a", || 1)
            .method_doc("a", MethodDoc::new(text));
        let page = page(&Endpoint::new(dispatcher).explorer().into_router()).await;
        let start = page.find("<div class=\"doc\">").unwrap() + "<div class=\"doc\">".len();
        let rest = &page[start..];
        assert_eq!(
            rest[..rest.find("</div>").unwrap()].trim_end(),
            html,
            "{text}"
        );
    }
}
