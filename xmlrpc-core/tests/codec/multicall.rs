//! Multicalls and their responses, written and read.

use bytes::Bytes;
use xmlrpc_core::{
    Category, Dialect, Error, Fault, Limits, Struct, Value,
    message::{
        CallWriter, EncodedCall, EncodedResponse, IncomingCall, MulticallResponse,
        MulticallResponseWriter, MulticallWriter, Params,
    },
};

const NAMESPACE: &str = " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

fn text(document: Vec<u8>) -> String {
    String::from_utf8(document).unwrap()
}

fn call(method: &str, params: &[Value], dialect: Dialect) -> EncodedCall {
    let mut call = CallWriter::new(method, dialect);
    for param in params {
        call.param(param);
    }
    call.finish().unwrap()
}

fn incoming(document: impl Into<Bytes>) -> IncomingCall {
    IncomingCall::read(document.into(), None, &Limits::default()).unwrap()
}

#[test]
fn a_multicall_is_written_and_read() {
    let mut multicall = MulticallWriter::new(Dialect::APACHE);
    assert!(multicall.is_empty());
    multicall.push(
        "a&b",
        &call("a&b", &[Value::Int(1), Value::Nil], Dialect::APACHE),
    );
    multicall.push("c", &call("c", &[], Dialect::APACHE));
    assert_eq!(multicall.len(), 2);
    let document = text(multicall.finish());
    assert_eq!(
        document,
        format!(
            "<?xml version=\"1.0\"?><methodCall{NAMESPACE}><methodName>system.multicall</methodName>\
             <params><param><value><array><data>\
             <value><struct><member><name>methodName</name><value><string>a&amp;b</string></value></member>\
             <member><name>params</name><value><array><data><value><int>1</int></value><value><ex:nil/></value>\
             </data></array></value></member></struct></value>\
             <value><struct><member><name>methodName</name><value><string>c</string></value></member>\
             <member><name>params</name><value><array><data></data></array></value></member></struct></value>\
             </data></array></value></param></params></methodCall>"
        )
    );
    let entries = incoming(document).params().multicall_entries(10).unwrap();
    let entries: Vec<_> = entries.into_iter().map(Result::unwrap).collect();
    assert_eq!(entries[0].method(), "a&b");
    assert_eq!(
        entries[0].params().to_values().unwrap(),
        [Value::Int(1), Value::Nil]
    );
    assert_eq!((entries[1].method(), entries[1].params().len()), ("c", 0));
}

/// The entries of a multicall that holds `values`.
fn entries(values: &str) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
    let document = format!(
        "<methodCall><methodName>system.multicall</methodName><params><param><value>{values}</value></param></params></methodCall>"
    );
    incoming(document).params().multicall_entries(100)
}

#[test]
fn a_malformed_entry_spoils_itself_alone() {
    let member = |name: &str, value: &str| {
        format!("<member><name>{name}</name><value>{value}</value></member>")
    };
    let name = member("methodName", "m");
    let array = "<array><data><value><int>1</int></value></data></array>";
    let cases = [
        (
            format!("<struct>{name}{}</struct>", member("params", array)),
            Ok(1),
        ),
        (
            format!("<struct>{}{name}</struct>", member("params", array)),
            Ok(1),
        ),
        (format!("<struct>{name}</struct>"), Ok(0)),
        (
            format!("<struct>{name}{}</struct>", member("params", "<nil/>")),
            Ok(0),
        ),
        (
            format!("<struct>{}{name}</struct>", member("more", array)),
            Ok(0),
        ),
        (
            "<int>1</int>".to_owned(),
            Err("expected struct, found int 1 at params[0][5] ("),
        ),
        (
            "<struct/>".to_owned(),
            Err("the entry has no `methodName` at params[0][6] ("),
        ),
        (
            format!("<struct>{}</struct>", member("methodName", "<int>1</int>")),
            Err("expected string, found int 1 at params[0][7].methodName ("),
        ),
        (
            format!(
                "<struct>{name}{}</struct>",
                member("params", "<int>1</int>")
            ),
            Err("expected array, found int 1 at params[0][8].params ("),
        ),
        (
            format!(
                "<struct>{name}{}</struct>",
                member(
                    "params",
                    "<struct><member><name>a</name><value/></member></struct>"
                )
            ),
            Err("expected array, found struct at params[0][9].params ("),
        ),
        (
            "<struct><member/></struct>".to_owned(),
            Err("the member has no <name> at params[0][10] ("),
        ),
        (format!("<struct>{name}</struct>"), Ok(0)),
    ];
    let values: String = cases
        .iter()
        .map(|(entry, _)| format!("<value>{entry}</value>"))
        .collect();
    let entries = entries(&format!("<array><data>{values}</data></array>")).unwrap();
    assert_eq!(entries.len(), cases.len());
    for (entry, (source, expected)) in entries.iter().zip(&cases) {
        match (entry, expected) {
            (Ok(call), Ok(params)) => assert_eq!(
                (call.method(), call.params().len()),
                ("m", *params),
                "{source}"
            ),
            (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
            _ => panic!("{source}: {entry:?}"),
        }
    }
}

#[test]
fn invalid_multicall_parameters() {
    assert_eq!(
        entries("<int>1</int>").unwrap_err().to_string(),
        "expected array, found int 1 at params[0] (line 1, column 76)"
    );
    let error = Params::empty().multicall_entries(1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "system.multicall takes 1 parameter, 0 given"
    );
    assert!(entries("<array/>").unwrap().is_empty());
}

#[test]
fn responses_to_a_multicall() {
    for dialect in [Dialect::EXTENDED, Dialect::APACHE] {
        let mut writer = MulticallResponseWriter::new(dialect, usize::MAX);
        writer
            .push(Ok(&EncodedResponse::new(&1, dialect).unwrap()))
            .unwrap();
        writer.push(Err(&Fault::new(4, "\u{1}"))).unwrap();
        writer
            .push(Ok(&EncodedResponse::new(&None::<i32>, dialect).unwrap()))
            .unwrap();
        let document = Bytes::from(writer.finish().into_document());
        let read = MulticallResponse::read(document, None, &Limits::default())
            .unwrap()
            .unwrap();
        assert_eq!((read.len(), read.is_empty()), (3, false));
        assert_eq!(read.entry::<i32>(0).unwrap(), Ok(1));
        assert_eq!(
            read.entry::<i32>(1).unwrap(),
            Err(Fault::new(4, "\u{FFFD}"))
        );
        assert_eq!(read.entry::<Option<i32>>(2).unwrap(), Ok(None));
        let error = read.entry::<bool>(2).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("expected boolean, found nil at [2][0] ("),
            "{error}"
        );
        assert_eq!(
            read.entry::<i32>(3).unwrap_err().category(),
            Category::Protocol
        );
    }
}

