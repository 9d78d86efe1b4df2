//! `#[derive(TypedFault)]` with `display`: the text is the `Display` of the type, here that of `thiserror`.

use std::{fmt, io, num::ParseIntError, path::PathBuf};

use xmlrpc_core::{Client, Dispatcher, Fault, TypedFault, xmlrpc_service};

#[derive(Debug, thiserror::Error, TypedFault)]
pub enum StoreError {
    #[error("{path} does not exist")]
    #[fault(code = 404, display)]
    NotFound { path: String },
    #[error("{0} exists already, since {1}")]
    #[fault(code = 409, display)]
    Exists(String, i64),
    #[error("the store is closed")]
    #[fault(code = 503, display)]
    Closed,
    #[error("{{{}}} is not a name", .0.trim())]
    #[fault(code = 400, display)]
    Argument(String),
    #[error("{0:?} is not a date")]
    #[fault(code = 401, display)]
    Format(String),
    #[error("the name has {} characters", name.len())]
    #[fault(code = 402, display)]
    Hidden { name: String },
    #[error("cannot read {path}: {source}")]
    #[fault(code = 405, display)]
    NoFromStr { path: String, source: io::Error },
    #[error(transparent)]
    #[fault(code = 406, display)]
    Transparent(#[from] ParseIntError),
    #[error("cannot open {0}")]
    #[fault(code = 407, display)]
    Path(PathBuf),
    #[error("query {0} failed: {1}")]
    #[fault(internal, display)]
    Internal(String, #[source] io::Error),
    #[error(transparent)]
    #[fault(other)]
    Other(Fault),
}

#[derive(Debug, PartialEq, thiserror::Error, TypedFault)]
#[error("{0} is locked")]
#[fault(code = 423, display)]
pub struct Locked(String);

/// A `Display` that the derive cannot know.
#[derive(Debug, PartialEq, TypedFault)]
pub enum Custom {
    #[fault(code = 1, display)]
    Fields(String),
    #[fault(code = 2, display)]
    NoFields,
}

impl fmt::Display for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(text) => write!(f, "own text: {text}"),
            Self::NoFields => f.write_str("no fields"),
        }
    }
}

fn io_error() -> io::Error {
    io::Error::other("disk 7")
}

#[test]
fn the_text_is_the_display() {
    let number = "x".parse::<i32>().unwrap_err();
    for (error, code, text) in [
        (
            StoreError::NotFound {
                path: "/a b".into(),
            },
            404,
            "/a b does not exist",
        ),
        (
            StoreError::Exists("a".into(), -7),
            409,
            "a exists already, since -7",
        ),
        (StoreError::Closed, 503, "the store is closed"),
        (StoreError::Argument(" a ".into()), 400, "{a} is not a name"),
        (StoreError::Format("a".into()), 401, "\"a\" is not a date"),
        (
            StoreError::Hidden { name: "abc".into() },
            402,
            "the name has 3 characters",
        ),
        (
            StoreError::NoFromStr {
                path: "/a".into(),
                source: io_error(),
            },
            405,
            "cannot read /a: disk 7",
        ),
        (
            StoreError::Transparent(number),
            406,
            "invalid digit found in string",
        ),
        (StoreError::Path("/a/b".into()), 407, "cannot open /a/b"),
        (
            StoreError::Internal("select".into(), io_error()),
            -32603,
            "internal error",
        ),
        (StoreError::Other(Fault::new(7, "seven")), 7, "seven"),
    ] {
        assert_eq!(Fault::from(error), Fault::new(code, text));
    }
    let locked = Fault::from(Locked("a".into()));
    assert_eq!(locked, Fault::new(423, "a is locked"));
    let custom = Fault::from(Custom::Fields("a".into()));
    assert_eq!(custom, Fault::new(1, "own text: a"));
    assert_eq!(Fault::from(Custom::NoFields), Fault::new(2, "no fields"));
}

#[test]
fn the_log_has_the_display_of_an_internal_error() {
    let fault = Fault::from(StoreError::Internal("select".into(), io_error()));
    let source = std::error::Error::source(&fault).unwrap();
    assert_eq!(source.to_string(), "query select failed: disk 7");
}

#[test]
fn texts_of_thiserror_are_read_back() {
    let read = |code, text: &str| StoreError::from_fault(&Fault::new(code, text)).unwrap();
    assert!(matches!(
        read(404, "/a b does not exist"),
        StoreError::NotFound { path } if path == "/a b"
    ));
    assert!(matches!(
        read(409, "a exists already, since -7"),
        StoreError::Exists(name, -7) if name == "a"
    ));
    assert!(matches!(read(503, "anything"), StoreError::Closed));
    assert!(matches!(
        read(407, "cannot open /a/b"),
        StoreError::Path(path) if path.as_os_str() == "/a/b"
    ));
    let locked = Locked::from_fault(&Fault::new(423, "a is locked"));
    assert_eq!(locked, Some(Locked("a".into())));
    let custom = Custom::from_fault(&Fault::new(2, "anything"));
    assert_eq!(custom, Some(Custom::NoFields));
}

#[test]
fn other_texts_are_not_read_back() {
    for (code, text) in [
        (400, "{a} is not a name"),
        (401, "\"a\" is not a date"),
        (402, "the name has 3 characters"),
        (405, "cannot read /a: disk 7"),
        (406, "invalid digit found in string"),
        (404, "another text"),
        (409, "a exists already, since yesterday"),
        (-32603, "internal error"),
    ] {
        let fault = Fault::new(code, text);
        let read = StoreError::from_fault(&fault);
        assert!(
            matches!(&read, Some(StoreError::Other(other)) if *other == fault),
            "{read:?}"
        );
    }
    assert_eq!(Locked::from_fault(&Fault::new(423, "locked")), None);
    assert_eq!(Custom::from_fault(&Fault::new(1, "own text: a")), None);
}

#[xmlrpc_service]
pub trait Store {
    async fn open(&self, path: &str) -> Result<(), StoreError>;
}

struct Empty;

impl Store for Empty {
    async fn open(&self, path: &str) -> Result<(), StoreError> {
        Err(StoreError::NotFound {
            path: path.to_owned(),
        })
    }
}

#[tokio::test]
async fn a_client_gets_the_error() {
    let dispatcher = Dispatcher::new().service(StoreServer::new(Empty));
    let store = StoreClient::new(Client::new(dispatcher));
    let error = store.open("/a").await.unwrap_err();
    assert!(matches!(
        error.fault_as(),
        Some(StoreError::NotFound { path }) if path == "/a"
    ));
}
