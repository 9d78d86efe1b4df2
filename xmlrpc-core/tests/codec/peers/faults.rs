//! Faults that are not the struct of the specification.

use xmlrpc_core::{Fault, Limits, Value, message::MulticallResponse};

use super::{case, entry, response};

const OTHER: i32 = Fault::APPLICATION_ERROR;

fn fault(content: &str) -> Fault {
    let document = format!("<methodResponse><fault>{content}</fault></methodResponse>");
    let fault = response::<Value>(&document).unwrap_err();
    assert_eq!(response::<i32>(&document).unwrap_err(), fault);
    let multicall = MulticallResponse::read(document.clone().into(), None, &Limits::RESPONSE);
    assert_eq!(multicall.unwrap().unwrap_err(), fault);
    #[cfg(feature = "client")]
    assert_eq!(of_a_call(&document).as_ref(), Some(&fault));
    fault
}

/// The fault of a call whose response has this document and status 500.
#[cfg(feature = "client")]
fn of_a_call(document: &str) -> Option<Fault> {
    use http::StatusCode;
    use xmlrpc_core::{Client, Request, Response, client::BoxError};

    let document = document.to_owned();
    let peer = tower::service_fn(move |_: Request| {
        let mut response = Response::new(document.clone());
        response.status = StatusCode::INTERNAL_SERVER_ERROR;
        std::future::ready(Ok::<_, BoxError>(response))
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let result = runtime.block_on(Client::new(peer).call::<i32>("m", ()).into_future());
    result.unwrap_err().fault().cloned()
}

fn members(code: &str, string: &str) -> Fault {
    fault(&format!("<value><struct>{code}{string}</struct></value>"))
}

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name><value>{value}</value></member>")
}

#[test]
fn cases() {
    let read = |name| response::<Value>(&case(name)).unwrap_err();
    assert_eq!(
        read("fault-string-value.xml"),
        Fault::new(OTHER, "XMLRPC not supported")
    );
    assert_eq!(read("fault-empty-code.xml"), Fault::new(OTHER, "denied"));
}

#[test]
fn other_things_than_a_struct() {
    for (content, code, text) in [
        ("<value>no &amp; no</value>", OTHER, "no & no"),
        ("<value><string>no</string></value>", OTHER, "no"),
        ("<string>no</string>", OTHER, "no"),
        ("no", OTHER, "no"),
        ("<value><![CDATA[<no>]]></value>", OTHER, "<no>"),
        ("<value><int>-32601</int></value>", -32601, ""),
        ("<i4>4</i4>", 4, ""),
        ("<value><i8>4</i8></value>", 4, ""),
        ("<value><double>4.0</double></value>", 4, ""),
        ("<value><i8>3000000000</i8></value>", OTHER, "3000000000"),
        ("<value><string>4</string></value>", OTHER, "4"),
        ("<value><int>x</int></value>", OTHER, "x"),
        ("<value><int/></value>", OTHER, ""),
        ("<value><boolean>1</boolean></value>", OTHER, "1"),
        (
            "<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>",
            OTHER,
            "19980717T14:08:55",
        ),
        ("<value><foo>no</foo></value>", OTHER, "no"),
        ("<value><base64>bm8=</base64></value>", OTHER, "no"),
        (
            "<value><array><data><value><int>4</int></value><value>no</value></data></array></value>",
            OTHER,
            "4 no",
        ),
        ("<value/>", OTHER, ""),
        ("<value><nil/></value>", OTHER, ""),
        ("<value><array/></value>", OTHER, ""),
        ("", OTHER, ""),
    ] {
        assert_eq!(fault(content), Fault::new(code, text), "{content}");
    }
}

#[test]
fn codes_that_cannot_be_read() {
    let string = member("faultString", "no");
    for (code, expected) in [
        ("<int/>", Fault::new(OTHER, "no")),
        ("", Fault::new(OTHER, "no")),
        (" ", Fault::new(OTHER, "no")),
        ("<string/>", Fault::new(OTHER, "no")),
        ("<nil/>", Fault::new(OTHER, "no")),
        ("<boolean/>", Fault::new(OTHER, "no")),
        ("<int>x</int>", Fault::new(OTHER, "x: no")),
        ("Server", Fault::new(OTHER, "Server: no")),
        (" 4 ", Fault::new(4, "no")),
        ("<double>4</double>", Fault::new(4, "no")),
    ] {
        assert_eq!(
            members(&member("faultCode", code), &string),
            expected,
            "{code}"
        );
        assert_eq!(
            members(&string, &member("faultCode", code)),
            expected,
            "{code}"
        );
    }
    assert_eq!(members("", &string), Fault::new(OTHER, "no"));
}

#[test]
fn names_in_another_case_and_with_white_space() {
    for (code, string) in [
        ("faultcode", "faultstring"),
        ("FaultCode", "FaultString"),
        ("FAULTCODE", "FAULTSTRING"),
        (" faultCode ", "\nfaultString\n"),
    ] {
        let (code, string) = (member(code, "<int>4</int>"), member(string, "no"));
        assert_eq!(members(&code, &string), Fault::new(4, "no"), "{code}");
    }
    // Only in a `<fault>`: in an entry of a multicall, such a struct is a value.
    let lower = format!(
        "<value><struct>{}{}</struct></value>",
        member("faultcode", "<int>4</int>"),
        member("faultstring", "no")
    );
    assert!(entry::<Value>(&lower).unwrap().is_ok());
}

#[test]
fn as_much_text_as_there_is() {
    let code = member("faultCode", "<int>4</int>");
    assert_eq!(members(&code, ""), Fault::new(4, ""));
    assert_eq!(
        members(&code, &member("message", "no")),
        Fault::new(4, "message: no")
    );
    assert_eq!(
        members(
            &member("error", "<string>no</string>"),
            &member("line", "<int>7</int>")
        ),
        Fault::new(OTHER, "error: no, line: 7")
    );
    // A member that cannot be read keeps its text.
    assert_eq!(
        members(&code, &member("faultString", "<foo/>")),
        Fault::new(4, "")
    );
    assert_eq!(
        members(&code, &member("faultString", "<int>no</int>")),
        Fault::new(4, "no")
    );
    // So does a struct that ends early.
    assert_eq!(
        members(&code, "<member><name>faultString</name></member>"),
        Fault::new(4, "faultCode 4 faultString")
    );
}

#[test]
fn text_with_markup() {
    for (content, text) in [
        ("<value>no <i>such</i> method</value>", "no such method"),
        (
            "<value><string>Error <b>x</b> here</string></value>",
            "Error x here",
        ),
        ("<value><foo>text</foo></value>", "text"),
        (
            "<value>a &lt;&amp;&#x3C;&#55357;&#56832;<b title='>'>b<!-- <c> --></b>\n<![CDATA[<c>]]></value>",
            "a <&<😀 b <c>",
        ),
    ] {
        assert_eq!(fault(content), Fault::new(OTHER, text), "{content}");
    }
    let code = member("faultCode", "<int>4</int>");
    for (string, text) in [
        ("<string>line<br/>two</string>", "line two"),
        ("<string>a</string><string>b</string>", "a b"),
        ("a <b>c</b> d", "a c d"),
        ("<foo>a</foo>", "a"),
    ] {
        let read = members(&code, &member("faultString", string));
        assert_eq!(read, Fault::new(4, text), "{string}");
    }
}

#[test]
fn other_elements_in_a_fault() {
    let code = member("faultCode", "<int>4</int>");
    let string = member("faultString", "no");
    for (content, text) in [
        ("a <b>bold</b> text", "a bold text"),
        ("<foo>text</foo>", "text"),
        ("<foo/>", ""),
        ("<param><value>x</value></param>", "x"),
        (&format!("{code}{string}"), "faultCode 4 faultString no"),
        ("<value>a</value><value>b</value>", "a b"),
        ("<int>4</int><string>x</string>", "4 x"),
        ("<value><int>4</int><string>x</string></value>", "4 x"),
    ] {
        assert_eq!(fault(content), Fault::new(OTHER, text), "{content}");
    }
}

#[test]
fn other_elements_beside_a_fault() {
    let fault = "<fault><value>no</value></fault>";
    for content in [
        format!("<params/>{fault}"),
        format!("{fault}<params/>"),
        format!("<foo>x</foo>{fault}{fault}"),
        format!("<params><param><value>x</value></param></params>{fault}"),
    ] {
        let document = format!("<methodResponse>{content}</methodResponse>");
        assert_eq!(
            response::<Value>(&document),
            Err(Fault::new(OTHER, "no")),
            "{content}"
        );
    }
}

#[test]
fn texts_of_other_types() {
    let code = member("faultCode", "<int>4</int>");
    for (string, text) in [
        ("<base64>bm8=</base64>", "no"),
        ("<base64>/w==</base64>", "1 byte"),
        ("<base64>//8=</base64>", "2 bytes"),
        ("<base64/>", ""),
        (
            "<dateTime.iso8601>20240115T10:30:00</dateTime.iso8601>",
            "20240115T10:30:00",
        ),
        (
            "<array><data><value>a</value><value><int>2</int></value></data></array>",
            "a 2",
        ),
        (
            "<struct><member><name>msg</name><value>deep</value></member></struct>",
            "msg deep",
        ),
        ("<nil/>", ""),
    ] {
        let string = member("faultString", string);
        assert_eq!(members(&code, &string), Fault::new(4, text), "{string}");
        // The fault of a call within a multicall.
        let document = format!("<value><struct>{code}{string}</struct></value>");
        let fault = entry::<Value>(&document).unwrap();
        assert_eq!(fault, Err(Fault::new(4, text)), "{string}");
    }
    let string = member("faultString", "no");
    assert_eq!(
        members(&member("faultCode", "<struct/>"), &string),
        Fault::new(OTHER, "no")
    );
}
