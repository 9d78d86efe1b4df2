//! The expansion must compile where nothing is in scope, and where nothing is forgiven.

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

/// Names that the expansion might use itself, as parameters.
#[xmlrpc_service(namespace = "names")]
pub trait Names {
    /// Every one of them has to reach the method.
    async fn all(
        &self,
        this: i64,
        call: &str,
        params: &[i64],
        answer: Option<&str>,
        result: Option<i64>,
    ) -> String;

    /// A raw identifier.
    async fn r#type(&self, r#struct: i64) -> i64;

    /// What is lent, what is cut short, what is not on the wire.
    async fn lend(
        &self,
        map: &HashMap<String, i64>,
        text: Cow<'_, str>,
        #[xmlrpc(context)] context: &Context,
    ) -> Vec<String>;

    /// A lifetime that is spelt out.
    async fn spelt<'a>(&self, first: &'a str, second: Option<&'a str>) -> String;

    /// Only where it can be.
    #[cfg(any())]
    async fn nowhere(&self, nothing: Nothing) -> Nothing;

    /// It should not be called, and its callers are told.
    #[deprecated = "call something else"]
    async fn old(&self);

    /// There is nothing to wait for.
    #[xmlrpc(idempotent)]
    fn at_once(&self) -> i64;

    /// Names of its own in what is there by default, and in what is taken by name.
    async fn defaults(
        &self,
        #[xmlrpc(default = Some(1).unwrap_or(2))] this: i64,
        #[xmlrpc(default)] params: Cow<'_, str>,
        #[xmlrpc(default = &[])] answer: &[i64],
        #[xmlrpc(rest)] result: Vec<String>,
    ) -> String;

    /// The same by name.
    #[xmlrpc(params = struct, rename_all = "UPPERCASE")]
    async fn named(
        &self,
        this: i64,
        #[xmlrpc(default = "call")] call: &str,
        params: &[i64],
        answer: Option<&str>,
        result: Option<i64>,
    ) -> String;

    /// A body of its own.
    async fn by_default(&self, text: &str) -> Result<usize, Fault> {
        Result::Ok(text.len())
    }
}

/// Implements it.
#[derive(Debug)]
pub struct Implementation;

impl Names for Implementation {
    async fn all(
        &self,
        this: i64,
        call: &str,
        params: &[i64],
        answer: Option<&str>,
        result: Option<i64>,
    ) -> String {
        ::std::format!("{this} {call} {params:?} {answer:?} {result:?}")
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
        answer: &[i64],
        result: Vec<String>,
    ) -> String {
        ::std::format!("{this} {params} {answer:?} {result:?}")
    }

    async fn named(
        &self,
        this: i64,
        call: &str,
        params: &[i64],
        answer: Option<&str>,
        result: Option<i64>,
    ) -> String {
        ::std::format!("{this} {call} {params:?} {answer:?} {result:?}")
    }

    async fn old(&self) {}

    fn at_once(&self) -> i64 {
        7
    }
}

/// Nothing of it is there: neither the trait nor what is made of it.
#[xmlrpc_service]
#[cfg(any())]
pub trait Absent {
    /// Of a type that there is not.
    async fn nowhere(&self, nothing: Nothing) -> Nothing;
}

/// The same, the other way around.
#[cfg(any())]
#[xmlrpc_service]
pub trait AbsentToo {
    /// Of a type that there is not.
    async fn nowhere(&self, nothing: Nothing) -> Nothing;
}

/// The names of what is not there are free.
pub mod free {
    #![allow(missing_docs)]
    pub struct AbsentServer;
    pub struct AbsentClient;
    pub struct AbsentTooServer;
    pub struct AbsentTooClient;
}

pub use free::{AbsentClient, AbsentServer, AbsentTooClient, AbsentTooServer};

/// All of it is there.
#[xmlrpc_service]
#[cfg(not(any()))]
pub trait Present {
    /// Twice the number.
    async fn double(&self, number: i64) -> i64;
}

impl Present for Implementation {
    async fn double(&self, number: i64) -> i64 {
        2 * number
    }
}

/// A service that is generic, with a supertrait.
#[xmlrpc_service]
pub trait Store<K>: ::std::fmt::Debug
where
    K: ::serde::Serialize
        + ::serde::de::DeserializeOwned
        + ::std::marker::Send
        + ::std::marker::Sync
        + 'static,
{
    /// By reference and by value, there or not.
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

/// Errors with names that the expansion might use itself.
#[derive(Debug, PartialEq, TypedFault)]
pub enum Error {
    /// Fields by name.
    #[fault(code = 1, message = "{error} {fault} {type}")]
    Some {
        /// Not the error itself.
        error: String,
        /// Not the fault.
        fault: i64,
        /// A raw identifier.
        r#type: bool,
    },
    /// Nothing.
    #[fault(code = CODE, message = "none")]
    None,
    /// It should not be made.
    #[deprecated = "make something else"]
    #[fault(code = 3)]
    Old,
    /// Not sent.
    #[fault(internal, message = "{0:?}")]
    Inside(Option<i64>),
    /// All else.
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
