//! A crate that knows `xmlrpc-core` only under another name. The expansion must use that name.

/// A service of the renamed crate.
#[other_name::xmlrpc_service(crate = other_name)]
pub trait Calc {
    /// Adds two numbers. The second one is optional.
    async fn add(&self, a: i64, b: Option<&i64>) -> Result<i64, other_name::Fault>;
}

/// The path in quotes, as in serde.
#[other_name::xmlrpc_service(crate = "crate::inner::again")]
pub trait Quoted {
    /// Returns one.
    async fn one(&self) -> i64;
}

/// An error of the renamed crate.
#[derive(Debug, PartialEq, other_name::TypedFault)]
#[fault(crate = other_name, code = 1, message = "{0} is too large")]
pub struct TooLarge(pub i64);

/// The path in quotes.
#[derive(Debug, PartialEq, other_name::TypedFault)]
#[fault(crate = "crate::inner::again")]
pub enum Errors {
    /// The error above.
    #[fault(other)]
    TooLarge(TooLarge),
}

mod inner {
    pub(crate) use other_name as again;
}

#[cfg(test)]
mod tests {
    use super::*;
    use other_name::{Client, Dispatcher, Fault};

    struct Exact;

    impl Calc for Exact {
        async fn add(&self, a: i64, b: Option<&i64>) -> Result<i64, Fault> {
            Ok(a + b.unwrap_or(&0))
        }
    }

    impl Quoted for Exact {
        async fn one(&self) -> i64 {
            1
        }
    }

    #[test]
    fn an_error_of_a_renamed_crate_comes_back() {
        use other_name::TypedFault as _;
        let fault = Fault::from(Errors::TooLarge(TooLarge(7)));
        assert_eq!(fault, Fault::new(1, "7 is too large"));
        assert_eq!(
            Errors::from_fault(&fault),
            Some(Errors::TooLarge(TooLarge(7)))
        );
    }

    #[tokio::test]
    async fn a_renamed_crate_is_the_same() {
        let dispatcher = Dispatcher::new()
            .service(CalcServer::new(Exact))
            .service(QuotedServer::new(Exact));
        let client = Client::new(dispatcher);
        assert_eq!(CalcClient::new(&client).add(1, Some(&2)).await.unwrap(), 3);
        assert_eq!(QuotedClient::new(&client).one().await.unwrap(), 1);
    }
}
