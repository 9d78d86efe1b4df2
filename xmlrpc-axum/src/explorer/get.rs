//! The responses to GET requests.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{
        ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
        CONTENT_TYPE, ETAG, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
    },
    request::Parts,
};

use super::{
    Explorer,
    assets::Asset,
    document::{Document, weighted},
};
use crate::{
    Endpoint,
    budget::{InFlight, charged},
    refusal::Refusal,
};

/// What the page may do: use its own files, and call its own server.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const VARIES: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");
static RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Where the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the path of the endpoint: only for requests that ask for HTML.
    Endpoint,
    /// On a path where nothing else is.
    OwnPath,
}

/// What a request asks for.
enum Asked {
    Page,
    Description,
    Asset(Asset),
}

/// Responds to a request for a document.
pub(crate) async fn respond(endpoint: &Endpoint, parts: &Parts, place: Place) -> Response {
    let Some(in_flight) = InFlight::enter(Arc::clone(&endpoint.budget)) else {
        return refused(Refusal::TooManyRequests);
    };
    match found(endpoint, parts, place).await {
        Ok(document) => sent(&document, parts, in_flight),
        Err(refusal) => refused(refusal),
    }
}

/// The document that a request asks for, if it may have it.
async fn found(endpoint: &Endpoint, parts: &Parts, place: Place) -> Result<Arc<Document>, Refusal> {
    let settings = &endpoint.settings;
    let explorer = settings.explorer.as_ref();
    let explorer = explorer.ok_or(Refusal::Method { page: false })?;
    let asked = asked(parts, place).ok_or(Refusal::Method { page: true })?;
    settings.origins.check_host(parts)?;
    match asked {
        // Other sites may have links to the page.
        Asked::Page => Ok(explorer.built(endpoint).await.page),
        Asked::Description => {
            settings.origins.check(parts)?;
            Ok(explorer.built(endpoint).await.description)
        }
        Asked::Asset(asset) => {
            settings.origins.check(parts)?;
            Ok(asset.document())
        }
    }
}

fn asked(parts: &Parts, place: Place) -> Option<Asked> {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return None;
    }
    let query = parts.uri.query().unwrap_or_default();
    let name = query.split('&').next().unwrap_or_default();
    if name == "description.json" {
        return Some(Asked::Description);
    }
    if let Some(asset) = Asset::named(name) {
        return Some(Asked::Asset(asset));
    }
    (place == Place::OwnPath || accepts_html(&parts.headers)).then_some(Asked::Page)
}

/// Whether the client asks for HTML by name. Programs that accept anything get an error instead, because
/// they probably meant to call.
fn accepts_html(headers: &HeaderMap) -> bool {
    weighted(headers, &ACCEPT).any(|(media_type, accepted)| {
        let is = |other: &str| media_type.eq_ignore_ascii_case(other);
        accepted && (is("text/html") || is("application/xhtml+xml"))
    })
}

fn sent(document: &Document, parts: &Parts, in_flight: InFlight) -> Response {
    let (form, encoding) = document.form(&parts.headers);
    let mut response = Response::default();
    let headers = response.headers_mut();
    headers.insert(ETAG, form.tag.clone());
    // The browser keeps the document, and asks each time whether it has changed.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    add_protection(headers);
    if document.is_known(&parts.headers) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let media_type = HeaderValue::from_static(document.media_type);
    headers.insert(CONTENT_TYPE, media_type);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(form.body.len()));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    // The document itself is in memory anyway, so only the request counts.
    let body = match parts.method {
        Method::HEAD => Bytes::new(),
        _ => form.body.clone(),
    };
    *response.body_mut() = charged(body, in_flight, None).into();
    response
}

fn refused(refusal: Refusal) -> Response {
    let mut response = refusal.into_response();
    add_protection(response.headers_mut());
    response
}

fn add_protection(headers: &mut HeaderMap) {
    headers.insert(VARY, VARIES);
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        RESOURCE_POLICY.clone(),
        HeaderValue::from_static("same-origin"),
    );
}

impl Explorer {
    /// The page and the description.
    async fn built(&self, endpoint: &Endpoint) -> super::cache::Built {
        self.cache.built(&self.calls, endpoint).await
    }
}
