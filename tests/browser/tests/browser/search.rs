//! Search over all methods.

use serde_json::json;
use xmlrpc_browser_tests::{browser::test, page::Page, server::Server, services::dispatcher};

/// The methods that are shown: in the index, and as articles.
async fn shown(page: &Page) -> [Vec<String>; 2] {
    let script = "const names = (css) => [...document.querySelectorAll(css)] \
        .filter((it) => it.checkVisibility()).map((it) => it.dataset.method); \
        return [names('#index li'), names('article.method')]";
    page.js(script, json!([])).await
}

#[tokio::test]
async fn by_name_alias_and_documentation() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let all = page.count("article.method").await;
        for (text, expected) in [
            ("divide", &["more.divide", "more.div"][..]),
            ("DIVIDE", &["more.divide", "more.div"]),
            ("quotient", &["more.divide"]),
            ("with its lines", &["kinds.order"]),
            ("kinds bytes", &["kinds.bytes"]),
            ("no such method", &[]),
        ] {
            page.fill("#search", text).await;
            let mut expected: Vec<_> = expected.iter().map(|&it| it.to_owned()).collect();
            for mut found in shown(&page).await {
                found.sort();
                expected.sort();
                assert_eq!(found, expected, "{text}");
            }
            let hits = page.text("#hits").await;
            assert!(
                hits.starts_with(&format!("{} of {all} method", expected.len())),
                "{hits}"
            );
        }
        page.fill("#search", "").await;
        page.keys(" \u{e003}").await; // a space, and Backspace
        assert_eq!(shown(&page).await[0].len(), all);
        page.assert_clean().await;
    })
    .await;
}
