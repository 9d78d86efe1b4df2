//! The page and the description, which are made when they are first asked for.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{description::Description, document::Document, page};
use crate::{Endpoint, served::Served};

/// How long the description of another server is kept.
const KEPT: Duration = Duration::from_secs(60);
/// How long a description is kept that has failed or is incomplete.
const KEPT_INCOMPLETE: Duration = Duration::from_secs(5);

/// The page and `description.json`.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) page: Arc<Document>,
    pub(super) description: Arc<Document>,
}

/// What was made last, and how long it is valid. The lock is held while it is made, so it is made once.
#[derive(Default)]
pub(super) struct Cache(Mutex<Option<(Built, Valid)>>);

#[derive(Clone, Copy, Debug)]
enum Valid {
    Always,
    /// As long as the dispatcher has been replaced so often.
    Replaced(u64),
    Until(Instant),
}

impl Valid {
    fn is_now(self, served: &Served) -> bool {
        match (self, served) {
            (Self::Always, _) => true,
            (Self::Replaced(times), Served::Replaceable(dispatcher)) => {
                dispatcher.times_replaced() == times
            }
            (Self::Replaced(_), _) => false,
            (Self::Until(end), _) => Instant::now() < end,
        }
    }
}

impl Cache {
    /// What the endpoint serves now. `calls` is the URL for calls.
    pub(super) async fn built(&self, calls: &str, endpoint: &Endpoint) -> Built {
        let served = &endpoint.settings.served;
        let mut kept = self.0.lock().await;
        if let Some((built, valid)) = &*kept
            && valid.is_now(served)
        {
            return built.clone();
        }
        let (description, valid) = match served {
            Served::Dispatcher(dispatcher) => (
                Description::of_dispatcher(endpoint, dispatcher),
                Valid::Always,
            ),
            Served::Replaceable(dispatcher) => {
                // First, so that the page is made again if it is replaced meanwhile.
                let times = dispatcher.times_replaced();
                let description = Description::of_dispatcher(endpoint, &dispatcher.current());
                (description, Valid::Replaced(times))
            }
            Served::Transport(transport) => {
                let description = Description::of_transport(endpoint, transport).await;
                let time = match description.warning {
                    None => KEPT,
                    Some(_) => KEPT_INCOMPLETE,
                };
                (description, Valid::Until(Instant::now() + time))
            }
        };
        let built = build(calls, &description);
        *kept = Some((built.clone(), valid));
        built
    }
}

fn build(calls: &str, description: &Description) -> Built {
    let page = page::render(calls, description).into_string();
    let json = description.to_json(calls);
    Built {
        page: Arc::new(Document::new("text/html; charset=utf-8", page)),
        description: Arc::new(Document::new("application/json", json)),
    }
}
