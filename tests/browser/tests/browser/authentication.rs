//! Basic authentication and headers, which the page keeps in memory only.

use axum::http::header::AUTHORIZATION;
use serde_json::json;
use xmlrpc_axum::Endpoint;
use xmlrpc_browser_tests::{
    browser::test,
    form::Do,
    page::Page,
    server::{KEY, LOGIN, Server, guarded},
    services::dispatcher,
};

/// Enters a user, a password and a header.
pub(crate) async fn log_in(page: &Page) {
    if !page.shows("#auth-user").await {
        page.click("#auth > summary").await;
    }
    page.fill("#auth-user", LOGIN.0).await;
    page.fill("#auth-password", LOGIN.1).await;
    page.click("#auth .add-header").await;
    page.fill("#auth .header-name", KEY.0).await;
    page.fill("#auth .header-value", KEY.1).await;
}

#[tokio::test]
async fn user_password_and_headers() {
    test(async |page| {
        let router = Endpoint::new(dispatcher()).explorer().into_router();
        let server = Server::router(guarded(router)).await;
        page.open(&server.url()).await;
        let form = page.form("kinds.int").await;
        form.act("0", Do::Type("5")).await;
        let refused = form.call().await;
        assert!(
            refused.starts_with("problem: ") && refused.contains("who are you?"),
            "{refused}"
        );
        assert!(page.text(&form.css(".status")).await.contains("401"));

        log_in(&page).await;
        assert_eq!(form.call().await, "int 5");
        // Nothing is kept.
        let stored = page.js::<String>(
            "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])",
            json!([]),
        );
        assert_eq!(stored.await, "[{},{}]");
        page.reload().await;
        let form = page.form("kinds.int").await;
        form.act("0", Do::Type("5")).await;
        assert!(form.call().await.starts_with("problem: "));
        page.assert_clean().await;
    })
    .await;
}

#[tokio::test]
async fn headers_that_browsers_do_not_send() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        page.click("#auth > summary").await;
        page.click("#auth .add-header").await;
        let form = page.form("kinds.none").await;
        for (name, value) in [
            ("a b", "1"),
            ("Host", "x"),
            ("Origin", "http://x"),
            ("Cookie", "a"),
            ("X-A", "\u{65e5}"),
        ] {
            page.fill("#auth .header-name", name).await;
            page.fill("#auth .header-value", value).await;
            page.click(&form.css("button.send")).await;
            let shown = page.comes(
                "return document.querySelectorAll('#auth .error').length === 1",
                json!([]),
            );
            assert!(shown.await, "{name}: {value}");
        }
        page.fill("#auth .header-name", "").await;
        page.fill("#auth .header-value", "").await;
        page.click("#auth .header .remove").await;
        page.fill("#auth-user", "a:b").await;
        page.click(&form.css("button.send")).await;
        page.wait_for("#auth .error").await;
        assert!(server.calls().is_empty(), "nothing is sent");
        page.fill("#auth-user", "").await;
        assert_eq!(form.call().await, "string nothing");
        assert!(
            server
                .seen()
                .iter()
                .all(|it| !it.headers.contains_key(AUTHORIZATION))
        );
    })
    .await;
}
