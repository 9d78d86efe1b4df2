//! `#[derive(TypedFault)]`: an error becomes a fault on the server and the same error again in the client.

use std::{fmt, net::IpAddr, num::ParseIntError};

use xmlrpc_core::{Client, Dispatcher, Fault, TypedFault, xmlrpc_service};

mod codes {
    pub const BUSY: i32 = 503;
}

#[derive(Debug, PartialEq, TypedFault)]
pub enum StoreError {
    #[fault(code = 404, message = "there is no {path}")]
    NotFound { path: String },
    #[fault(code = 409, message = "{0} is there already, since {1}")]
    Exists(String, i64),
    #[fault(code = codes::BUSY, message = "busy")]
    Busy,
    #[fault(code = -1, message = "{{{port}}} of {host} is {open}")]
    Port {
        host: IpAddr,
        port: u16,
        r#open: bool,
    },
    #[fault(code = 500, internal)]
    Io(ParseIntError),
    #[fault(code = 501, internal, message = "{0:?} and {0}")]
    Known(String),
    #[fault(code = 502, internal, message = "nothing of it")]
    Down,
    #[fault(internal)]
    Hidden(String),
    #[fault(other)]
    Other(Fault),
}

/// The fault that is sent.
fn sent(error: StoreError) -> Fault {
    error.into()
}

#[test]
fn a_variant_is_a_fault() {
    let number = "x".parse::<i32>().unwrap_err();
    let table = [
        (
            StoreError::NotFound {
                path: "/a b".into(),
            },
            404,
            "there is no /a b",
        ),
        (
            StoreError::Exists("a".into(), -7),
            409,
            "a is there already, since -7",
        ),
        (StoreError::Busy, 503, "busy"),
        (
            StoreError::Port {
                host: [127, 0, 0, 1].into(),
                port: 80,
                open: true,
            },
            -1,
            "{80} of 127.0.0.1 is true",
        ),
        (StoreError::Io(number), 500, "internal error"),
        (StoreError::Known("secret".into()), 501, "internal error"),
        (StoreError::Down, 502, "internal error"),
        (
            StoreError::Hidden("secret".into()),
            -32603,
            "internal error",
        ),
        (StoreError::Other(Fault::new(7, "seven")), 7, "seven"),
    ];
    for (error, code, text) in table {
        assert_eq!(sent(error), Fault::new(code, text));
    }
}

#[test]
fn a_fault_is_the_variant_again() {
    let again = [
        StoreError::NotFound {
            path: "/a b".into(),
        },
        StoreError::NotFound {
            path: String::new(),
        },
        StoreError::Exists("a, since, b".into(), -7),
        StoreError::Exists(String::new(), 0),
        StoreError::Busy,
        StoreError::Port {
            host: "::1".parse().unwrap(),
            port: 80,
            open: false,
        },
        StoreError::Down,
        StoreError::Other(Fault::new(7, "seven")),
    ];
    for error in again {
        let shown = format!("{error:?}");
        let fault = sent(error);
        let read = StoreError::from_fault(&fault).unwrap();
        assert_eq!(format!("{read:?}"), shown);
        assert_eq!(sent(read), fault);
    }
}

#[test]
fn what_is_not_a_variant_is_other_or_nothing() {
    #[derive(Debug, PartialEq, TypedFault)]
    enum Few {
        #[fault(code = 1, message = "{0} of {1}!")]
        Of(u8, u8),
        #[fault(code = 2, internal)]
        Inside(String),
        #[fault(code = 3, message = "three")]
        Three,
    }
    let few = |code, text| Few::from_fault(&Fault::new(code, text));
    assert_eq!(Fault::from(Few::Inside("x".into())).code(), 2);
    assert_eq!(few(1, "1 of 2!"), Some(Few::Of(1, 2)));
    // A variant without fields matches each text.
    assert_eq!(few(3, "drei"), Some(Few::Three));
    for (code, text) in [
        (0, "1 of 2!"),
        (1, "1 of 2"),
        (1, "1 of 256!"),
        (1, " of !"),
        (1, ""),
        (1, "!"),
        (1, "1 of 2 of 3!"),
        (2, "internal error"),
    ] {
        assert_eq!(few(code, text), None, "{code} {text}");
        let fault = Fault::new(code, text);
        assert_eq!(
            StoreError::from_fault(&fault),
            Some(StoreError::Other(fault))
        );
    }
}

