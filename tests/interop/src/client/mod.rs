//! Our client calls a server of others.

mod calls;
mod http;
pub(crate) mod values;

use xmlrpc_client::{Client, Http};
use xmlrpc_core::Dialect;
use xmlrpc_examples::interop::PeerClient;

use crate::outcome::{CASES, Outcome};

/// A server that runs, and what is known of it.
pub(crate) struct Server<'a> {
    pub(crate) url: &'a str,
    pub(crate) dialect: Dialect,
    /// What it has not, or does otherwise, with the reason.
    pub(crate) cannot: &'a [(&'static str, &'static str)],
}

/// Why a case failed.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Server<'_> {
    fn client(&self) -> Result<Client> {
        // 20 MB of letters, of which some write the bytes doubly.
        let limits = xmlrpc_core::Limits::ANSWER;
        Ok(Client::builder(self.url)
            .dialect(self.dialect)
            .limits(limits)
            .build()?)
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
        if let Some((_, reason)) = self.cannot.iter().find(|(cannot, _)| *cannot == case) {
            return Outcome::Cannot((*reason).to_owned());
        }
        let result = match case {
            "no_params" | "many_params" | "fault" | "unknown_method" | "wrong_types"
            | "multicall" | "introspection" => calls::case(self, case).await,
            "gzip_request" => {
                return Outcome::Cannot("our client sends nothing compressed".to_owned());
            }
            "latin1_request" => return Outcome::Cannot("our client sends UTF-8 alone".to_owned()),
            "gzip_answer" | "keep_alive" | "concurrent" | "large_answer" | "basic_auth"
            | "latin1_answer" => http::case(self, case).await,
            _ => values::case(self, case).await,
        };
        Outcome::of(result)
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
