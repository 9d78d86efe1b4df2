//! `xmlrpc multicall`

use crate::{
    peer::{Canned, Peer, fault, response, send},
    run::xmlrpc_with_input,
};

#[test]
fn lines_and_json_mean_the_same() {
    let peer = Peer::demo();
    let lines = "# powers\npow 2 9\n\n  length 'two words'\nfail 7 \"it's late\"\ntypes.of '[1]' nil:\n{\"method\": \"double\", \"params\": [2]}\n";
    let json = r#"[{"method": "pow", "params": [2, 9]}, {"methodName": "length", "params": ["two words"]},
        {"method": "fail", "params": [7, "it's late"]}, {"method": "types.of", "params": [[1], null]}, {"method": "double", "params": [2]}]"#;
    let expected = "[\n  {\"value\": 512},\n  {\"value\": 9},\n  {\"fault\": {\"code\": 7, \"message\": \"it's late\"}},\n  \
        {\"value\": [\n    \"array\",\n    \"nil\"\n  ]},\n  {\"value\": 4.0}\n]\n";
    for input in [lines, json] {
        let run = xmlrpc_with_input(&["multicall", &peer.url, "-o", "json"], input);
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (1, expected, "")
        );
    }
    let text = xmlrpc_with_input(&["multicall", &peer.url], lines);
    let expected = "pow 2 9\n  512\nlength 'two words'\n  9\nfail 7 \"it's late\"\n  fault 7: it's late\n\
        types.of '[1]' nil:\n  array\n  nil\ndouble 2\n  4.0\n";
    assert_eq!(text.stdout, expected);
}

#[test]
fn mistakes_name_their_line() {
    let peer = Canned::value("<int>1</int>");
    let cases = [
        ("", "there are no calls"),
        ("pow 2\npow 'x", "line 2: a quote is not closed"),
        ("\npow i8:x", "line 2: invalid argument `i8:x`"),
        ("{\"params\": []}", "line 1: expected {\"method\""),
        (
            "[{\"method\": \"a\"}, {\"method\": \"b\", \"params\": 5}]",
            "call 2: `params` must be an array",
        ),
        (
            "[{\"method\": \"a\", \"parms\": []}]",
            "call 1: unknown member `parms`",
        ),
        (
            "[{\"method\": \"a\"",
            "invalid JSON: expected `,` or `}` at line 1, column 16",
        ),
        ("pow [1", "call 1: argument 1 of `pow`: invalid JSON"),
    ];
    for (input, expected) in cases {
        let error = xmlrpc_with_input(&["multicall", &peer.url], input).failed(2);
        assert!(error.contains(expected), "{input}: {error}");
    }
    assert!(
        peer.requests()
            .iter()
            .all(|request| !request.contains("system.multicall"))
    );
}

/// Servers have many faults for methods that they do not have.
#[test]
fn any_fault_for_a_missing_multicall() {
    for (code, text, sends) in [
        (1, "NameError: system.multicall", true),
        (0, "", true),
        (-1, "access denied", true),
        // The calls may have run: a multicall without calls has another fault.
        (5, "<several", false),
    ] {
        let peer = Canned::new(std::sync::Arc::new(move |request, stream| {
            let body = if request.contains("<methodName>system.multicall<") {
                let has_calls = request.contains("<struct>");
                match text.strip_prefix('<') {
                    Some(text) if has_calls => fault(code, text),
                    Some(_) => response("<array><data></data></array>"),
                    None => fault(code, text),
                }
            } else if request.contains("<methodName>system.") {
                fault(code, "no signatures")
            } else {
                response("<int>5</int>")
            };
            send(stream, "200 OK", &body)
        }));
        let run = xmlrpc_with_input(&["multicall", &peer.url], "a 1\nb 2\n");
        if sends {
            assert_eq!(run.ok(), "a 1\n  5\nb 2\n  5\n");
        } else {
            assert_eq!(run.failed(1), "fault 5: several\n");
            let requests = peer.requests();
            assert!(requests.iter().all(|it| !it.contains("<methodName>a<")));
        }
    }
}

#[test]
fn servers_without_multicall_get_single_calls() {
    let peer = Canned::new(std::sync::Arc::new(|request, stream| {
        let body = if request.contains("<methodName>system.") {
            fault(-32601, "method not found")
        } else {
            response("<int>5</int>")
        };
        send(stream, "200 OK", &body)
    }));
    let run = xmlrpc_with_input(&["multicall", &peer.url], "a 1\nb 2\n");
    assert_eq!(run.ok(), "a 1\n  5\nb 2\n  5\n");
}
