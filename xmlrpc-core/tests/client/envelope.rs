//! Results that come in an envelope.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IgnoredAny, SeqAccess, Visitor},
};
use xmlrpc_core::{
    Client, Dispatcher, Envelope, Fault, TypedFault, Value, client::ClientErrorKind, value,
    xmlrpc_service,
};

use crate::common::log::Log;

/// XenAPI: a struct.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Xen<R> {
    value: Option<R>,
    #[serde(default)]
    error_description: Vec<String>,
}

impl<R> Envelope for Xen<R> {
    type Value = R;

    fn open(self) -> Result<R, Fault> {
        let Self {
            value,
            error_description,
        } = self;
        value.ok_or_else(|| XenError::Failure(error_description.join(" ")).into())
    }
}

#[derive(Debug, PartialEq, TypedFault)]
enum XenError {
    #[fault(code = 1, message = "{0}")]
    Failure(String),
}

/// ROS: `[code, message, value]`, where the value of a failure has any type.
struct Ros<R>(Result<R, (i32, String)>);

impl<'de, R: Deserialize<'de>> Deserialize<'de> for Ros<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reply<R>(std::marker::PhantomData<R>);

        impl<'de, R: Deserialize<'de>> Visitor<'de> for Reply<R> {
            type Value = Ros<R>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("code, message and value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Ros<R>, A::Error> {
                let missing = || A::Error::custom("the reply is too short");
                let code = list.next_element()?.ok_or_else(missing)?;
                let message = list.next_element()?.ok_or_else(missing)?;
                if code != 1 {
                    list.next_element::<IgnoredAny>()?;
                    return Ok(Ros(Err((code, message))));
                }
                let value = list.next_element()?.ok_or_else(missing)?;
                Ok(Ros(Ok(value)))
            }
        }

        deserializer.deserialize_seq(Reply(std::marker::PhantomData))
    }
}

impl<R> Envelope for Ros<R> {
    type Value = R;

    fn open(self) -> Result<R, Fault> {
        self.0.map_err(|(code, message)| Fault::new(code, message))
    }
}

#[xmlrpc_service(client, envelope = Xen)]
trait Mixed {
    async fn name(&self, ok: bool) -> Result<String, XenError>;
    async fn all<R: DeserializeOwned>(&self) -> Vec<R>;
    #[xmlrpc(envelope = Ros)]
    async fn subscribers(&self, ok: bool) -> Vec<String>;
    #[xmlrpc(no_envelope)]
    async fn version(&self) -> String;
    #[xmlrpc(envelope = self::Ros, name = "subscribers")]
    async fn mistyped(&self, ok: bool) -> i64;
}

fn mixed() -> MixedClient<Dispatcher> {
    let dispatcher = Dispatcher::new()
        .method("name", |ok: bool| {
            if ok {
                value!({"Status": "Success", "Value": "web"})
            } else {
                value!({"Status": "Failure", "ErrorDescription": ["HANDLE_INVALID", "VM"]})
            }
        })
        .method("all", || value!({"Status": "Success", "Value": [1, 2]}))
        .method("subscribers", |ok: bool| {
            if ok {
                value!([1, "", ["http://a"]])
            } else {
                value!([-1, "unknown topic", 0])
            }
        })
        .method("version", || "1.0");
    MixedClient::new(Client::new(dispatcher))
}

#[tokio::test]
async fn an_envelope_is_opened() {
    let mixed = mixed();
    assert_eq!(mixed.name(true).await.unwrap(), "web");
    assert_eq!(mixed.all::<u8>().await.unwrap(), [1, 2]);
    assert_eq!(mixed.subscribers(true).await.unwrap(), ["http://a"]);
    assert_eq!(mixed.version().await.unwrap(), "1.0");
}

#[tokio::test]
async fn a_refusal_is_the_fault_of_the_call() {
    let mixed = mixed();
    let error = mixed.name(false).await.unwrap_err();
    assert_eq!(error.kind(), ClientErrorKind::Fault);
    assert_eq!(error.method(), "name");
    let failure = XenError::Failure("HANDLE_INVALID VM".to_owned());
    assert_eq!(error.fault_as::<XenError>(), Some(failure));
    assert_eq!(
        error.to_string(),
        "calling `name`: fault 1: HANDLE_INVALID VM"
    );
    let error = mixed.subscribers(false).await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(-1, "unknown topic")));

    // A wrong type within an envelope is an error with its path.
    let error = mixed.mistyped(true).await.unwrap_err();
    assert!(error.is_decode());
    assert!(
        error
            .to_string()
            .contains("expected int, found array at [2]"),
        "{error}"
    );
}

#[tokio::test]
async fn entries_of_a_multicall_are_opened() {
    let mixed = mixed();
    let calls = (
        mixed.name(true),
        mixed.name(false),
        mixed.version(),
        mixed.all::<Value>(),
    );
    let (web, refused, version, all) = mixed.client().multicall(calls).await.unwrap();
    assert_eq!(web.unwrap(), "web");
    let refused = refused.unwrap_err();
    assert_eq!(refused.fault().map(Fault::code), Some(1));
    assert_eq!(refused.method(), "name");
    assert_eq!(version.unwrap(), "1.0");
    assert_eq!(all.unwrap().len(), 2);
}

#[tokio::test]
async fn calls_by_name_are_opened() {
    let mixed = mixed();
    let call = |ok| mixed.client().call::<Xen<String>>("name", (ok,)).open();
    assert_eq!(call(true).map(|name| name.len()).await.unwrap(), 3);
    let error = call(false).await.unwrap_err();
    assert_eq!(error.fault().map(Fault::code), Some(1));
    let [web, refused] = mixed
        .client()
        .multicall([call(true), call(false)])
        .await
        .unwrap();
    assert_eq!(web.unwrap(), "web");
    assert!(refused.is_err());
}

/// The span of the call has failed, although the response has not.
#[test]
fn a_refusal_is_observed() {
    let mixed = mixed();
    let (_, lines) = Log::all_of(async { mixed.name(false).await });
    let close = lines
        .iter()
        .find(|line| line.contains(": xmlrpc_core::client: close"));
    assert!(close.unwrap().contains("error.type=\"1\""), "{lines:#?}");
}

#[test]
fn descriptions_show_the_opened_type() {
    let methods = MixedClient::describe().methods;
    let described: Vec<_> = methods.iter().map(ToString::to_string).collect();
    assert_eq!(
        described,
        [
            "name(ok: boolean): string",
            "all(): array",
            "subscribers(ok: boolean): array of string",
            "version(): string",
            "subscribers(ok: boolean): i8",
        ]
    );
}
