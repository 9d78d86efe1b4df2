//! A document that is sent many times: as it is, compressed, or not at all if the browser has it.

use std::{
    hash::{DefaultHasher, Hasher},
    io::Write,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, IF_NONE_MATCH},
};

/// A document with its compressed form.
pub(super) struct Document {
    pub(super) media_type: &'static str,
    plain: Form,
    /// `None` if it would not be shorter.
    gzip: Option<Form>,
}

/// A form of a document, with its entity tag.
#[derive(Clone)]
pub(super) struct Form {
    pub(super) body: Bytes,
    pub(super) tag: HeaderValue,
}

impl Document {
    pub(super) fn new(media_type: &'static str, text: String) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(text.as_bytes());
        let hash = hasher.finish();
        let form = |body: Bytes, suffix: &str| Form {
            body,
            tag: HeaderValue::try_from(format!("\"{hash:016x}{suffix}\""))
                .unwrap_or(HeaderValue::from_static("\"\"")),
        };
        let gzip = compressed(text.as_bytes()).filter(|gzip| gzip.len() < text.len());
        Self {
            media_type,
            gzip: gzip.map(|gzip| form(gzip.into(), "-gzip")),
            plain: form(text.into(), ""),
        }
    }

    /// The form that a browser accepts, and its `Content-Encoding`.
    pub(super) fn form(&self, headers: &HeaderMap) -> (&Form, Option<&'static str>) {
        match &self.gzip {
            Some(gzip) if accepts_gzip(headers) => (gzip, Some("gzip")),
            _ => (&self.plain, None),
        }
    }

    /// Whether the browser already has the document, in whatever form.
    pub(super) fn is_known(&self, headers: &HeaderMap) -> bool {
        let tags = headers.get_all(IF_NONE_MATCH).iter();
        let mut tags = tags
            .filter_map(|tags| tags.to_str().ok())
            .flat_map(|tags| tags.split(','))
            .map(str::trim);
        let forms = [Some(&self.plain), self.gzip.as_ref()];
        tags.any(|tag| {
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag == "*" || forms.iter().flatten().any(|form| form.tag == tag)
        })
    }
}

fn compressed(text: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).ok()?;
    encoder.finish().ok()
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut any = false;
    for (coding, weight) in weighted(headers, &ACCEPT_ENCODING) {
        let is = |other: &str| coding.eq_ignore_ascii_case(other);
        if is("gzip") || is("x-gzip") {
            return weight;
        }
        if coding == "*" {
            any = weight;
        }
    }
    any
}

/// The elements of a header such as `Accept`, each with whether its weight is above zero.
pub(super) fn weighted<'a>(
    headers: &'a HeaderMap,
    name: &http::HeaderName,
) -> impl Iterator<Item = (&'a str, bool)> {
    let values = headers.get_all(name).iter();
    let elements = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    elements.map(|element| {
        let mut parts = element.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let weight = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        (name, weight > 0.0_f32)
    })
}
