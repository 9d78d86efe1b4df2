//! The interface of the ROS 1 master: <http://wiki.ros.org/ROS/Master_API> and
//! <http://wiki.ros.org/ROS/Parameter%20Server%20API>.
//!
//! The name of the calling node is the leading parameter of [`MasterClient`]. Each result is in the envelope [`Ros`].

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error, IgnoredAny, SeqAccess, Visitor},
};
use xmlrpc_core::{Envelope, Fault, xmlrpc_service};

/// All methods for nodes and topics, and those for parameters. URIs of nodes serve the slave API.
#[xmlrpc_service(client, rename_all = "camelCase", envelope = Ros)]
pub trait Master {
    /// Returns the URI of the master.
    #[xmlrpc(name = "getUri", idempotent)]
    async fn uri(&self) -> Result<String, Fault>;

    /// Returns the publishers, subscribers and services.
    #[xmlrpc(name = "getSystemState", idempotent)]
    async fn system_state(&self) -> Result<SystemState, Fault>;

    /// Returns the topics in a namespace that have publishers. An empty `subgraph` stands for all of them.
    #[xmlrpc(name = "getPublishedTopics", idempotent)]
    async fn published_topics(&self, subgraph: &str) -> Result<Vec<Topic>, Fault>;

    /// Returns all topics that the master has heard of.
    #[xmlrpc(name = "getTopicTypes", idempotent)]
    async fn topic_types(&self) -> Result<Vec<Topic>, Fault>;

    /// Returns the URI of a node.
    #[xmlrpc(idempotent)]
    async fn lookup_node(&self, node: &str) -> Result<String, Fault>;

    /// Returns the URI of a service.
    #[xmlrpc(idempotent)]
    async fn lookup_service(&self, service: &str) -> Result<String, Fault>;

    /// Makes the caller a publisher of a topic, and returns the URIs of its subscribers. `uri` is that of the caller.
    async fn register_publisher(
        &self,
        topic: &str,
        topic_type: &str,
        uri: &str,
    ) -> Result<Vec<String>, Fault>;

    /// The caller no longer publishes the topic. Returns the number of registrations that ended: 1 or 0.
    async fn unregister_publisher(&self, topic: &str, uri: &str) -> Result<u32, Fault>;

    /// Makes the caller a subscriber of a topic, and returns the URIs of its publishers. The master tells `uri` of new
    /// ones. A `*` stands for any type.
    async fn register_subscriber(
        &self,
        topic: &str,
        topic_type: &str,
        uri: &str,
    ) -> Result<Vec<String>, Fault>;

    /// Ends the subscription of the caller. Returns the number of registrations that ended: 1 or 0.
    async fn unregister_subscriber(&self, topic: &str, uri: &str) -> Result<u32, Fault>;

    /// Makes the caller the provider of a service.
    async fn register_service(
        &self,
        service: &str,
        service_uri: &str,
        uri: &str,
    ) -> Result<u32, Fault>;

    /// The caller no longer provides the service. Returns the number of registrations that ended: 1 or 0.
    async fn unregister_service(&self, service: &str, service_uri: &str) -> Result<u32, Fault>;

    /// Returns the names of all parameters.
    #[xmlrpc(name = "getParamNames", idempotent)]
    async fn param_names(&self) -> Result<Vec<String>, Fault>;

    /// Returns a parameter, or all parameters in a namespace as a struct or a map.
    #[xmlrpc(name = "getParam", idempotent)]
    async fn param<R: DeserializeOwned>(&self, name: &str) -> Result<R, Fault>;

    /// Sets a parameter. A struct or a map replaces a whole namespace.
    #[xmlrpc(idempotent)]
    async fn set_param(&self, name: &str, value: impl Serialize) -> Result<(), Fault>;

    /// Returns whether a parameter is set.
    #[xmlrpc(idempotent)]
    async fn has_param(&self, name: &str) -> Result<bool, Fault>;

    /// Removes a parameter.
    async fn delete_param(&self, name: &str) -> Result<(), Fault>;

    /// Returns the full name of a parameter that is in the namespace of the caller or around it.
    #[xmlrpc(idempotent)]
    async fn search_param(&self, name: &str) -> Result<String, Fault>;
}

/// The array around each result: a code, a message, and the result if the code is 1. Otherwise the code and the message
/// are the fault: −1 is an error of the caller, 0 a failure of the master.
#[derive(Debug)]
pub struct Ros<T>(Result<T, Fault>);

impl<T> Envelope for Ros<T> {
    type Value = T;

    fn open(self) -> Result<T, Fault> {
        self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ros<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RosVisitor(PhantomData))
    }
}

struct RosVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for RosVisitor<T> {
    type Value = Ros<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of a code, a message and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Ros<T>, A::Error> {
        let short = |length| A::Error::invalid_length(length, &self);
        let code: i32 = elements.next_element()?.ok_or_else(|| short(0))?;
        let message: String = elements.next_element()?.ok_or_else(|| short(1))?;
        if code == 1 {
            let value = elements.next_element()?.ok_or_else(|| short(2))?;
            return Ok(Ros(Ok(value)));
        }
        // After an error, the value can have any type.
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Ros(Err(Fault::new(code, message))))
    }
}

/// A topic and the type of its messages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(String, String)")]
pub struct Topic {
    /// Its name, for example `/rosout`.
    pub name: String,
    /// The type of its messages, for example `rosgraph_msgs/Log`.
    pub message_type: String,
}

impl From<(String, String)> for Topic {
    fn from((name, message_type): (String, String)) -> Self {
        Self { name, message_type }
    }
}

/// Who publishes, subscribes and serves. On the wire it is an array.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(Vec<Nodes>, Vec<Nodes>, Vec<Nodes>)")]
pub struct SystemState {
    /// The topics and their publishers.
    pub publishers: Vec<Nodes>,
    /// The topics and their subscribers.
    pub subscribers: Vec<Nodes>,
    /// The services and their providers.
    pub services: Vec<Nodes>,
}

impl From<(Vec<Nodes>, Vec<Nodes>, Vec<Nodes>)> for SystemState {
    fn from((publishers, subscribers, services): (Vec<Nodes>, Vec<Nodes>, Vec<Nodes>)) -> Self {
        Self {
            publishers,
            subscribers,
            services,
        }
    }
}

/// A topic or a service, and its nodes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Nodes(pub String, pub Vec<String>);
