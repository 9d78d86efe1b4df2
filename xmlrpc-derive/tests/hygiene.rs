//! The expansion must compile without any names in scope, and under strict lints.

#![no_implicit_prelude]
#![deny(missing_docs, warnings, clippy::pedantic, unreachable_pub)]

use ::std::{
    borrow::Cow,
    collections::HashMap,
    convert::From,
    option::Option::{self, None, Some},
    result::Result,
    string::{String, ToString},
    vec::Vec,
};

use ::xmlrpc_core::{Context, Fault, TypedFault, xmlrpc_service};

/// Parameters with names that the expansion might use itself.
#[xmlrpc_service(namespace = "names")]
pub trait Names {
    /// Each value must reach the method.
    async fn all(
        &self,
        this: i64,
        call: &str,
        params: &[i64],
        encoder: Option<&str>,
        result: Option<i64>,
    ) -> String;

    /// A raw identifier.
    async fn r#type(&self, r#struct: i64) -> i64;

    /// A lent parameter, an abbreviated type, and the context.
    async fn lend(
        &self,
        map: &HashMap<String, i64>,
        text: Cow<'_, str>,
        #[xmlrpc(context)] context: &Context,
    ) -> Vec<String>;

    /// An explicit lifetime.
    async fn spelt<'a>(&self, first: &'a str, second: Option<&'a str>) -> String;

    /// A method that `cfg` removes.
    #[cfg(any())]
    async fn nowhere(&self, nothing: Nothing) -> Nothing;

    /// A deprecated method.
    #[deprecated = "call something else"]
    async fn old(&self);

    /// A method that is not `async`.
    #[xmlrpc(idempotent)]
    fn at_once(&self) -> i64;

    /// Defaults and the rest, with the same names.
    async fn defaults(
        &self,
        #[xmlrpc(default = Some(1).unwrap_or(2))] this: i64,
        #[xmlrpc(default)] params: Cow<'_, str>,
        #[xmlrpc(default = &[])] encoder: &[i64],
        #[xmlrpc(rest)] result: Vec<String>,
    ) -> String;

    /// Parameters by name, with the same names.
    #[xmlrpc(params = struct, rename_all = "UPPERCASE")]
    async fn named(
        &self,
        this: i64,
        #[xmlrpc(default = "call")] call: &str,
        params: &[i64],
        encoder: Option<&str>,
        result: Option<i64>,
    ) -> String;

    /// A default body.
    async fn by_default(&self, text: &str) -> Result<usize, Fault> {
        Result::Ok(text.len())
    }
}

/// The implementation of all traits.
#[derive(Debug)]
pub struct Implementation;

impl Names for Implementation {
    async fn all(
        &self,
        this: i64,
        call: &str,
        params: &[i64],
        encoder: Option<&str>,
        result: Option<i64>,
    ) -> String {
        ::std::format!("{this} {call} {params:?} {encoder:?} {result:?}")
    }

    async fn r#type(&self, r#struct: i64) -> i64 {
        r#struct
    }

    async fn lend(
        &self,
        map: &HashMap<String, i64>,
        text: Cow<'_, str>,
        context: &Context,
    ) -> Vec<String> {
        let headers = context.headers().len();
        ::std::vec![map.len().to_string(), text.to_string(), headers.to_string()]
    }

    async fn spelt<'a>(&self, first: &'a str, second: Option<&'a str>) -> String {
        ::std::format!("{first} {second:?}")
    }

    async fn defaults(
        &self,
        this: i64,
        params: Cow<'_, str>,
        encoder: &[i64],
        result: Vec<String>,
    ) -> String {
        ::std::format!("{this} {params} {encoder:?} {result:?}")
    }

    async fn named(
        &self,
        this: i64,
        call: &str,
        params: &[i64],
        encoder: Option<&str>,
        result: Option<i64>,
    ) -> String {
        ::std::format!("{this} {call} {params:?} {encoder:?} {result:?}")
    }

    async fn old(&self) {}

    fn at_once(&self) -> i64 {
        7
    }
}

/// `cfg` removes the trait and everything generated from it.
#[xmlrpc_service]
#[cfg(any())]
pub trait Absent {
    /// A type that does not exist.
    async fn nowhere(&self, nothing: Nothing) -> Nothing;
}

/// The same, with the attributes in the other order.
#[cfg(any())]
#[xmlrpc_service]
pub trait AbsentToo {
    /// A type that does not exist.
    async fn nowhere(&self, nothing: Nothing) -> Nothing;
}

/// The names of the removed types are free.
pub mod free {
    #![allow(missing_docs)]
    pub struct AbsentServer;
    pub struct AbsentClient;
    pub struct AbsentTooServer;
    pub struct AbsentTooClient;
}

