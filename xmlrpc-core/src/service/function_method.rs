//! Methods made from functions and closures.

use std::{
    any::type_name,
    marker::PhantomData,
    sync::{Arc, OnceLock},
};

use super::{
    Dispatcher, DuplicateMethod, MethodFn, MethodFuture, RpcCall, duplicate_method::Owner,
    handler::Handler, method_table::MethodEntry,
};
use crate::schema::{MethodDescription, ParamDescription, Schema, construct::param};

struct FunctionMethod<F, Marker> {
    name: Box<str>,
    body: F,
    description: OnceLock<MethodDescription>,
    marker: PhantomData<fn() -> Marker>,
}

impl<Marker, F: MethodFn<Marker>> Handler for FunctionMethod<F, Marker> {
    fn call(&self, call: RpcCall) -> MethodFuture {
        self.body.call(call)
    }

    fn description(&self) -> Option<&MethodDescription> {
        Some(self.description.get_or_init(|| MethodDescription {
            params: Some(params(F::schemas())),
            ..MethodDescription::new(&*self.name)
        }))
    }
}

/// Describes the parameters by their numbers: a function does not reveal their names.
fn params(schemas: Vec<Schema>) -> Vec<ParamDescription> {
    let required = schemas
        .iter()
        .rposition(|schema| !matches!(schema, Schema::Optional(_)))
        .map_or(0, |last| last + 1);
    let numbered = schemas.into_iter().enumerate();
    let params = numbered.map(|(index, schema)| ParamDescription {
        optional: index >= required,
        ..param(&format!("param{}", index + 1), schema)
    });
    params.collect()
}

impl Dispatcher {
    /// Adds a function or closure as a method, without a trait.
    ///
    /// See [`MethodFn`] for the parameters that it may have, and
    /// [`MethodOutput`](super::MethodOutput) for what it may return. In introspection, the
    /// signature contains the types of the parameters. The type of the result is unknown, and the
    /// help text is empty, unless you [document](Self::method_doc) the method. For any number of
    /// parameters, use [`raw_method`](Self::raw_method).
    ///
    /// A function that is not `async` runs where the dispatcher is polled, so it must not block.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Context, Dispatcher, Fault};
    ///
    /// async fn pow(base: i64, exponent: Option<u32>) -> Result<i64, Fault> {
    ///     base.checked_pow(exponent.unwrap_or(2))
    ///         .ok_or_else(|| Fault::new(1, "the result exceeds 64 bits"))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let greeting = "Hello".to_owned();
    /// let dispatcher = Dispatcher::new()
    ///     .method("pow", pow)
    ///     .method("add", |a: i64, b: i64| a.saturating_add(b))
    ///     .method("agent", |cx: Context| async move { cx.headers().contains_key("user-agent") })
    ///     .method("greet", move |name: String| {
    ///         let greeting = greeting.clone(); // each call needs its own copy
    ///         async move { format!("{greeting}, {name}") }
    ///     });
    ///
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<i64>("pow", (3,)).await?, 9);
    /// assert_eq!(client.call::<i64>("add", (2, 3)).await?, 5);
    /// assert_eq!(client.call::<String>("greet", ("Ada",)).await?, "Hello, Ada");
    ///
    /// let error = client.call::<i64>("add", (2, "x")).await.unwrap_err();
    /// let text = error.fault().map(Fault::message).unwrap_or_default();
    /// assert!(text.starts_with("add: parameter 2: expected int, found string \"x\""));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Mistakes
    ///
    /// The future of a closure cannot borrow what the closure has captured, because many calls run at the same
    /// time. Clone it for each call. If a clone is expensive, put the value into an `Arc`:
    ///
    /// ```compile_fail
    /// # use xmlrpc_core::Dispatcher;
    /// let names = vec!["Ada".to_owned()];
    /// let dispatcher = Dispatcher::new()
    ///     .method("count", move || async { names.len() }); // lifetime may not live long enough
    /// ```
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use xmlrpc_core::Dispatcher;
    /// let names = Arc::new(vec!["Ada".to_owned()]);
    /// let dispatcher = Dispatcher::new().method("count", move || {
    ///     let names = Arc::clone(&names);
    ///     async move { names.len() }
    /// });
    /// # let _ = dispatcher;
    /// ```
    ///
    /// A parameter has an owned type, because its value is decoded for the call:
    ///
    /// ```compile_fail
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new()
    ///     .method("length", |text: &str| text.len());
    /// ```
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new()
    ///     .method("length", |text: String| text.len());
    /// # let _ = dispatcher;
    /// ```
    ///
    /// An error of another crate does not become a fault by itself, because you decide whether the caller may
    /// read it:
    ///
    /// ```compile_fail
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new()
    ///     .method("size", |file: String| std::fs::metadata(file).map(|file| file.len()));
    /// ```
    ///
    /// ```
    /// # use xmlrpc_core::{Dispatcher, Fault};
    /// let dispatcher = Dispatcher::new().method("size", |file: String| {
    ///     std::fs::metadata(file).map(|file| file.len()).map_err(Fault::internal) // or `Fault::disclose`
    /// });
    /// # let _ = dispatcher;
    /// ```
    ///
    /// # Panics
    ///
    /// If another method already has this name. This is a mistake in the program, found when it
    /// starts. [`try_method`](Self::try_method) returns it as an error.
    #[must_use]
    pub fn method<Marker: 'static>(self, name: &str, function: impl MethodFn<Marker>) -> Self {
        match self.try_method(name, function) {
            Ok(dispatcher) => dispatcher,
            Err(error) => panic!("{error}"),
        }
    }

    /// Adds a function or closure as a method. Returns an error if the name is taken.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// fn ping() {}
    ///
    /// let once = Dispatcher::new().method("ping", ping);
    /// let error = once.try_method("ping", || "pong").unwrap_err();
    /// # let text = error.to_string();
    /// # assert!(text.starts_with("the method name `ping` of the function `"), "{text}");
    /// # assert!(text.contains("` is already taken by the function `"), "{text}");
    /// # assert!(text.ends_with("::ping`"), "{text}");
    /// ```
    ///
    /// # Errors
    ///
    /// Another method already has this name.
    pub fn try_method<Marker: 'static, F: MethodFn<Marker>>(
        mut self,
        name: &str,
        function: F,
    ) -> Result<Self, DuplicateMethod> {
        let handler = Arc::new(FunctionMethod {
            name: name.into(),
            body: function,
            description: OnceLock::new(),
            marker: PhantomData,
        });
        let owner = Owner::Function(type_name::<F>());
        self.insert(name, MethodEntry::method(owner, handler))?;
        Ok(self)
    }
}
