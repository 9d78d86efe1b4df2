//! Our client calls another implementation's server.

mod calls;
mod http;
pub(crate) mod values;

use xmlrpc_client::{Client, ClientBuilder, Http};
use xmlrpc_core::Dialect;
use xmlrpc_examples::interop::PeerClient;

use crate::outcome::{CASES, Outcome};

/// A running server and its properties.
pub(crate) struct Server<'a> {
    pub(crate) url: &'a str,
    /// The URL of its unix socket, if it has one.
    pub(crate) unix: Option<&'a str>,
    pub(crate) dialect: Dialect,
    /// The cases that it cannot pass, with the reasons.
    pub(crate) cannot: &'a [(&'static str, &'static str)],
}

/// Why a case failed.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Server<'_> {
    fn client(&self) -> Result<Client> {
        Ok(self.builder(self.url).build()?)
    }

    fn builder(&self, url: &str) -> ClientBuilder {
        // The largest response has 20 MB of letters.
        let limits = xmlrpc_core::Limits::RESPONSE;
        Client::builder(url).dialect(self.dialect).limits(limits)
    }

    /// Why it cannot pass this case, if it cannot.
    fn reason(&self, case: &str) -> Option<&'static str> {
        let mut cannot = self.cannot.iter();
        cannot
            .find(|(cannot, _)| *cannot == case)
            .map(|(_, reason)| *reason)
    }

    fn stub(&self) -> Result<PeerClient<Http>> {
        Ok(PeerClient::new(self.client()?))
    }

    /// Runs all cases.
    pub(crate) async fn cases(&self) -> Vec<(&'static str, Outcome)> {
        let mut outcomes = Vec::new();
        for (case, _) in CASES {
            outcomes.push((*case, self.case(case).await));
        }
        outcomes
    }

    async fn case(&self, case: &str) -> Outcome {
        if let Some(reason) = self.reason(case) {
            return self.cannot(case, reason).await;
        }
        let result = match case {
            "gzip_request" => {
                return Outcome::Cannot("our client does not compress calls".to_owned());
            }
            "latin1_request" => return Outcome::Cannot("our client sends only UTF-8".to_owned()),
            case if values::CASES.contains(&case) => values::case(self, case).await,
            case if calls::CASES.contains(&case) => calls::case(self, case).await,
            case => http::case(self, case).await,
        };
        Outcome::of(result)
    }

    /// Runs a case that the peer cannot pass according to the table. If it passes, the table is out of date. A
    /// peer without multicall must pass with single calls.
    async fn cannot(&self, case: &str, reason: &str) -> Outcome {
        const LEARNED: &str = "it passes now; remove it from the table in peers.rs";
        if values::CASES.contains(&case) {
            return match values::lost(self, case).await {
                Ok((0, _)) => Outcome::Fail(LEARNED.to_owned()),
                Ok((lost, all)) => {
                    Outcome::Cannot(format!("{reason} ({lost} of {all} values lost)"))
                }
                Err(error) => Outcome::Fail(error.to_string()),
            };
        }
        if calls::CASES.contains(&case) && calls::case(self, case).await.is_ok() {
            return Outcome::Fail(LEARNED.to_owned());
        }
        if case == "multicall"
            && let Err(error) = calls::one_by_one(self).await
        {
            return Outcome::Fail(format!("one by one: {error}"));
        }
        Outcome::Cannot(reason.to_owned())
    }
}

/// Returns an error if the values differ.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result {
    if found == expected {
        return Ok(());
    }
    let cut = |value: &T| format!("{value:?}").chars().take(80).collect::<String>();
    Err(format!("expected {}, got {}", cut(expected), cut(found)).into())
}
