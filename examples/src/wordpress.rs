//! The interface of WordPress: <https://codex.wordpress.org/XML-RPC_WordPress_API>.
//!
//! The blog, the user and the password, which can be an application password, are the leading parameters of
//! [`WordPressClient`]. WordPress sends most numbers as text, and some texts as HTML. Instead of a struct that does not
//! exist, it sends an empty array.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use xmlrpc_core::{Base64, DateTime, Fault, TypedFault, with::number_text, xmlrpc_service};

/// Some of the methods.
#[xmlrpc_service(client, namespace = "wp")]
pub trait WordPress {
    /// Returns settings of the blog: those named in [`Site::SETTINGS`].
    #[xmlrpc(name = "getOptions", idempotent)]
    async fn site(&self, names: &[&str]) -> Result<Site, WordPressError>;

    /// Returns the user.
    #[xmlrpc(name = "getProfile", idempotent)]
    async fn profile(&self) -> Result<User, WordPressError>;

    /// Returns posts, the newest ones first.
    #[xmlrpc(name = "getPosts", idempotent)]
    async fn posts(&self, filter: &PostFilter<'_>) -> Result<Vec<Post>, WordPressError>;

    /// Returns a post.
    #[xmlrpc(name = "getPost", idempotent)]
    async fn post(&self, id: Id) -> Result<Post, WordPressError>;

    /// Creates a post, by default as a draft, and returns its identifier.
    #[xmlrpc(name = "newPost")]
    async fn create_post(&self, post: &PostContent<'_>) -> Result<Id, WordPressError>;

    /// Changes a post. The result is `true`.
    #[xmlrpc(name = "editPost")]
    async fn edit_post(&self, id: Id, post: &PostContent<'_>) -> Result<bool, WordPressError>;

    /// Moves a post to the trash, or deletes it if it is there. The result is `true`.
    #[xmlrpc(name = "deletePost")]
    async fn delete_post(&self, id: Id) -> Result<bool, WordPressError>;

    /// Returns the terms of a taxonomy, such as `category` and `post_tag`.
    #[xmlrpc(name = "getTerms", idempotent)]
    async fn terms(&self, taxonomy: &str) -> Result<Vec<Term>, WordPressError>;

    /// Uploads a file.
    #[xmlrpc(name = "uploadFile")]
    async fn upload(&self, file: &File<'_>) -> Result<Upload, WordPressError>;

    /// Returns comments.
    #[xmlrpc(name = "getComments", idempotent)]
    async fn comments(&self, filter: &CommentFilter) -> Result<Vec<Comment>, WordPressError>;

    /// Adds a comment to a post, and returns its identifier.
    #[xmlrpc(name = "newComment")]
    async fn comment(&self, post: Id, comment: &NewComment<'_>) -> Result<Id, WordPressError>;

    /// Deletes a comment. The result is `true`.
    #[xmlrpc(name = "deleteComment")]
    async fn delete_comment(&self, id: Id) -> Result<bool, WordPressError>;

    /// Returns the number of comments of a post.
    #[xmlrpc(name = "getCommentCount", idempotent)]
    async fn comment_count(&self, post: Id) -> Result<CommentCount, WordPressError>;
}

/// The most frequent errors.
#[derive(Debug, PartialEq, TypedFault)]
pub enum WordPressError {
    /// The user may not do this.
    #[fault(code = 401, message = "{0}")]
    NotAllowed(String),
    /// The user or the password is wrong, or a value is not valid.
    #[fault(code = 403, message = "{0}")]
    Forbidden(String),
    /// The post or comment does not exist.
    #[fault(code = 404, message = "{0}")]
    NotFound(String),
    /// Another error.
    #[fault(other)]
    Other(Fault),
}

/// The identifier of a post, a user, a term, a file or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(#[serde(with = "number_text")] pub u64);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Settings of the blog.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the names explain them")]
pub struct Site {
    pub blog_title: Setting,
    pub blog_url: Setting,
    pub software_version: Setting,
}

impl Site {
    /// The names of these settings.
    pub const SETTINGS: [&str; 3] = ["blog_title", "blog_url", "software_version"];
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Setting {
    /// Its value, as HTML.
    pub value: String,
    /// Whether it cannot be changed.
    pub readonly: bool,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The identifier.
    pub user_id: Id,
    /// The name that readers see.
    pub display_name: String,
    /// For example `author`.
    pub roles: Vec<String>,
}

/// Which posts to return.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PostFilter<'a> {
    /// For example `draft` and `publish`.
    pub post_status: Option<&'a [&'a str]>,
    /// How many posts to return at most. The default is 10.
    pub number: Option<u32>,
    /// How many posts to leave out at the start.
    pub offset: Option<u32>,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Post {
    /// Its identifier.
    #[serde(rename = "post_id")]
    pub id: Id,
    /// Its title.
    #[serde(rename = "post_title")]
    pub title: String,
    /// Its text, with the marks of the editor.
    #[serde(rename = "post_content")]
    pub content: String,
    /// For example `draft`.
    #[serde(rename = "post_status")]
    pub status: String,
    /// Its author.
    #[serde(rename = "post_author")]
    pub author: Id,
    /// The page that it belongs to.
    #[serde(rename = "post_parent", deserialize_with = "unless_zero")]
    pub parent: Option<Id>,
    /// Its date in UTC. Some drafts have none.
    #[serde(rename = "post_date_gmt")]
    pub date: Option<DateTime>,
    /// Its address.
    pub link: String,
    /// Its picture.
    #[serde(rename = "post_thumbnail", deserialize_with = "unless_empty")]
    pub thumbnail: Option<Media>,
    /// Its categories and tags.
    pub terms: Vec<Term>,
}

/// A new post, or a change of one. [`None`] is the default, or changes nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PostContent<'a> {
    /// Its title.
    pub post_title: Option<&'a str>,
    /// Its text.
    pub post_content: Option<&'a str>,
    /// For example `publish`.
    pub post_status: Option<&'a str>,
    /// Whether readers may comment: `open` or `closed`, which is the default.
    pub comment_status: Option<&'a str>,
    /// The identifier of its picture.
    pub post_thumbnail: Option<Id>,
    /// The names of its terms by their taxonomies. Missing terms are created.
    pub terms_names: Option<BTreeMap<&'a str, &'a [&'a str]>>,
}

/// A category or a tag.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Term {
    /// Its identifier.
    #[serde(rename = "term_id")]
    pub id: Id,
    /// Its name.
    pub name: String,
    /// For example `category`.
    pub taxonomy: String,
    /// The category that it belongs to.
    #[serde(deserialize_with = "unless_zero")]
    pub parent: Option<Id>,
    /// How many posts have it.
    pub count: u32,
}

/// A file to upload.
#[derive(Clone, Debug, Serialize)]
pub struct File<'a> {
    /// Its name. WordPress changes it if it is in use.
    pub name: &'a str,
    /// Its media type, for example `image/png`.
    #[serde(rename = "type")]
    pub media_type: &'a str,
    /// Its content.
    pub bits: Base64,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Upload {
    /// Its identifier.
    pub id: Id,
    /// Its name.
    pub file: String,
    /// Its address.
    pub url: String,
}

/// A picture or another file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Media {
    /// Its identifier.
    #[serde(rename = "attachment_id")]
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Its address.
    pub link: String,
}

/// Which comments to return.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CommentFilter {
    /// Those of this post.
    pub post_id: Option<Id>,
    /// How many comments to return at most. The default is 10.
    pub number: Option<u32>,
}

impl From<Id> for CommentFilter {
    /// The comments of a post.
    fn from(post: Id) -> Self {
        Self {
            post_id: Some(post),
            number: None,
        }
    }
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Comment {
    /// Its identifier.
    #[serde(rename = "comment_id")]
    pub id: Id,
    /// The comment that it replies to.
    #[serde(deserialize_with = "unless_zero")]
    pub parent: Option<Id>,
    /// The name of its author.
    pub author: String,
    /// Its text.
    pub content: String,
    /// For example `approve`.
    pub status: String,
    /// Its date in UTC.
    #[serde(rename = "date_created_gmt")]
    pub date: DateTime,
}

/// A new comment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewComment<'a> {
    /// Its text.
    pub content: &'a str,
    /// The comment that it replies to.
    pub comment_parent: Option<Id>,
}

/// The number of comments of a post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the names explain them")]
pub struct CommentCount {
    pub approved: u32,
    pub awaiting_moderation: u32,
    pub spam: u32,
    pub total_comments: u32,
}

/// Reads an identifier, or `None` from 0.
fn unless_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Id>, D::Error> {
    let id = Id::deserialize(deserializer)?;
    Ok((id.0 != 0).then_some(id))
}

/// Reads a struct, or `None` from an array.
fn unless_empty<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(StructOrArray(PhantomData))
}

struct StructOrArray<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for StructOrArray<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a struct, or an empty array")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Option<T>, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
