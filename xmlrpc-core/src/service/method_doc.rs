//! Documentation of methods that have no trait to take it from.

use std::sync::Arc;

use super::{
    Dispatcher,
    method_table::{MethodEntry, Target},
};
use crate::schema::{FaultDescription, MethodDescription, ParamDescription, Schema};

/// The documentation of a method, for introspection. [`Dispatcher::method_doc`] takes one.
///
/// It adds to what the dispatcher knows about the method. For a [function](Dispatcher::method), these
/// are the types of the parameters. For a [raw method](Dispatcher::raw_method), it is nothing.
///
/// ```
/// use xmlrpc_core::{Dispatcher, schema::Schema, service::MethodDoc};
///
/// let dispatcher = Dispatcher::new()
///     .method("pow", |base: i64, exponent: u32| base.saturating_pow(exponent))
///     .method_doc(
///         "pow",
///         MethodDoc::new("Raises a number to a power.")
///             .params(["base", "exponent"])
///             .result(Schema::of::<i64>()),
///     )
///     .raw_method("sum", |_, _| "any number of parameters")
///     .method_doc(
///         "sum",
///         MethodDoc::new("Adds numbers.")
///             .param("first", Schema::Double)
///             .rest_param("others", Schema::Double)
///             .result(Schema::Double),
///     );
///
/// let methods = dispatcher.describe();
/// assert_eq!(methods[0].to_string(), "pow(base: i8, exponent: i8): i8");
/// assert_eq!(methods[1].to_string(), "sum(first: double, others…: double): double");
/// assert_eq!(methods[1].help, "Adds numbers.");
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "documentation has no effect until you pass it to `Dispatcher::method_doc`"]
pub struct MethodDoc {
    help: String,
    deprecated: Option<String>,
    params: Option<Vec<ParamDoc>>,
    result: Option<Schema>,
    faults: Vec<FaultDescription>,
}

#[derive(Clone, Debug)]
struct ParamDoc {
    name: String,
    /// `None`: as it is known.
    ty: Option<(Schema, Presence)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
    Rest,
}

impl MethodDoc {
    /// Says what the method does. `system.methodHelp` returns this text.
    pub fn new(help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..Self::default()
        }
    }

    /// The names of the parameters, in their order. Their types stay as they are known. Without types,
    /// as for a [raw method](Dispatcher::raw_method), each can be any value and is required.
    pub fn params<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(|name| ParamDoc {
            name: name.into(),
            ty: None,
        });
        self.with_params(names)
    }

    /// The next parameter, which is required. [`Schema::of`] is the type of a Rust type.
    pub fn param(self, name: impl Into<String>, schema: Schema) -> Self {
        self.with_param(name.into(), schema, Presence::Required)
    }

    /// The next parameter, which a caller may omit. If a required parameter follows, it counts as
    /// required.
    pub fn optional_param(self, name: impl Into<String>, schema: Schema) -> Self {
        self.with_param(name.into(), schema, Presence::Optional)
    }

    /// Any number of further parameters, each of this type. If another parameter follows, it counts as
    /// a single one.
    pub fn rest_param(self, name: impl Into<String>, schema: Schema) -> Self {
        self.with_param(name.into(), schema, Presence::Rest)
    }

    /// The type of the result.
    pub fn result(mut self, schema: Schema) -> Self {
        self.result = Some(schema);
        self
    }

    /// A fault that the method can return: its code and its text.
    ///
    /// ```
    /// use xmlrpc_core::{Dispatcher, Fault, service::MethodDoc};
    ///
    /// let dispatcher = Dispatcher::new()
    ///     .method("read", |path: String| Err::<i32, _>(Fault::new(404, format!("{path} does not exist"))))
    ///     .method_doc("read", MethodDoc::new("Reads a file.").fault(404, "{path} does not exist"));
    ///
    /// assert_eq!(dispatcher.describe()[0].faults[0].to_string(), "404: {path} does not exist");
    /// ```
    pub fn fault(mut self, code: i32, message: impl Into<String>) -> Self {
        self.faults.push(FaultDescription::new(code, message));
        self
    }

    /// Marks the method as deprecated. The note says what to use instead, and may be empty.
    pub fn deprecated(mut self, note: impl Into<String>) -> Self {
        self.deprecated = Some(note.into());
        self
    }

    fn with_param(self, name: String, schema: Schema, presence: Presence) -> Self {
        let ty = Some((schema, presence));
        self.with_params([ParamDoc { name, ty }])
    }

    fn with_params(mut self, params: impl IntoIterator<Item = ParamDoc>) -> Self {
        self.params.get_or_insert_default().extend(params);
        self
    }

    /// Adds this to what is known about a method.
    ///
    /// # Panics
    ///
    /// If the number of parameters is known and differs.
    fn describe(self, method: &str, known: Option<&MethodDescription>) -> MethodDescription {
        let mut description = known
            .cloned()
            .unwrap_or_else(|| MethodDescription::new(method));
        description.help = self.help;
        description.deprecated = self.deprecated.or(description.deprecated);
        description.faults.extend(self.faults);
        description.result = self.result.unwrap_or(description.result);
        if let Some(params) = self.params {
            description.params = Some(described(method, params, description.params));
        }
        description
    }
}

