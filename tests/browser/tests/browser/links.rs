//! Links to a method with arguments. They fill its form, and never send.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use xmlrpc_browser_tests::{
    browser::test,
    form::{Acts, Do, id},
    server::Server,
    services::dispatcher,
};

#[tokio::test]
async fn a_copied_link_fills_the_form() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        for (method, acts, outcome) in CALLS {
            let form = page.form(method).await;
            form.acts(acts).await;
            let link = form.link().await;
            let sent = server.calls().len();

            page.go("about:blank").await;
            page.open(&link).await;
            page.wait_for(&form.css("form")).await;
            // A page that sends would send by now.
            sleep(Duration::from_millis(300)).await;
            assert_eq!(server.calls().len(), sent, "{method}: nothing is sent");
            assert_eq!(form.call().await, *outcome, "{link}");
        }
        page.assert_clean().await;
    })
    .await;
}

/// What was in the form before is not what the link asks for.
#[tokio::test]
async fn a_link_that_does_not_fit() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let value = "return document.querySelector(arguments[0]).value";
        for arguments in ["5", "[5", "{\"$date\": \"x\"}"] {
            let form = page.follow("kinds.int", "[7]").await;
            let css = form.field("0", "input");
            assert_eq!(page.js::<String>(value, json!([css])).await, "7");
            page.follow("kinds.int", arguments).await;
            let came = page
                .comes(
                    "return document.querySelector('#announce').textContent.startsWith('The form was not filled.')",
                    json!([]),
                )
                .await;
            assert!(came, "{arguments}");
            assert_eq!(page.js::<String>(value, json!([css])).await, "", "{arguments}");
        }
        assert_eq!(server.calls().len(), 0);
    })
    .await;
}

/// The browser keeps the credentials of a URL, and refuses to send them from a script.
#[tokio::test]
async fn a_url_with_credentials() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url().replace("//", "//moe:secret@"))
            .await;
        let form = page.form("kinds.int").await;
        form.act("0", Do::Type("5")).await;
        assert_eq!(form.call().await, "int 5");
        page.assert_clean().await;
    })
    .await;
}

const CALLS: &[(&str, Acts, &str)] = &[
    (
        "more.divide",
        &[("0", Do::Type("9007199254740993")), ("1", Do::Type("-1"))],
        "i8 -9007199254740993",
    ),
    (
        "kinds.text",
        &[("0", Do::Type("&args=[1]#m.x?=% +\u{fc}\n\"<b>"))],
        "string &args=[1]#m.x?=% +\u{fc}\n\"<b>",
    ),
    (
        "kinds.date",
        &[("0", Do::Type("2024-01-31T12:30:59"))],
        "dateTime.iso8601 20240131T12:30:59",
    ),
    (
        "kinds.bytes",
        &[("0", Do::Type("abc"))],
        "base64 3 bytes abc",
    ),
    (
        "kinds.defaults",
        &[("0", Do::Type("1"))],
        "[int 1, int 10, string main]",
    ),
    (
        "kinds.order",
        &[
            ("0.customer.name", Do::Type("Moe")),
            ("0.customer.born", Do::Type("19980717T14:08:55")),
            ("0.lines", Do::Add),
            ("0.lines.0.product", Do::Type("tea")),
            ("0.lines.0.quantity", Do::Type("3")),
        ],
        "{customer: {name: string Moe, born: dateTime.iso8601 19980717T14:08:55}, \
         lines: [{product: string tea, quantity: int 3}], is_gift: boolean false}",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("{\"$struct\": {\"$date\": [1, 1.0]}}"))],
        "{$date: [int 1, double 1.0]}",
    ),
];

/// Another link on the open page, and links with mistakes.
#[tokio::test]
async fn on_the_open_page() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let value = "return document.querySelector(arguments[0]).value";
        for number in ["4", "5"] {
            let form = page.follow("kinds.int", &format!("[{number}]")).await;
            let css = form.field("0", "input");
            let found = format!("return document.querySelector(arguments[0]).value === '{number}'");
            page.wait(&found, &found, json!([css])).await;
        }
        // Not for the form: shown as JSON, with the mistake when it is sent.
        for arguments in ["[\"x\"]", "[1, 2]", "{\"a\": 1}", "[", ""] {
            page.follow("kinds.int", arguments).await;
        }
        let form = page.follow("kinds.list", "[[1, \"x\"]]").await;
        page.wait_for(&form.css("textarea.all")).await;
        let json: String = page.js(value, json!([form.css("textarea.all")])).await;
        assert!(json.contains("\"x\""), "{json}");
        // A link to a method opens its form.
        page.go(&format!("{}#{}", server.url(), id("kinds.pair")))
            .await;
        page.wait_for(&format!("[id=\"{}\"] form", id("kinds.pair")))
            .await;
        // Other fragments do nothing.
        for fragment in [
            "m.nothing",
            "m.nothing?args=[1]",
            "server",
            "%E0%A4%A",
            "m.kinds.int?args=%",
        ] {
            page.go(&format!("{}#{fragment}", server.url())).await;
        }
        sleep(Duration::from_millis(300)).await;
        assert_eq!(server.calls(), [""; 0]);
        page.assert_clean().await;
    })
    .await;
}
