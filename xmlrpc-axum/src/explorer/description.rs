//! What the page shows of a server, and the same as JSON.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::{Map, Value, json};
use xmlrpc_core::{Client, Dispatcher, schema::MethodDescription};

use super::limits::{Limit, limits};
use crate::{
    Endpoint,
    served::{Forward, Forwarder},
};

pub(super) const TITLE: &str = "XML-RPC methods";

/// A server as the page shows it.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) groups: Vec<Group>,
    /// Sorted by name.
    pub(super) methods: Vec<MethodDescription>,
    pub(super) limits: Vec<Limit>,
    /// Why this is not everything.
    pub(super) warning: Option<String>,
}

/// The methods of a service, or of a namespace.
#[derive(Debug)]
pub(super) struct Group {
    /// The trait, or the namespace. Empty for methods without a namespace.
    pub(super) name: String,
    pub(super) help: String,
    /// Whether there is a trait, from which the macro has generated a client.
    pub(super) generated: bool,
    /// Indexes of the methods.
    pub(super) methods: Vec<usize>,
}

impl Group {
    /// The name for people.
    pub(super) fn title(&self) -> &str {
        match self.name.as_str() {
            "" => "Methods without a namespace",
            name => name,
        }
    }
}

impl Description {
    pub(super) fn of_dispatcher(endpoint: &Endpoint, dispatcher: &Dispatcher) -> Self {
        let methods = dispatcher.describe();
        let places: HashMap<_, _> = methods
            .iter()
            .enumerate()
            .map(|(index, method)| (method.name.as_str(), index))
            .collect();
        let services = dispatcher.describe_services().into_iter();
        let groups = services.map(|service| Group {
            generated: service.methods.iter().any(|it| it.rust_name.is_some()),
            methods: service
                .methods
                .iter()
                .filter_map(|method| places.get(method.name.as_str()).copied())
                .collect(),
            name: service.name,
            help: service.help,
        });
        Self {
            groups: groups.collect(),
            limits: limits(endpoint, Some(dispatcher)),
            methods,
            warning: None,
        }
    }

    pub(super) async fn of_transport(endpoint: &Endpoint, transport: &Arc<dyn Forward>) -> Self {
        let client = Client::new(Forwarder(Arc::clone(transport)));
        let (methods, warning) = match client.introspect().await {
            Ok(introspection) => (introspection.methods, introspection.warning),
            Err(error) => (
                Vec::new(),
                Some(format!("the server does not describe its methods: {error}")),
            ),
        };
        Self {
            groups: by_namespace(&methods),
            limits: limits(endpoint, None),
            methods,
            warning,
        }
    }

    /// `description.json`. `calls` is the URL for calls, relative to the page.
    pub(super) fn to_json(&self, calls: &str) -> String {
        let name = |index: &usize| self.methods.get(*index).map(|method| method.name.as_str());
        let services = self.groups.iter().map(|group| {
            json!({
                "name": group.name,
                "help": group.help,
                "generated": group.generated,
                "methods": group.methods.iter().filter_map(name).collect::<Vec<_>>(),
            })
        });
        let limits = self.limits.iter().map(|limit| {
            let number = limit.amount.number().map_or(Value::Null, number);
            (limit.key.to_owned(), number)
        });
        json!({
            "title": TITLE,
            "endpoint": calls,
            "warning": self.warning,
            "services": services.collect::<Vec<_>>(),
            "methods": self.methods.iter().map(method).collect::<Vec<_>>(),
            "limits": limits.collect::<Map<_, _>>(),
            "multicall": self.has("system.multicall"),
        })
        .to_string()
    }

    pub(super) fn has(&self, method: &str) -> bool {
        self.methods
            .binary_search_by(|it| it.name.as_str().cmp(method))
            .is_ok()
    }
}

/// The description of a method, and its name in the trait.
fn method(description: &MethodDescription) -> Value {
    let mut method = json!(description);
    if let Value::Object(members) = &mut method {
        members.insert("rust_name".to_owned(), json!(description.rust_name));
        members.insert("faults".to_owned(), json!(description.faults));
    }
    method
}

/// The groups of methods whose services are unknown; `system` is the last.
fn by_namespace(methods: &[MethodDescription]) -> Vec<Group> {
    let mut groups: BTreeMap<(bool, &str), Vec<usize>> = BTreeMap::new();
    for (index, method) in methods.iter().enumerate() {
        let namespace = method.name.rsplit_once('.');
        let namespace = namespace.map_or("", |(namespace, _)| namespace);
        let indexes = groups.entry((namespace == "system", namespace));
        indexes.or_default().push(index);
    }
    let groups = groups.into_iter();
    groups
        .map(|((_, name), methods)| Group {
            name: name.to_owned(),
            help: String::new(),
            generated: false,
            methods,
        })
        .collect()
}

/// An integer where possible, because a limit such as `8388608.0` looks odd.
fn number(number: f64) -> Value {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "both are checked"
    )]
    if number.fract() == 0.0 && (0.0..9e15).contains(&number) {
        Value::from(number as u64)
    } else {
        Value::from(number)
    }
}
