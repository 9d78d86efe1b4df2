//! What a page of another site cannot do, and the content security policy.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, http::Method, response::Html, routing::get};
use serde_json::{Value, json};
use xmlrpc_axum::Endpoint;
use xmlrpc_browser_tests::{
    browser::{test, test_with},
    server::Server,
    services,
};
use xmlrpc_core::Dispatcher;

/// Tries to call in every way that browsers offer, and to read what the server knows. `arguments[0]` of the
/// page is the URL of the endpoint.
const ATTACK: &str = r#"<!DOCTYPE html><title>attack</title><body><script>
const url = new URLSearchParams(location.search).get("url");
const call = '<?xml version="1.0"?><methodCall><methodName>count</methodName><params></params></methodCall>';
const results = {};
const attempts = {
    async cors() { return (await fetch(url, { method: "POST", body: call, headers: { "Content-Type": "text/xml" } })).text(); },
    async simple() { return (await fetch(url, { method: "POST", body: call })).text(); },
    async opaque() { return (await fetch(url, { method: "POST", body: call, mode: "no-cors" })).text(); },
    async withCredentials() { return (await fetch(url, { method: "POST", body: call, mode: "no-cors", credentials: "include" })).text(); },
    async beacon() { navigator.sendBeacon(url, new Blob([call], { type: "text/plain" })); return ""; },
    async description() { return (await fetch(url + "?description.json")).text(); },
    async opaqueDescription() { return (await fetch(url + "?description.json", { mode: "no-cors" })).text(); },
    async page() { return (await fetch(url, { headers: { Accept: "text/html" } })).text(); },
    script: () => element("script", "src", "?explorer.js"),
    style: () => element("link", "href", "?explorer.css", { rel: "stylesheet" }),
    image: () => element("img", "src", "?icon.svg"),
    frame: () => element("iframe", "src", ""),
    form() {
        const form = document.createElement("form");
        Object.assign(form, { method: "POST", enctype: "text/plain", action: url, target: "sink" });
        const input = document.createElement("input");
        // As name=value, this is the document.
        [input.name, input.value] = [call.slice(0, 14), call.slice(15)];
        form.append(input);
        const sink = document.createElement("iframe");
        sink.name = "sink";
        document.body.append(form, sink);
        return new Promise((resolve) => { sink.onload = () => resolve(""); form.submit(); setTimeout(resolve, 3000, ""); });
    },
};
function element(tag, attribute, query, more = {}) {
    const it = Object.assign(document.createElement(tag), more);
    return new Promise((resolve, reject) => {
        it.onload = () => resolve(tag === "iframe" ? "" : "loaded");
        it.onerror = () => reject(new Error("error"));
        it[attribute] = url + query;
        document.body.append(it);
    });
}
(async () => {
    for (const [name, attempt] of Object.entries(attempts)) {
        try { results[name] = await attempt(); } catch (error) { results[name] = ""; }
    }
    document.body.dataset.done = "true";
})();
</script>"#;

/// A service that counts the calls.
fn counting() -> (Dispatcher, Arc<AtomicUsize>) {
    let counter = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&counter);
    let count = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        "secret"
    };
    (Dispatcher::new().method("count", count), counter)
}

fn attacker() -> Router {
    Router::new().route("/attack", get(async || Html(ATTACK)))
}

#[tokio::test]
async fn a_foreign_page_cannot_call_or_read() {
    test(async |page| {
        let (dispatcher, counter) = counting();
        let server = Server::start(dispatcher).await;
        let attacker = Server::router(attacker()).await;
        let own = server.address.port();
        // Another site, and the same site with another port.
        for host in ["localhost", "127.0.0.1"] {
            let port = attacker.address.port();
            let url = format!("http://{host}:{port}/attack?url=http://127.0.0.1:{own}/RPC2");
            page.go(&url).await;
            page.wait_for("body[data-done]").await;
            let results: serde_json::Map<String, Value> =
                page.js("return results", json!([])).await;
            assert_eq!(results.len(), 13, "{results:?}");
            for (attempt, result) in &results {
                assert_eq!(result, "", "{host}: {attempt}");
            }
        }
        assert_eq!(counter.load(Ordering::SeqCst), 0, "no call has run");
        // The requests have arrived, so it was the server that refused them.
        let posts: Vec<_> = server
            .seen()
            .into_iter()
            .filter(|it| it.method == Method::POST)
            .collect();
        assert!(posts.len() >= 8, "{posts:?}");
        assert!(posts.iter().all(|it| it.status == 403), "{posts:?}");

        // The same calls run from the page itself.
        page.open(&server.url()).await;
        let form = page.form("count").await;
        assert_eq!(form.call().await, "string secret");
        assert_eq!(counter.load(Ordering::SeqCst), 1);
    })
    .await;
}

/// A name of somebody else that leads to this server (DNS rebinding) has the same origin as the page.
#[tokio::test]
async fn a_foreign_name_cannot_call_or_read() {
    test_with(
        &["--host-resolver-rules=MAP rebound.example 127.0.0.1"],
        async |page| {
            let (dispatcher, counter) = counting();
            let endpoint = Endpoint::new(dispatcher).explorer();
            let router = attacker().route_service("/RPC2", endpoint);
            let server = Server::router(router).await;
            let origin = format!("http://rebound.example:{}", server.address.port());
            page.go(&format!("{origin}/attack?url={origin}/RPC2")).await;
            page.wait_for("body[data-done]").await;
            let results: serde_json::Map<String, Value> =
                page.js("return results", json!([])).await;
            for (attempt, result) in &results {
                let text = result.as_str().unwrap_or_default();
                assert!(
                    !text.contains("secret") && !text.contains("count"),
                    "{attempt}: {result}"
                );
                assert_ne!(text, "loaded", "{attempt}");
            }
            page.go(&format!("{origin}/RPC2")).await;
            let text = page.text("body").await;
            assert!(text.contains("for another name"), "{text}");
            assert_eq!(counter.load(Ordering::SeqCst), 0, "no call has run");
            let refused = server
                .seen()
                .into_iter()
                .filter(|it| it.path.starts_with("/RPC2"));
            assert!(refused.clone().count() >= 10);
            for request in refused {
                assert_eq!(request.status, 403, "{request:?}");
            }
        },
    )
    .await;
}

/// The other tests check that the page violates nothing. This shows that they would notice.
#[tokio::test]
async fn violations_are_noticed() {
    test(async |page| {
        let server = Server::start(services::dispatcher()).await;
        for (violation, rule) in [
            ("const it = document.createElement('script'); it.textContent = '1'; document.body.append(it)", "script-src"),
            ("const it = document.createElement('style'); it.textContent = 'p {}'; document.head.append(it)", "style-src"),
            ("document.body.setAttribute('style', 'color: red')", "style-src"),
            ("new Image().src = 'http://localhost:9/x.png'", "img-src"),
            ("fetch('http://localhost:9/').catch(() => 0)", "connect-src"),
            ("const it = document.createElement('iframe'); it.src = 'http://localhost:9/'; document.body.append(it)", "default-src"),
            ("const it = document.createElement('form'); it.action = '/x'; document.body.append(it); it.submit()", "form-action"),
        ] {
            page.open(&server.url()).await;
            page.assert_clean().await;
            page.js::<Value>(&format!("{violation}; return null"), json!([])).await;
            page.wait("a violation", "return violations.length > 0", json!([])).await;
            let found = page.violations().await;
            assert!(found.iter().any(|it| it.contains(rule)), "{violation}: {found:?}");
        }
    })
    .await;
}
