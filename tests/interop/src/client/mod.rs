//! Our client calls a server of others.

mod calls;
mod http;
pub(crate) mod values;

use xmlrpc_client::{Client, ClientBuilder, Http};
use xmlrpc_core::Dialect;
use xmlrpc_examples::interop::PeerClient;

use crate::outcome::{CASES, Outcome};

/// A server that runs, and what is known of it.
pub(crate) struct Server<'a> {
    pub(crate) url: &'a str,
    /// The URL of its unix socket, if it has one.
    pub(crate) unix: Option<&'a str>,
    pub(crate) dialect: Dialect,
    /// What it has not, or does otherwise, with the reason.
    pub(crate) cannot: &'a [(&'static str, &'static str)],
}

/// Why a case failed.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Server<'_> {
    fn client(&self) -> Result<Client> {
        Ok(self.builder(self.url).build()?)
    }

    fn builder(&self, url: &str) -> ClientBuilder {
        // 20 MB of letters, of which some write the bytes doubly.
        let limits = xmlrpc_core::Limits::RESPONSE;
        Client::builder(url).dialect(self.dialect).limits(limits)
    }

    /// Why it cannot be asked for this, if so.
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
                return Outcome::Cannot("our client sends nothing compressed".to_owned());
            }
            "latin1_request" => return Outcome::Cannot("our client sends UTF-8 alone".to_owned()),
            case if values::CASES.contains(&case) => values::case(self, case).await,
            case if calls::CASES.contains(&case) => calls::case(self, case).await,
            case => http::case(self, case).await,
        };
        Outcome::of(result)
    }

    /// What a peer cannot. It is still asked for values and calls, so that the table does not outlive its
    /// reasons; where there is no multicall, single calls are to take its place.
    async fn cannot(&self, case: &str, reason: &str) -> Outcome {
        const LEARNED: &str = "it can, and is in the table of what it cannot";
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

/// The error of what came instead of what was expected.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result {
    if found == expected {
        return Ok(());
    }
    let cut = |value: &T| format!("{value:?}").chars().take(80).collect::<String>();
    Err(format!("expected {}, got {}", cut(expected), cut(found)).into())
}
