//! The types of the examples for Supervisor, aria2 and rTorrent read captured responses of these
//! programs. `tests/interop` runs the examples with the programs themselves.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use xmlrpc_core::{Fault, Limits, TypedFault, from_str, message::read_response, to_string};
use xmlrpc_examples::{
    aria2::{Options, Stage, Status, Version},
    rtorrent::{DownloadRow, torrent::Torrent},
    supervisor::{Process, ProcessState, SupervisorError, Tail},
};

fn response<T: DeserializeOwned>(document: &'static str) -> Result<T, Fault> {
    let body = Bytes::from_static(document.as_bytes());
    read_response(body, Some("utf-8"), &Limits::RESPONSE).expect("a response")
}

macro_rules! captured {
    ($name:literal) => {
        response(include_str!(concat!(
            "../../../xmlrpc-core/tests/data/wire/",
            $name,
            "-response.xml"
        )))
    };
}

#[test]
fn supervisor() {
    let processes: Vec<Process> = captured!("supervisor-server").unwrap();
    assert_eq!(processes[0].full_name(), "cat");
    assert_eq!(processes[0].state, ProcessState::Running);
    assert_eq!((processes[0].pid, processes[0].stop), (27_117, 0));

    let tail: Tail = captured!("supervisor-server-mixedarray").unwrap();
    assert_eq!((tail.offset, tail.overflow), (11, false));

    let fault = captured!("supervisor-server-fault")
        .map(|()| ())
        .unwrap_err();
    assert_eq!(
        SupervisorError::from_fault(&fault),
        Some(SupervisorError::BadName("nosuch".to_owned()))
    );
    let other = Fault::new(3, "BAD_ARGUMENTS");
    assert_eq!(
        SupervisorError::from_fault(&other),
        Some(SupervisorError::Other(other))
    );
}

#[test]
fn aria2() {
    let waiting: Vec<Status> = captured!("aria2-server").unwrap();
    assert_eq!(waiting[0].status, Stage::Paused);
    assert_eq!((waiting[0].total_length, waiting[0].error_code), (0, None));
    assert!(waiting[0].files[0].selected);
    let version: Version = captured!("aria2-server-version").unwrap();
    assert_eq!(version.version, "1.36.0");

    let options = to_string(&Options::default()).unwrap();
    assert_eq!(
        options,
        "<value><struct><member><name>pause</name><value><string>false</string></value></member></struct></value>"
    );
}

#[test]
fn aria2_invalid_numbers() {
    let document = include_str!("../../../xmlrpc-core/tests/data/wire/aria2-server-response.xml");
    let wrong = document.replacen("<string>0</string>", "<string>many</string>", 1);
    let body = Bytes::from(wrong);
    let error = read_response::<Vec<Status>>(body, None, &Limits::RESPONSE).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("found string \"many\""), "{error}");
}

#[test]
fn rtorrent() {
    let rows = "<value><array><data><value><array><data><value><string>A1</string></value>\
        <value><string>caf\u{e9}.bin</string></value><value><i8>40000</i8></value><value><i8>0</i8></value>\
        <value><i8>5</i8></value><value><i8>0</i8></value><value><i8>1</i8></value>\
        <value><string></string></value></data></array></value></data></array></value>";
    let rows: Vec<DownloadRow> = from_str(rows).unwrap();
    assert_eq!((&*rows[0].name, rows[0].size), ("caf\u{e9}.bin", 40_000));
    assert_eq!((rows[0].is_complete, rows[0].is_active), (false, true));
    assert_eq!(DownloadRow::columns().len(), 8);

    // The expected bytes are those that `mktorrent` makes.
    let torrent = Torrent::of_file("abc.txt", b"abc", "http://127.0.0.1:9/announce");
    let text = String::from_utf8_lossy(&torrent.bytes).into_owned();
    assert!(text.starts_with(
        "d8:announce27:http://127.0.0.1:9/announce4:infod6:lengthi3e4:name7:abc.txt12:piece lengthi262144e6:pieces20:"
    ));
    assert!(torrent.bytes.ends_with(b"\x9c\xd0\xd8\x9dee"));
    assert_eq!(torrent.hash, "76F7BD9AE567EB96D5338E1674C37268FE09701D");
}
