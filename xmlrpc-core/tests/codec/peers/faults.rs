//! Faults that are not the struct of the specification.

use http::StatusCode;
use tower::service_fn;
use xmlrpc_core::{
    Client, Fault, Limits, Request, Response, Value, client::BoxError, message::MulticallResponse,
};

use super::{case, entry, response};

const OTHER: i32 = Fault::APPLICATION_ERROR;

fn fault(content: &str) -> Fault {
    let document = format!("<methodResponse><fault>{content}</fault></methodResponse>");
    let fault = response::<Value>(&document).unwrap_err();
    assert_eq!(response::<i32>(&document).unwrap_err(), fault);
    let multicall = MulticallResponse::read(document.clone().into(), None, &Limits::RESPONSE);
    assert_eq!(multicall.unwrap().unwrap_err(), fault);
    let peer = service_fn(move |_: Request| {
        let mut response = Response::new(document.clone());
        response.status = StatusCode::INTERNAL_SERVER_ERROR;
        std::future::ready(Ok::<_, BoxError>(response))
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = runtime.block_on(Client::new(peer).call::<i32>("m", ()).into_future());
    assert_eq!(error.unwrap_err().fault(), Some(&fault));
    fault
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
        ("<value><foo>no</foo></value>", OTHER, ""),
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
