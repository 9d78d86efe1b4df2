use core::fmt::{self, Display, Formatter};

use serde_core::{Serialize, Serializer, ser::SerializeStruct};

use super::{FaultDescription, Schema, text::list};

/// The methods of a service, as a stub's `describe()` returns them.
///
/// You need neither implement nor call the service. The description can be serialised, so a generator
/// of documentation or of clients in other languages needs only a few lines.
///
/// ```
/// use xmlrpc_core::{Fault, schema::ServiceDescription, xmlrpc_service};
///
/// /// Sums and powers.
/// #[xmlrpc_service(namespace = "calc")]
/// pub trait Calc {
///     /// Raises `base` to the power of `exponent`.
///     async fn pow(&self, base: f64, exponent: Option<i32>) -> Result<f64, Fault>;
/// }
///
/// let calc: ServiceDescription = CalcClient::describe();
/// assert_eq!((calc.name.as_str(), calc.help.as_str()), ("Calc", "Sums and powers."));
/// assert_eq!(calc.methods[0].to_string(), "calc.pow(base: double, exponent?: int or nil): double");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceDescription {
    /// The name of the annotated trait.
    pub name: String,
    /// The doc comment of the trait.
    pub help: String,
    /// The methods, in the order of the trait. [`Dispatcher::describe_services`](crate::Dispatcher::describe_services)
    /// sorts them by name.
    pub methods: Vec<MethodDescription>,
}

/// The name, documentation, parameters and result of a method.
///
/// `{}` displays one line, as in [`ServiceDescription`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodDescription {
    /// The name on the wire, namespace included.
    pub name: String,
    /// Its other names on the wire.
    pub aliases: Vec<String>,
    /// The doc comment, or an empty string.
    pub help: String,
    /// The note of `#[deprecated]`, which may be empty; `None` if the method is not deprecated.
    pub deprecated: Option<String>,
    /// The parameters, or `None` if they are unknown.
    pub params: Option<Vec<ParamDescription>>,
    /// The type of the result.
    pub result: Schema,
    /// The signatures one by one, if `params` and `result` do not say everything: a server can have several
    /// signatures with other types in the same place. Otherwise empty.
    pub overloads: Vec<Signature>,
    /// The faults that the error type of the method declares with
    /// [`#[derive(TypedFault)]`](macro@crate::TypedFault). Every method can also return other faults.
    pub faults: Vec<FaultDescription>,
    /// The name of the method in its trait; `None` if it does not come from a trait. It is not serialized.
    pub rust_name: Option<String>,
}

/// One of several signatures of a method: see [`MethodDescription::overloads`].
///
/// ```
/// use xmlrpc_core::schema::{ParamDescription, Schema, Signature};
///
/// let signature = Signature::new(vec![ParamDescription::new("id", Schema::Int)], Schema::Boolean);
/// assert_eq!(signature.to_string(), "(id: int): boolean");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// The parameters.
    pub params: Vec<ParamDescription>,
    /// The type of the result.
    pub result: Schema,
}

/// A parameter of a method.
///
/// ```
/// use xmlrpc_core::{Dispatcher, schema::Schema};
///
/// let methods = Dispatcher::new().describe();
/// let help = methods.iter().find(|method| method.name == "system.methodHelp").unwrap();
/// let params = help.params.as_ref().unwrap();
/// assert_eq!((params[0].name.as_str(), &params[0].schema), ("methodName", &Schema::String));
/// assert!(!params[0].optional);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamDescription {
    /// The name in the trait, which is not sent. If all parameters are members of one struct, that
    /// struct is the only parameter, and its name is `params`.
    pub name: String,
    /// The type of the value.
    pub schema: Schema,
    /// Whether a caller may omit it. All parameters behind it can be omitted as well.
    pub optional: bool,
    /// Whether the caller may pass any number of such parameters: see `#[xmlrpc(rest)]`.
    pub rest: bool,
    /// The value if the caller omits it, as in the source of `#[xmlrpc(default = …)]`; `None` if there is
    /// no default, or if it is unknown.
    pub default: Option<String>,
}

impl ServiceDescription {
    /// Describes a service by its name and its methods.
    ///
    /// ```
    /// use xmlrpc_core::schema::{MethodDescription, ServiceDescription};
    ///
    /// let service = ServiceDescription::new("Clock", vec![MethodDescription::new("clock.now")]);
    /// assert_eq!((service.name.as_str(), service.help.as_str()), ("Clock", ""));
    /// ```
    pub fn new(name: impl Into<String>, methods: Vec<MethodDescription>) -> Self {
        Self {
            name: name.into(),
            help: String::new(),
            methods,
        }
    }
}

