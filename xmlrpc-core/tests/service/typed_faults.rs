//! Typed errors make the round trip through faults, whatever texts they hold.

use std::sync::LazyLock;

use futures_util::FutureExt as _;
use proptest::prelude::*;
use xmlrpc_core::{Client, Dispatcher, Fault, TypedFault, xmlrpc_service};

#[derive(Clone, Debug, PartialEq, TypedFault)]
pub enum Error {
    #[fault(code = 1, message = "{0}")]
    Bare(String),
    #[fault(code = 2, message = "{key} -> {value} ({count})")]
    Three {
        key: String,
        value: String,
        count: i64,
    },
    #[fault(code = 3, message = "{0}{{{1}")]
    Brace(f64, char),
    #[fault(other)]
    Other(Fault),
}

/// A service that fails with the given fault.
#[xmlrpc_service]
trait Failing {
    async fn fail(&self, code: i32, text: String) -> Result<(), Error>;
}

struct Server;

impl Failing for Server {
    async fn fail(&self, code: i32, text: String) -> Result<(), Error> {
        Err(Error::Other(Fault::new(code, text)))
    }
}

static CLIENT: LazyLock<Client<Dispatcher>> =
    LazyLock::new(|| Client::new(Dispatcher::new().service(FailingServer::new(Server))));

/// The error that a client gets for a fault.
fn received(fault: &Fault) -> Option<Error> {
    let stub = FailingClient::new(CLIENT.clone());
    let call = stub.fail(fault.code(), fault.message().to_owned());
    let answer = call.into_future().now_or_never().expect("at once");
    answer.unwrap_err().fault_as()
}

proptest! {
    #[test]
    fn an_unambiguous_error_comes_back(
        text in "\\PC*",
        key in "[^\\pC>]*",
        value in "[^\\pC(]*",
        count: i64,
        number in any::<f64>().prop_filter("equal to itself", |number| !number.is_nan()),
        char in any::<char>().prop_filter("of XML", |char| !char.is_control() && !matches!(char, '\u{FFFE}' | '\u{FFFF}')),
    ) {
        for error in [
            Error::Bare(text.clone()),
            Error::Three { key: key.clone(), value: value.clone(), count },
            Error::Brace(number, char),
            Error::Other(Fault::new(99, text.clone())),
        ] {
            let fault = Fault::from(error.clone());
            prop_assert_eq!(Error::from_fault(&fault), Some(error.clone()));
            prop_assert_eq!(received(&fault), Some(error));
        }
    }

    /// Any fault is read as one of the variants, and that variant has the same text.
    #[test]
    fn any_fault_is_read(code in 0..4, text in "(\\PC|->|[ (){}0-9.])*") {
        let fault = Fault::new(code, text);
        let error = Error::from_fault(&fault).expect("there is `other`");
        let again = Fault::from(error.clone());
        prop_assert_eq!(again.code(), code);
        match error {
            // A number may be written differently: `+1`, `01`, `1.`
            Error::Three { .. } | Error::Brace(..) => {
                prop_assert_eq!(Error::from_fault(&again), Some(error));
            }
            Error::Bare(_) | Error::Other(_) => prop_assert_eq!(again, fault),
        }
    }
}
