//! The settings of an endpoint, and what they decide from the head of a request.

use std::time::Duration;

use http::{Method, request::Parts};

use crate::{
    body::{Encoding, Rules},
    head::Head,
    origin::Origins,
    refusal::Refusal,
    served::Served,
};

/// Shared by the clones of an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    // Here, because the endpoint is cloned for each request.
    pub(crate) served: Served,
    pub(crate) max_body_bytes: usize,
    pub(crate) body_timeout: Duration,
    pub(crate) admission_timeout: Duration,
    pub(crate) origins: Origins,
    pub(crate) form_content_type: bool,
    #[cfg(feature = "explorer")]
    pub(crate) explorer: Option<crate::explorer::Explorer>,
}

impl Settings {
    pub(crate) fn new(served: Served, max_body_bytes: usize) -> Self {
        Self {
            served,
            max_body_bytes,
            body_timeout: Duration::from_secs(60),
            admission_timeout: Duration::from_secs(10),
            origins: Origins::default(),
            form_content_type: false,
            #[cfg(feature = "explorer")]
            explorer: None,
        }
    }

    /// Whether requests for the page are answered.
    #[allow(
        clippy::unused_self,
        clippy::missing_const_for_fn,
        reason = "with the feature `explorer`, it depends on the setting"
    )]
    fn has_page(&self) -> bool {
        #[cfg(feature = "explorer")]
        let page = self.explorer.is_some();
        #[cfg(not(feature = "explorer"))]
        let page = false;
        page
    }

    /// Decides from the head of a request whether and how its body is read.
    pub(crate) fn rules(&self, parts: &Parts) -> Result<Rules, Refusal> {
        if parts.method != Method::POST {
            return Err(Refusal::Method {
                page: self.has_page(),
            });
        }
        let head = Head::of(&parts.headers, self.form_content_type);
        if head.by_browser {
            self.origins.check(parts)?;
        }
        if head.of_web_pages {
            return Err(Refusal::ContentType);
        }
        let encoding = Encoding::of(&head)?;
        let limit = self.max_body_bytes;
        if head.length.is_some_and(|length| length > limit as u64) {
            return Err(Refusal::TooLarge { limit });
        }
        Ok(Rules {
            encoding,
            length: head.length.and_then(|length| length.try_into().ok()),
            limit,
            head: head.bytes,
            timeout: self.body_timeout,
            admission_timeout: self.admission_timeout,
        })
    }
}