pub use free::{AbsentClient, AbsentServer, AbsentTooClient, AbsentTooServer};

/// `cfg` keeps the trait.
#[xmlrpc_service]
#[cfg(not(any()))]
pub trait Present {
    /// Doubles the number.
    async fn double(&self, number: i64) -> i64;
}

impl Present for Implementation {
    async fn double(&self, number: i64) -> i64 {
        2 * number
    }
}

/// A generic service with a supertrait.
#[xmlrpc_service]
pub trait Store<K>: ::std::fmt::Debug
where
    K: ::serde::Serialize
        + ::serde::de::DeserializeOwned
        + ::std::marker::Send
        + ::std::marker::Sync
        + 'static,
{
    /// Generic parameters of each kind.
    async fn put(&self, key: K, value: Option<K>, other: Option<&K>, last: &K) -> Option<K>;
}

impl Store<i64> for Implementation {
    async fn put(
        &self,
        key: i64,
        value: Option<i64>,
        other: Option<&i64>,
        last: &i64,
    ) -> Option<i64> {
        Some(key + value.unwrap_or(0) + other.unwrap_or(&0) + last)
    }
}

/// Variants and fields with names that the expansion might use itself.
#[derive(Debug, PartialEq, TypedFault)]
pub enum Error {
    /// Named fields.
    #[fault(code = 1, message = "{error} {fault} {type}")]
    Some {
        /// The name of the expansion's variable for the error.
        error: String,
        /// The name of the expansion's variable for the fault.
        fault: i64,
        /// A raw identifier.
        r#type: bool,
    },
    /// No fields.
    #[fault(code = CODE, message = "none")]
    None,
    /// A deprecated variant.
    #[deprecated = "make something else"]
    #[fault(code = 3)]
    Old,
    /// An internal error.
    #[fault(internal, message = "{0:?}")]
    Inside(Option<i64>),
    /// All other faults.
    #[fault(other)]
    Fault(Fault),
}

const CODE: i32 = 2;

impl ::std::fmt::Display for Error {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("an error")
    }
}

#[test]
fn an_error_comes_back() {
    let some = || Error::Some {
        error: String::from("a"),
        fault: 1,
        r#type: true,
    };
    let fault: Fault = From::from(some());
    ::std::assert_eq!(fault, Fault::new(1, "a 1 true"));
    let read = <Error as ::xmlrpc_core::TypedFault>::from_fault(&fault);
    ::std::assert_eq!(read, Some(some()));
}

#[test]
fn every_name_reaches_its_method() {
    let runtime = ::tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(calls());
}

async fn calls() {
    let implementation = ::std::sync::Arc::new(Implementation);
    let dispatcher = ::xmlrpc_core::Dispatcher::new()
        .service(NamesServer::new(::std::clone::Clone::clone(
            &implementation,
        )))
        .service(PresentServer::new(::std::clone::Clone::clone(
            &implementation,
        )))
        .service(StoreServer::new(implementation));
    let client = ::xmlrpc_core::Client::new(dispatcher);
    let names = NamesClient::new(&client);
    let all = names.all(1, "two", &[3], Some("four"), None).await;
    ::std::assert_eq!(all.unwrap(), "1 two [3] Some(\"four\") None");
    ::std::assert_eq!(names.r#type(5).method(), "names.type");
    ::std::assert_eq!(names.r#type(5).await.unwrap(), 5);
    let map = ::std::iter::Iterator::collect(::std::iter::once((String::from("a"), 1)));
    let lent = names.lend(&map, Cow::Borrowed("b")).header("x-header", "c");
    ::std::assert_eq!(lent.await.unwrap(), ["1", "b", "1"]);
    ::std::assert_eq!(names.spelt("a", None).await.unwrap(), "a None");
    ::std::assert_eq!(names.at_once().await.unwrap(), 7);
    ::std::assert_eq!(names.by_default("four").await.unwrap(), 4);
    let defaults = client.call::<String>("names.defaults", ()).await;
    ::std::assert_eq!(defaults.unwrap(), "1  [] []");
    let rest = ::std::vec![String::from("a")];
    let defaults = names.defaults(7, Cow::Borrowed("b"), &[8], rest).await;
    ::std::assert_eq!(defaults.unwrap(), "7 b [8] [\"a\"]");
    let by_name = names.named(1, "two", &[3], Some("four"), None).await;
    ::std::assert_eq!(by_name.unwrap(), "1 two [3] Some(\"four\") None");
    let present = PresentClient::new(&client);
    ::std::assert_eq!(present.double(4).await.unwrap(), 8);
    let store = StoreClient::<_, i64>::new(client);
    let sum = store.put(1, None, Some(&20), &300).await;
    ::std::assert_eq!(sum.unwrap(), Some(321));
}