impl MethodDescription {
    /// Describes a method by its name. Its parameters and its result are unknown until you set them.
    ///
    /// ```
    /// use xmlrpc_core::schema::{MethodDescription, ParamDescription, Schema};
    ///
    /// let mut add = MethodDescription::new("add");
    /// assert_eq!(add.to_string(), "add(…): undefined");
    /// add.params = Some(vec![ParamDescription::new("a", Schema::Int), ParamDescription::new("b", Schema::Int)]);
    /// add.result = Schema::Int;
    /// assert_eq!(add.to_string(), "add(a: int, b: int): int");
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            aliases: Vec::new(),
            help: String::new(),
            deprecated: None,
            params: None,
            result: Schema::Any,
            overloads: Vec::new(),
            faults: Vec::new(),
            rust_name: None,
        }
    }

    /// The signatures, as `system.methodSignature` returns them; `None` if the parameters are unknown.
    ///
    /// A signature is the name of the result's type, followed by those of the parameters. There is one
    /// for each allowed number of parameters, the smallest first.
    ///
    /// ```
    /// # use xmlrpc_core::xmlrpc_service;
    /// #[xmlrpc_service]
    /// trait Files {
    ///     async fn list(&self, path: &str, limit: Option<u32>) -> Vec<String>;
    /// }
    ///
    /// let list = &FilesClient::describe().methods[0];
    /// let signatures = list.signatures().unwrap();
    /// assert_eq!(signatures, [vec!["array", "string"], vec!["array", "string", "int"]]);
    /// ```
    pub fn signatures(&self) -> Option<Vec<Vec<&'static str>>> {
        if !self.overloads.is_empty() {
            let names = self.overloads.iter().map(|signature| {
                let params = signature.params.iter().map(|param| &param.schema);
                let types = std::iter::once(&signature.result).chain(params);
                types.map(Schema::type_name).collect()
            });
            return Some(names.collect());
        }
        let params = self.params.as_ref()?;
        let required = params.iter().take_while(|param| !param.optional).count();
        let names: Vec<_> = std::iter::once(&self.result)
            .chain(params.iter().map(|param| &param.schema))
            .map(Schema::type_name)
            .collect();
        let signatures = required..=params.len();
        Some(signatures.map(|count| names[..=count].to_vec()).collect())
    }
}

impl Signature {
    /// A signature with these parameters and this type of the result.
    pub fn new(params: Vec<ParamDescription>, result: Schema) -> Self {
        Self { params, result }
    }
}

impl ParamDescription {
    /// Describes a required parameter.
    ///
    /// ```
    /// use xmlrpc_core::schema::{ParamDescription, Schema};
    ///
    /// let mut limit = ParamDescription::new("limit", Schema::Int);
    /// limit.optional = true;
    /// assert_eq!(limit.to_string(), "limit?: int");
    /// ```
    pub fn new(name: impl Into<String>, schema: Schema) -> Self {
        Self {
            name: name.into(),
            schema,
            optional: false,
            rest: false,
            default: None,
        }
    }
}

/// `name(param: type, param?: type): result`
impl Display for MethodDescription {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        f.write_str("(")?;
        match &self.params {
            Some(params) => list(f, params)?,
            None => f.write_str("…")?,
        }
        write!(f, "): {:#}", self.result)
    }
}

/// `(param: type, param?: type): result`
impl Display for Signature {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        list(f, &self.params)?;
        write!(f, "): {:#}", self.result)
    }
}

/// `name: type`, as in a [`MethodDescription`].
impl Display for ParamDescription {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mark = match self {
            Self { rest: true, .. } => "…",
            Self { optional: true, .. } => "?",
            _ => "",
        };
        write!(f, "{}{mark}: {:#}", self.name, self.schema)
    }
}

impl Serialize for ServiceDescription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("ServiceDescription", 3)?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("help", &self.help)?;
        members.serialize_field("methods", &self.methods)?;
        members.end()
    }
}

impl Serialize for MethodDescription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct(
            "MethodDescription",
            6 + usize::from(!self.overloads.is_empty()) + usize::from(!self.faults.is_empty()),
        )?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("aliases", &self.aliases)?;
        members.serialize_field("help", &self.help)?;
        members.serialize_field("deprecated", &self.deprecated)?;
        members.serialize_field("params", &self.params)?;
        members.serialize_field("result", &self.result)?;
        if !self.overloads.is_empty() {
            members.serialize_field("overloads", &self.overloads)?;
        }
        if !self.faults.is_empty() {
            members.serialize_field("faults", &self.faults)?;
        }
        members.end()
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Signature", 2)?;
        members.serialize_field("params", &self.params)?;
        members.serialize_field("result", &self.result)?;
        members.end()
    }
}

impl Serialize for ParamDescription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer
            .serialize_struct("ParamDescription", 4 + usize::from(self.default.is_some()))?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("schema", &self.schema)?;
        members.serialize_field("optional", &self.optional)?;
        members.serialize_field("rest", &self.rest)?;
        if let Some(default) = &self.default {
            members.serialize_field("default", default)?;
        }
        members.end()
    }
}
