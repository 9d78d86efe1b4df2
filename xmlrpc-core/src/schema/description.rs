use core::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Schema, text::list};

/// What a service offers: the value of a stub's `describe()`, for which nobody has to implement
/// the service or to call it.
///
/// It can be serialised, so that a generator of documentation or of clients in other languages can
/// be a program of a few lines.
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
    /// The methods, in the order in which they are written.
    pub methods: Vec<MethodDescription>,
}

/// What a method is called, what it does, what it takes and what it answers.
///
/// Displayed, it is one line, as in [`ServiceDescription`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodDescription {
    /// The name on the wire, namespace included.
    pub name: String,
    /// The other names under which it is called.
    pub aliases: Vec<String>,
    /// The doc comment; empty where there is none.
    pub help: String,
    /// Where the method is `#[deprecated]`, the note, which may be empty.
    pub deprecated: Option<String>,
    /// The parameters, or `None` where nothing is known of them.
    pub params: Option<Vec<ParamDescription>>,
    /// What it answers when it does not fail.
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
    /// Its name in the trait. It is not on the wire. Where all parameters are the members of one struct,
    /// that is the one parameter, and its name is `params`.
    pub name: String,
    /// What it is.
    pub schema: Schema,
    /// Whether a caller may leave it out. All that follow it can be left out as well.
    pub optional: bool,
    /// Whether any number of its like may be given, each as a parameter of its own: see
    /// `#[xmlrpc(rest)]`.
    pub rest: bool,
}

impl MethodDescription {
    /// A method of which the name alone is known.
    #[cfg(feature = "server")]
    pub(crate) fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            aliases: Vec::new(),
            help: String::new(),
            deprecated: None,
            params: None,
            result: Schema::Any,
        }
    }

    /// The signatures, as `system.methodSignature` answers them: the name of the result's type, then
    /// those of the parameters; one signature for each number of parameters that may be given, the
    /// fewest first. `None` where nothing is known of the parameters.
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

/// As in the text of a [`MethodDescription`].
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
        let mut members = serializer.serialize_struct("MethodDescription", 6)?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("aliases", &self.aliases)?;
        members.serialize_field("help", &self.help)?;
        members.serialize_field("deprecated", &self.deprecated)?;
        members.serialize_field("params", &self.params)?;
        members.serialize_field("result", &self.result)?;
        members.end()
    }
}

impl Serialize for ParamDescription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("ParamDescription", 4)?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("schema", &self.schema)?;
        members.serialize_field("optional", &self.optional)?;
        members.serialize_field("rest", &self.rest)?;
        members.end()
    }
}
