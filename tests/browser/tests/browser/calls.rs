//! A call for each kind of parameter, and files.

use std::fs;

use xmlrpc_browser_tests::{
    browser::test,
    form::{Acts, Do},
    server::Server,
    services::dispatcher,
};
use xmlrpc_core::Base64;

#[tokio::test]
async fn each_kind_of_parameter() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let (mut sent, mut wrong) = (0, Vec::new());
        for (method, acts, expected) in CALLS {
            let form = page.form(method).await;
            form.acts(acts).await;
            let found = form.call().await;
            if found != *expected {
                wrong.push(format!(
                    "{method} {acts:?}: {found}, but expected {expected}"
                ));
            }
            sent += 1;
            assert_eq!(server.calls().len(), sent, "one request for each call");
            page.click(&form.css("button.reset")).await;
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.assert_clean().await;
    })
    .await;
}

/// The content of a file becomes a base64, also if it is large and not text.
#[tokio::test]
async fn files() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let folder = tempfile::tempdir().expect("a folder");
        let form = page.form("kinds.bytes").await;
        let every: Vec<u8> = (0..=255).collect();
        for (name, content, outcome) in [
            (
                "text",
                "f\u{fc}r".as_bytes().to_vec(),
                "base64 4 bytes f\u{fc}r",
            ),
            ("empty", Vec::new(), "base64 0 bytes"),
            ("every", every.clone(), "base64 256 bytes"),
            ("large", every.repeat(8192), "base64 2,097,152 bytes"),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, &content).expect("a file");
            form.act("0", Do::File(&path)).await;
            assert_eq!(form.call().await, outcome, "{name}");
            let call = server.calls().pop().expect("a call");
            let sent = call
                .split("<base64>")
                .nth(1)
                .and_then(|it| it.split('<').next());
            let sent = format!(
                "<value><base64>{}</base64></value>",
                sent.unwrap_or_default()
            );
            let sent: Base64 = xmlrpc_core::from_str(&sent).expect("base64");
            assert!(sent.0 == content, "{name}");
        }
        page.assert_clean().await;
    })
    .await;
}

