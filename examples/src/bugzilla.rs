//! The interface of Bugzilla: <https://bugzilla.readthedocs.io/en/5.2/api/>, which describes the same methods for
//! XML-RPC and JSON.
//!
//! Each method takes one struct, and returns one; most of the latter are envelopes with one member. The API key is the
//! member `Bugzilla_api_key` of each struct: [`Login`] is for `with_leading_members`, which adds it to all calls.
//! Bugzilla 5.0 and 5.2 do not read it from a header. Members without a value are missing, or nil in old versions.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use xmlrpc_core::{DateTime, Envelope, Fault, TypedFault, with::date_text, xmlrpc_service};

/// Some of the methods. Reading needs no API key if the bugs are public.
#[xmlrpc_service(client)]
pub trait Bugzilla {
    /// Returns the version of Bugzilla.
    #[xmlrpc(name = "Bugzilla.version", idempotent, envelope = InVersion)]
    async fn version(&self) -> Result<String, BugzillaError>;

    /// Returns the products with these names.
    #[xmlrpc(name = "Product.get", params = struct, idempotent, envelope = InProducts)]
    async fn products(&self, names: &[&str]) -> Result<Vec<Product>, BugzillaError>;

    /// Returns the bugs that meet all criteria.
    #[xmlrpc(name = "Bug.search", idempotent, envelope = InBugs)]
    async fn search(&self, criteria: &Criteria<'_>) -> Result<Vec<Bug>, BugzillaError>;

    /// Returns the bugs with these numbers.
    #[xmlrpc(name = "Bug.get", params = struct, idempotent, envelope = InBugs)]
    async fn bugs(&self, ids: &[u32]) -> Result<Vec<Bug>, BugzillaError>;

    /// Returns the comments of bugs by their numbers. The first comment of a bug is its description.
    #[xmlrpc(name = "Bug.comments", params = struct, idempotent, envelope = InBugs)]
    async fn comments(
        &self,
        ids: &[u32],
        new_since: Option<DateTime>,
    ) -> Result<BTreeMap<u32, Comments>, BugzillaError>;

    /// Reports a bug, and returns its number.
    #[xmlrpc(name = "Bug.create", envelope = InId)]
    async fn create(&self, bug: &NewBug<'_>) -> Result<u32, BugzillaError>;

    /// Changes bugs.
    #[xmlrpc(name = "Bug.update", envelope = InBugs)]
    async fn update(&self, update: &Update<'_>) -> Result<Vec<Updated>, BugzillaError>;

    /// Adds a comment to a bug, and returns the number of the comment.
    #[xmlrpc(name = "Bug.add_comment", params = struct, envelope = InId)]
    async fn add_comment(
        &self,
        id: u32,
        comment: &str,
        is_private: Option<bool>,
    ) -> Result<u32, BugzillaError>;
}

/// Who calls. Without a key, the caller is anonymous.
#[derive(Clone, Default, Serialize)]
pub struct Login {
    /// The key that the user created in the preferences of Bugzilla.
    #[serde(rename = "Bugzilla_api_key")]
    pub api_key: Option<String>,
}

macro_rules! envelopes {
    ($($(#[$doc:meta])* $name:ident { $member:ident },)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub struct $name<T> {
            $member: T,
        }

        impl<T> Envelope for $name<T> {
            type Value = T;

            fn open(self) -> Result<T, Fault> {
                Ok(self.$member)
            }
        }
    )*};
}

envelopes! {
    /// A struct with the member `bugs`.
    InBugs { bugs },
    /// A struct with the member `products`.
    InProducts { products },
    /// A struct with the member `id`.
    InId { id },
    /// A struct with the member `version`.
    InVersion { version },
}

/// The most frequent errors.
#[derive(Debug, PartialEq, TypedFault)]
pub enum BugzillaError {
    /// The bug does not exist.
    #[fault(code = 101, message = "{0}")]
    NoBug(String),
    /// The user may not see the bug.
    #[fault(code = 102, message = "{0}")]
    Forbidden(String),
    /// The API key is not valid.
    #[fault(code = 306, message = "{0}")]
    InvalidKey(String),
    /// The method needs an API key.
    #[fault(code = 410, message = "{0}")]
    LoginRequired(String),
    /// Another error.
    #[fault(other)]
    Other(Fault),
}

/// What to search for. A bug matches a criterion if it has one of its values. [`None`] matches each bug.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs, reason = "the fields are those of a bug")]
pub struct Criteria<'a> {
    pub product: Option<&'a [&'a str]>,
    pub component: Option<&'a [&'a str]>,
    pub status: Option<&'a [&'a str]>,
    pub assigned_to: Option<&'a [&'a str]>,
    /// The summary contains one of these texts.
    pub summary: Option<&'a [&'a str]>,
    /// The last change was at this time or later.
    pub last_change_time: Option<DateTime>,
    /// How many bugs to return at most.
    pub limit: Option<u32>,
    /// How many bugs to leave out at the start. Bugzilla refuses it without a `limit`.
    pub offset: Option<u32>,
}

/// A bug. Dates are in UTC.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Bug {
    /// Its number.
    pub id: u32,
    /// Its title.
    pub summary: String,
    /// Its product.
    pub product: String,
    /// The part of the product.
    pub component: String,
    /// For example `CONFIRMED`.
    pub status: String,
    /// Why it was closed, for example `FIXED`. Empty if it is open.
    pub resolution: String,
    /// Whether it is open.
    pub is_open: bool,
    /// Who works on it.
    pub assigned_to: String,
    /// The bug that it duplicates.
    pub dupe_of: Option<u32>,
    /// The bugs that have to be closed before it.
    pub depends_on: Vec<u32>,
    /// The day on which it is due.
    #[serde(with = "date_text", default)]
    pub deadline: Option<Date>,
    /// How many hours it may take. Missing if the user may not see it.
    pub estimated_time: Option<f64>,
    /// When it was changed last.
    pub last_change_time: DateTime,
}

/// The comments of a bug.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Comments {
    /// In order.
    pub comments: Vec<Comment>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Comment {
    /// Its number among the comments of the bug, from 0.
    pub count: u32,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub creator: String,
    /// When it was written, in UTC.
    pub time: DateTime,
    /// The attachment that was added with it.
    pub attachment_id: Option<u32>,
}

/// A new bug. Some installations require more fields.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs, reason = "the fields are those of a bug")]
pub struct NewBug<'a> {
    pub product: &'a str,
    pub component: &'a str,
    pub version: &'a str,
    pub summary: &'a str,
    /// The first comment.
    pub description: Option<&'a str>,
    pub assigned_to: Option<&'a str>,
}

/// A change of bugs. [`None`] changes nothing.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs, reason = "the fields are those of a bug")]
pub struct Update<'a> {
    pub ids: &'a [u32],
    pub status: Option<&'a str>,
    pub resolution: Option<&'a str>,
    pub assigned_to: Option<&'a str>,
}

/// A bug that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Updated {
    /// Its number.
    pub id: u32,
    /// The fields that changed.
    pub changes: BTreeMap<String, Change>,
}

/// The change of a field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Change {
    /// The values before.
    pub removed: String,
    /// The values after.
    pub added: String,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Its parts.
    pub components: Vec<Component>,
}

/// A part of a product.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
}