#[test]
fn the_response_to_a_multicall_is_bounded() {
    let response = EncodedResponse::new("some text", Dialect::STANDARD).unwrap();
    let size = |entries: usize| {
        let mut writer = MulticallResponseWriter::new(Dialect::STANDARD, usize::MAX);
        for _ in 0..entries {
            writer.push(Ok(&response)).unwrap();
        }
        writer.finish().into_document().len()
    };
    let mut writer = MulticallResponseWriter::new(Dialect::STANDARD, size(2));
    assert!(writer.push(Ok(&response)).is_ok());
    assert!(writer.push(Ok(&response)).is_ok());
    let error = writer.push(Ok(&response)).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert_eq!(
        error.to_string(),
        format!(
            "the response to system.multicall would have more than {} bytes",
            size(2)
        )
    );
    assert_eq!(writer.finish().into_document().len(), size(2));
}

/// The response to a multicall with these entries.
fn multicall_response(values: &[&str]) -> MulticallResponse {
    let values: String = values
        .iter()
        .map(|value| format!("<value>{value}</value>"))
        .collect();
    let document = format!(
        "<methodResponse><params><param><value><array><data>{values}</data></array></value></param></params></methodResponse>"
    );
    MulticallResponse::read(Bytes::from(document), None, &Limits::default())
        .unwrap()
        .unwrap()
}

#[test]
fn entries_that_are_not_wrapped() {
    let fault = "<struct><member><name>faultString</name><value>no</value></member>\
                 <member><name>faultCode</name><value><int>4</int></value></member></struct>";
    let half = "<struct><member><name>faultString</name><value>no</value></member></struct>";
    let one = "<array><data><value><int>1</int></value></data></array>";
    let two = "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>";
    let wrapped = format!("<array><data><value>{one}</value></data></array>");
    let response =
        multicall_response(&["<int>5</int>", fault, half, one, two, &wrapped, "<array/>"]);
    assert_eq!(response.entry::<i32>(0).unwrap(), Ok(5));
    assert_eq!(response.entry::<i32>(1).unwrap(), Err(Fault::new(4, "no")));
    assert_eq!(
        response.entry::<Struct>(2).unwrap(),
        Ok(Struct::from([("faultString", "no")]))
    );
    assert_eq!(
        response.entry::<i32>(2).unwrap_err().category(),
        Category::Data
    );
    assert_eq!(response.entry::<i32>(3).unwrap(), Ok(1));
    assert_eq!(
        response.entry::<Vec<i32>>(3).unwrap(),
        Ok(vec![1]),
        "an array of one that is not wrapped"
    );
    assert_eq!(response.entry::<Vec<i32>>(4).unwrap(), Ok(vec![1, 2]));
    assert_eq!(response.entry::<Vec<i32>>(5).unwrap(), Ok(vec![1]));
    assert_eq!(response.entry::<Vec<i32>>(6).unwrap(), Ok(vec![]));
}

#[test]
fn invalid_multicall_responses() {
    let read = |inner: &str| {
        let document = format!("<methodResponse>{inner}</methodResponse>");
        MulticallResponse::read(Bytes::from(document), None, &Limits::default())
    };
    let error = read("<params><param><value>x</value></param></params>").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected array of the results of a multicall, found string \"x\" (line 1, column 32)"
    );
    assert_eq!(
        read("<params/>").unwrap_err().category(),
        Category::Protocol
    );
    let fault = "<fault><value><struct><member><name>faultCode</name><value><int>1</int></value></member></struct></value></fault>";
    assert_eq!(read(fault).unwrap().unwrap_err(), Fault::new(1, ""));
}

#[test]
fn supervisor_answers_as_captured() {
    let body = include_bytes!("../data/wire/supervisor-server-multicall-response.xml");
    let response = MulticallResponse::read(Bytes::from_static(body), None, &Limits::default())
        .unwrap()
        .unwrap();
    assert!(!response.is_empty());
    for index in 0..response.len() {
        assert!(response.entry::<Value>(index).is_ok(), "{index}");
    }
}
