//! Who may call, and how often.

use std::time::Instant;

use super::{
    process::{ADA, Folder, http, list_methods},
    shop::StockClient,
};

#[test]
fn only_callers_with_a_token_may_call() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.closed());
    for (name, token) in [ADA, ("bob", "fedcba9876543210:colon")] {
        let error = server.stock_of(name, token).level("x").wait().unwrap_err();
        assert_eq!(error.fault().unwrap().code(), 1, "{error}");
    }
    let refused = [
        ("", ""),
        ("ada", ""),
        ("ada", "0123456789abcdeF"),
        ("ada", "0123456789abcde"),
        ("ada", "0123456789abcdef0"),
        ("ada", "fedcba9876543210:colon"),
        ("eve", "0123456789abcdef"),
        ("bob", "fedcba9876543210"),
    ];
    for (name, token) in refused {
        let error = server.stock_of(name, token).level("x").wait().unwrap_err();
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(401),
            "{name} {token}"
        );
    }
    let headers = "Authorization: Bearer 0123456789abcdef\r\nConnection: close\r\n";
    let (status, response) = http(&server.address, &list_methods(headers));
    assert_eq!(status, 401);
    assert!(
        response.contains("\r\nwww-authenticate: Basic realm=\"stock\"\r\n"),
        "{response}"
    );

    // The scheme has no case.
    let headers = "Authorization: bAsIc YWRhOjAxMjM0NTY3ODlhYmNkZWY=\r\nConnection: close\r\n";
    assert_eq!(http(&server.address, &list_methods(headers)).0, 200);
    // Balancers have no token.
    assert_eq!(server.get("/readyz").0, 200);
}

/// With 10 calls per second, a caller may make 20 at once. The next ones get a fault, and other callers are not
/// affected.
#[test]
fn the_calls_of_each_caller_are_limited() {
    let folder = Folder::new();
    let server = folder.start(folder.closed().env("STOCK_CALLS_PER_SECOND", "10"));
    let client = server.client_of(ADA.0, ADA.1);
    let stock = StockClient::new(&client);
    let started = Instant::now();
    let results = client
        .multicall_iter((0..60).map(|_| stock.level("x")))
        .wait()
        .unwrap();
    let codes: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().unwrap_err().fault().unwrap().code())
        .collect();
    let seconds = started.elapsed().as_secs() as usize + 1;

    assert_eq!(codes[..20], [1; 20]);
    let admitted = codes.iter().filter(|code| **code == 1).count();
    assert!(admitted <= 20 + 10 * seconds, "{admitted} in {seconds} s");
    if seconds == 1 {
        assert!(codes.contains(&429), "{codes:?}");
    }
    let bob = server.stock_of("bob", "fedcba9876543210:colon");
    assert_eq!(
        bob.level("x").wait().unwrap_err().fault().unwrap().code(),
        1
    );
}

/// On a developer's machine, nobody has a token, and nothing is limited.
#[test]
fn without_tokens_everybody_may_call() {
    let folder = Folder::new();
    let server = folder.start(folder.open().env("STOCK_CALLS_PER_SECOND", "1"));
    let stock = server.stock();
    for _ in 0..10 {
        assert_eq!(
            stock.level("x").wait().unwrap_err().fault().unwrap().code(),
            1
        );
    }
}