/// The first of two placeholders ends at the first occurrence of the text between them.
#[test]
fn a_placeholder_is_as_short_as_possible() {
    #[derive(Debug, PartialEq, TypedFault)]
    #[fault(code = 1, message = "<{a}-{b}>")]
    struct Two {
        a: String,
        b: String,
    }
    let read = |text| Two::from_fault(&Fault::new(1, text)).map(|two| (two.a, two.b));
    let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    assert_eq!(read("<1-2>"), pair("1", "2"));
    assert_eq!(read("<1-2-3>>"), pair("1", "2-3>"));
    assert_eq!(read("<->"), pair("", ""));
    assert_eq!(read("<>"), None);
}

#[test]
fn a_struct_is_one_fault_and_may_say_what_its_display_says() {
    #[derive(Debug, PartialEq, TypedFault)]
    #[fault(code = 10)]
    struct Closed;

    impl fmt::Display for Closed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("closed for today")
        }
    }
    impl std::error::Error for Closed {}

    /// An error that contains another one.
    #[derive(Debug, PartialEq, TypedFault)]
    enum Outer {
        #[fault(code = 11, message = "full")]
        Full,
        #[fault(other)]
        Closed(Closed),
    }

    #[derive(Debug, TypedFault)]
    enum Never {}

    assert_eq!(Fault::from(Closed), Fault::new(10, "closed for today"));
    assert_eq!(Closed::from_fault(&Fault::new(10, "")), Some(Closed));
    assert_eq!(Closed::from_fault(&Fault::new(11, "")), None);

    assert_eq!(Fault::from(Outer::Closed(Closed)).code(), 10);
    let read = |code| Outer::from_fault(&Fault::new(code, ""));
    assert_eq!(read(10), Some(Outer::Closed(Closed)));
    assert_eq!(read(11), Some(Outer::Full));
    assert_eq!(read(12), None);

    assert!(Never::from_fault(&Fault::new(1, "")).is_none());
}

#[xmlrpc_service]
pub trait Store {
    async fn read(&self, path: &str) -> Result<String, StoreError>;
}

struct Disk;

impl Store for Disk {
    async fn read(&self, path: &str) -> Result<String, StoreError> {
        Err(match path {
            "" => StoreError::Busy,
            "io" => StoreError::Io("x".parse::<i32>().unwrap_err()),
            path => StoreError::NotFound {
                path: path.to_owned(),
            },
        })
    }
}

#[tokio::test]
async fn a_client_gets_the_error_back() {
    let client = Client::new(Dispatcher::new().service(StoreServer::new(Disk)));
    let store = StoreClient::new(client);
    let read = async |path: &str| store.read(path).await.unwrap_err().fault_as::<StoreError>();
    assert_eq!(read("").await, Some(StoreError::Busy));
    let path = "a <b> & \"c\"".to_owned();
    assert_eq!(read(&path).await, Some(StoreError::NotFound { path }));
    let inside = Fault::new(500, "internal error");
    assert_eq!(read("io").await, Some(StoreError::Other(inside)));

    let missing = store.client().call::<String>("read", ()).await.unwrap_err();
    let Some(StoreError::Other(fault)) = missing.fault_as() else {
        panic!("{missing}");
    };
    assert_eq!(fault.code(), Fault::INVALID_PARAMS);

    // An error of the client itself is not converted.
    let (a, b) = store
        .client()
        .multicall((store.read(""), store.read("b")))
        .await
        .unwrap();
    assert_eq!(a.unwrap_err().fault_as(), Some(StoreError::Busy));
    assert_eq!(
        b.unwrap_err().fault_as(),
        Some(StoreError::NotFound { path: "b".into() })
    );
    let error = store.read("\u{1}").await.unwrap_err();
    assert!(error.is_encode());
    assert_eq!(error.fault_as::<StoreError>(), None);
}