fn described(
    method: &str,
    params: Vec<ParamDoc>,
    known: Option<Vec<ParamDescription>>,
) -> Vec<ParamDescription> {
    let unknown = ParamDescription::new("", Schema::Any);
    let known = known.unwrap_or_else(|| vec![unknown; params.len()]);
    assert!(
        known.len() == params.len(),
        "cannot document `{method}`: it takes {} parameters, and the documentation has {}",
        known.len(),
        params.len()
    );
    let pairs = params.into_iter().zip(known);
    let mut described: Vec<_> = pairs.map(|(param, known)| param.describe(known)).collect();
    // Nobody can omit a parameter before one that is required.
    let required = described.iter().rposition(|param| !param.optional);
    let last = described.len().saturating_sub(1);
    for (index, param) in described.iter_mut().enumerate() {
        param.rest &= index == last;
        param.optional &= required.is_none_or(|required| index > required);
    }
    described
}

impl ParamDoc {
    fn describe(self, mut known: ParamDescription) -> ParamDescription {
        known.name = self.name;
        if let Some((schema, presence)) = self.ty {
            known.schema = schema;
            known.optional = presence != Presence::Required;
            known.rest = presence == Presence::Rest;
        }
        known
    }
}

impl Dispatcher {
    /// Documents a method that was added before, under all of its names: its help, the names of its
    /// parameters, and the types that are unknown otherwise.
    ///
    /// Use it for [functions](Self::method) and for [raw methods](Self::raw_method). Methods of a
    /// service have the documentation of their trait; this replaces its help.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, service::MethodDoc};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new()
    ///     .method("add", |a: i64, b: i64| a.saturating_add(b))
    ///     .method_doc("add", MethodDoc::new("Adds two numbers.").params(["a", "b"]));
    ///
    /// assert_eq!(dispatcher.describe()[0].to_string(), "add(a: i8, b: i8): undefined");
    /// let help: String = Client::new(dispatcher).call("system.methodHelp", ("add",)).await?;
    /// assert_eq!(help, "Adds two numbers.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If no method has this name, or if it takes another number of parameters than the documentation
    /// has. Methods of the dispatcher itself, `system.*`, cannot be documented.
    #[must_use]
    pub fn method_doc(mut self, method: &str, doc: MethodDoc) -> Self {
        let methods = &mut self.inner_mut().methods;
        let Some(
            entry @ MethodEntry {
                target: Target::Method(handler),
                ..
            },
        ) = methods.get(method)
        else {
            panic!("cannot document `{method}`: no such method");
        };
        let handler = Arc::clone(handler);
        let description = Arc::new(doc.describe(method, entry.description(method)));
        for entry in methods.values_mut() {
            if let Target::Method(other) = &entry.target
                && Arc::ptr_eq(other, &handler)
            {
                entry.description = Some(Arc::clone(&description));
            }
        }
        self
    }
}
