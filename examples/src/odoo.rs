//! The interface of Odoo: <https://www.odoo.com/documentation/17.0/developer/reference/external_api.html>.
//!
//! Odoo sends `False` for an empty field of any type, and dates as text. All models share one method, `execute_kw`,
//! which gets the database, the user and the password with every call: they are the leading parameters of
//! [`ModelClient`], together with the name of the model.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{
    Call, DateTime, Transport, TypedFault,
    schema::Schema,
    with::{date_text, false_as_none},
    xmlrpc_service,
};

/// The methods of `/xmlrpc/2/common`, which need no login.
#[xmlrpc_service(client)]
pub trait Common {
    /// Returns the version of the server.
    #[xmlrpc(idempotent)]
    async fn version(&self) -> Version;

    /// Returns the identifier of a user, whose password can be an API key. The last parameter describes the client to
    /// the log of Odoo.
    #[xmlrpc(idempotent)]
    async fn authenticate(
        &self,
        database: &str,
        user: &str,
        password: &str,
        agent: &Agent,
    ) -> Result<Uid, OdooError>;
}

/// The methods of `/xmlrpc/2/object` for one model, such as `res.partner`. The leading parameters are the database, the
/// identifier of the user, the password and the name of the model. The stub also has functions for the methods that each
/// model has, such as [`search_read`](ModelClient::search_read).
#[xmlrpc_service(client)]
pub trait Model {
    /// Calls a method of the model that changes nothing.
    #[xmlrpc(name = "execute_kw", idempotent)]
    async fn query<R: DeserializeOwned>(
        &self,
        method: &str,
        args: impl Serialize,
        keywords: impl Serialize,
    ) -> Result<R, OdooError>;

    /// Calls any method of the model. Odoo cannot send the result of a method that returns nothing: the method runs,
    /// and its caller gets [`OdooError::Failed`].
    #[xmlrpc(name = "execute_kw")]
    async fn execute<R: DeserializeOwned>(
        &self,
        method: &str,
        args: impl Serialize,
        keywords: impl Serialize,
    ) -> Result<R, OdooError>;
}

impl<T: Transport> ModelClient<T> {
    /// Returns the records that match a domain, with the fields that `R` has. A domain is a list of terms such as
    /// `[("is_company", "=", true)]`; [`ALL`] matches each record.
    pub fn search_read<R: DeserializeOwned>(
        &self,
        domain: impl Serialize,
        page: &Page<'_>,
    ) -> Call<T, Vec<R>> {
        let fields = fields::<R>();
        self.query("search_read", (domain,), Search { fields, page })
    }

    /// Returns the number of records that match a domain.
    pub fn search_count(&self, domain: impl Serialize) -> Call<T, u64> {
        self.query("search_count", (domain,), Nothing {})
    }

    /// Returns the records with these identifiers, with the fields that `R` has.
    pub fn read<R: DeserializeOwned>(&self, ids: &[i64]) -> Call<T, Vec<R>> {
        self.query("read", (ids, fields::<R>()), Nothing {})
    }

    /// Creates a record from its fields, and returns its identifier.
    pub fn create(&self, record: impl Serialize) -> Call<T, i64> {
        self.execute("create", (record,), Nothing {})
    }

    /// Changes fields of records. The result is `true`.
    pub fn write(&self, ids: &[i64], fields: impl Serialize) -> Call<T, bool> {
        self.execute("write", (ids, fields), Nothing {})
    }

    /// Deletes records. The result is `true`.
    pub fn unlink(&self, ids: &[i64]) -> Call<T, bool> {
        self.execute("unlink", (ids,), Nothing {})
    }
}

/// The names of the members of a type.
fn fields<R: DeserializeOwned>() -> Vec<String> {
    match Schema::of::<R>() {
        Schema::Struct(members) => members.into_iter().map(|member| member.name).collect(),
        _ => Vec::new(), // Odoo then returns all fields
    }
}

/// The domain that matches each record.
pub const ALL: [(); 0] = [];

/// Some of the records that match.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Page<'a> {
    /// How many records to leave out at the start.
    pub offset: Option<u32>,
    /// How many records to return at most.
    pub limit: Option<u32>,
    /// The fields that sort the records, for example `name, id desc`.
    pub order: Option<&'a str>,
}

#[derive(Serialize)]
struct Search<'a> {
    fields: Vec<String>,
    #[serde(flatten)]
    page: &'a Page<'a>,
}

#[derive(Serialize)]
struct Nothing {}

/// What a client says about itself: nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Agent {}

/// The identifier of a user, or `None` if the user or the password is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Uid(#[serde(with = "false_as_none")] pub Option<i64>);

/// The faults of Odoo. For a fault of another code, use [`ClientError::fault`](xmlrpc_core::ClientError::fault).
#[derive(Debug, PartialEq, Eq, TypedFault)]
pub enum OdooError {
    /// An exception that Odoo did not expect, with its traceback. [`cause`](Self::cause) is its last line.
    #[fault(code = 1, message = "{0}")]
    Failed(String),
    /// A message for the user: a rule of the model, or a record that does not exist.
    #[fault(code = 2, message = "{0}")]
    Refused(String),
    /// The user or the password is wrong.
    #[fault(code = 3, message = "{0}")]
    AccessDenied(String),
    /// The user may not do this.
    #[fault(code = 4, message = "{0}")]
    AccessError(String),
}

impl OdooError {
    /// The error without its traceback.
    pub fn cause(&self) -> &str {
        match self {
            Self::Failed(text) => text.trim_end().lines().next_back().unwrap_or_default(),
            Self::Refused(text) | Self::AccessDenied(text) | Self::AccessError(text) => text,
        }
    }
}

/// The version of the server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Version {
    /// For example `17.0`.
    pub server_version: String,
}

/// A record that a field refers to: its identifier and its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Reference(pub i64, pub String);

/// A contact: some of the fields of `res.partner`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contact {
    /// Its identifier.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its address for mail.
    #[serde(with = "false_as_none")]
    pub email: Option<String>,
    /// The company that it belongs to.
    #[serde(with = "false_as_none")]
    pub parent_id: Option<Reference>,
    /// Its country.
    #[serde(with = "false_as_none")]
    pub country_id: Option<Reference>,
    /// The identifiers of its tags.
    pub category_id: Vec<i64>,
    /// When it was created, in UTC.
    #[serde(with = "date_text")]
    pub create_date: DateTime,
}

/// The fields of a new contact.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs, reason = "they are those of a contact")]
pub struct NewContact<'a> {
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub is_company: bool,
}

/// A change of a contact.
#[derive(Clone, Debug, Serialize)]
pub struct NewEmail {
    /// Its new address for mail, or `None` to remove it.
    #[serde(with = "false_as_none")]
    pub email: Option<String>,
}
