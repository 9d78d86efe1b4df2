//! The demo of Python's `xmlrpc.server` and `xmlrpc.client` modules.

use jiff::Zoned;
use xmlrpc_core::{DateTime, Fault, xmlrpc_service};

/// The demo service of Python's `xmlrpc.server`.
#[xmlrpc_service]
pub trait Demo {
    /// Returns the answer.
    #[xmlrpc(name = "getData")]
    async fn get_data(&self) -> String;

    /// Raises `base` to the power of `exponent`.
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault>;

    /// Adds two numbers.
    async fn add(&self, a: i64, b: i64) -> Result<i64, Fault>;
}

/// The clock of the same service, in its own namespace.
#[xmlrpc_service(namespace = "currentTime", rename_all = "camelCase")]
pub trait CurrentTime {
    /// Returns the local time.
    async fn get_current_time(&self) -> DateTime;
}

/// Implements both services.
pub struct Example;

impl Demo for Example {
    async fn get_data(&self) -> String {
        "42".to_owned()
    }

    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault> {
        base.checked_pow(exponent).ok_or_else(|| {
            Fault::new(
                1,
                format!("{base} to the power of {exponent} exceeds 64 bits"),
            )
        })
    }

    async fn add(&self, a: i64, b: i64) -> Result<i64, Fault> {
        a.checked_add(b)
            .ok_or_else(|| Fault::new(1, format!("{a} + {b} exceeds 64 bits")))
    }
}

impl CurrentTime for Example {
    async fn get_current_time(&self) -> DateTime {
        Zoned::now().datetime().into()
    }
}