/// Methods, what the user does with each field, and the result.
const CALLS: &[(&str, Acts, &str)] = &[
    ("kinds.none", &[], "string nothing"),
    (
        "kinds.int",
        &[("0", Do::Type("-2147483648"))],
        "int -2147483648",
    ),
    ("kinds.long", &[("0", Do::Type("5"))], "int 5"),
    (
        "kinds.long",
        &[("0", Do::Type("-9223372036854775808"))],
        "i8 -9223372036854775808",
    ),
    // More than the 53 bits of a number in JavaScript.
    (
        "kinds.long",
        &[("0", Do::Type("9007199254740993"))],
        "i8 9007199254740993",
    ),
    ("kinds.byte", &[("0", Do::Type("255"))], "int 255"),
    ("kinds.double", &[("0", Do::Type("-0.1"))], "double -0.1"),
    ("kinds.double", &[("0", Do::Type("5"))], "double 5.0"),
    (
        "kinds.double",
        &[("0", Do::Type("1e-7"))],
        "double 0.0000001",
    ),
    ("kinds.boolean", &[("0", Do::Check)], "boolean true"),
    ("kinds.boolean", &[], "boolean false"),
    (
        "kinds.text",
        &[("0", Do::Type(" <b>&amp;\u{fc}\u{65e5}\u{1f600}\" "))],
        "string  <b>&amp;\u{fc}\u{65e5}\u{1f600}\" ",
    ),
    ("kinds.text", &[("0", Do::Type("a\nb"))], "string a\nb"),
    ("kinds.text", &[], "string "),
    (
        "kinds.date",
        &[("0", Do::Type("2024-01-31T12:30:59"))],
        "dateTime.iso8601 20240131T12:30:59",
    ),
    (
        "kinds.date",
        &[("0", Do::Pick("2024-02-29T23:59:58"))],
        "dateTime.iso8601 20240229T23:59:58",
    ),
    (
        "kinds.bytes",
        &[("0", Do::Type("t\u{e9}xt"))],
        "base64 5 bytes t\u{e9}xt",
    ),
    (
        "kinds.bytes",
        &[("0", Do::Coding("base64")), ("0", Do::Type("AP8="))],
        "base64 2 bytes",
    ),
    ("kinds.list", &[], "[]"),
    (
        "kinds.list",
        &[
            ("0", Do::Add),
            ("0", Do::Add),
            ("0", Do::Add),
            ("0.0", Do::Type("1")),
            ("0.1", Do::Type("2")),
            ("0.2", Do::Type("4294967296")),
            ("0", Do::Remove(1)),
        ],
        "[int 1, i8 4294967296]",
    ),
    (
        "kinds.pair",
        &[("0.0", Do::Type("7")), ("0.1", Do::Type("x"))],
        "[int 7, string x]",
    ),
    (
        "kinds.map",
        &[
            ("0", Do::Add),
            ("0", Do::Add),
            ("0", Do::Name(0, "a b")),
            ("0.0", Do::Type("1")),
            ("0", Do::Name(1, "")),
            ("0.1", Do::Type("2")),
        ],
        "{: int 2, a b: int 1}",
    ),
    (
        "kinds.order",
        &[
            ("0.customer.name", Do::Type("Moe")),
            ("0.customer.born", Do::Type("19980717T14:08:55")),
            ("0.lines", Do::Add),
            ("0.lines", Do::Add),
            ("0.lines.0.product", Do::Type("tea")),
            ("0.lines.0.quantity", Do::Type("3")),
            ("0.lines.1.product", Do::Type("cup")),
            ("0.lines.1.quantity", Do::Type("1")),
            ("0.is_gift", Do::Check),
        ],
        "{customer: {name: string Moe, born: dateTime.iso8601 19980717T14:08:55}, \
         lines: [{product: string tea, quantity: int 3}, {product: string cup, quantity: int 1}], \
         is_gift: boolean true}",
    ),
    ("kinds.option", &[], "nil"),
    ("kinds.option", &[("0", Do::Choose("nil"))], "nil"),
    ("kinds.option", &[("0", Do::Type("4"))], "int 4"),
    (
        "kinds.defaults",
        &[("0", Do::Type("1"))],
        "[int 1, int 10, string main]",
    ),
    (
        "kinds.defaults",
        &[("0", Do::Type("1")), ("1", Do::Type("2"))],
        "[int 1, int 2, string main]",
    ),
    // The second one is nil, which stands for its default.
    (
        "kinds.defaults",
        &[("0", Do::Type("1")), ("2", Do::Type("x"))],
        "[int 1, int 10, string x]",
    ),
    ("kinds.rest", &[("0", Do::Type("a"))], "[string a, []]"),
    (
        "kinds.rest",
        &[
            ("0", Do::Type("a")),
            ("1", Do::Choose("send")),
            ("1", Do::Add),
            ("1", Do::Add),
            ("1.0", Do::Type("1")),
            ("1.1", Do::Type("2")),
        ],
        "[string a, [int 1, int 2]]",
    ),
    ("kinds.any", &[("0", Do::Type("null"))], "nil"),
    (
        "kinds.any",
        &[(
            "0",
            Do::Type(
                r#"{"a": [5, 5.0, 3000000000, "t", true, null], "d": {"$date": "20240131T12:00:00"}, "b": {"$base64": "YWJj"}, "i": {"$i8": 5}}"#,
            ),
        )],
        "{a: [int 5, double 5.0, i8 3000000000, string t, boolean true, nil], \
         d: dateTime.iso8601 20240131T12:00:00, b: base64 3 bytes abc, i: i8 5}",
    ),
    ("more.deep", &[("0", Do::Type("5"))], "[[[[[int 5]]]]]"),
    (
        "more.divide",
        &[("0", Do::Type("7")), ("1", Do::Type("2"))],
        "int 3",
    ),
    (
        "more.divide",
        &[("0", Do::Type("7")), ("1", Do::Type("0"))],
        "fault 33: 7 cannot be divided by zero",
    ),
];
