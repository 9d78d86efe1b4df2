//! The description of a server that the generator reads.

use std::{fmt, fs::File, io::Read, path::Path};

use serde::{Deserialize, Serialize};
use xmlrpc_core::schema::{MethodDescription, ServiceDescription, is_standard_method};

use super::help_names;

/// The most bytes of a file.
const MAX_FILE: u64 = 64 << 20;

/// The methods of a server.
///
/// It can come from a server, by introspection, or from a file of JSON. The file can be:
///
/// * `description.json` of the explorer page of `xmlrpc-axum`;
/// * the output of [`to_json`](Self::to_json), which `xmlrpc gen json` also writes;
/// * a serialized [`ServiceDescription`], for example of a stub's `describe()`, or a list of them;
/// * a list of serialized [`MethodDescription`]s, for example of `Dispatcher::describe`.
///
/// ```
/// use xmlrpc_cli::codegen::Description;
///
/// let text = r#"[{ "name": "pow", "params": [{ "name": "base", "schema": { "type": "int" } }] }]"#;
/// let description = Description::from_json(text).unwrap();
/// assert_eq!(description.methods[0].to_string(), "pow(base: int): undefined");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Description {
    /// Why this is not everything that the server has; `None` if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// The methods, sorted by name.
    pub methods: Vec<MethodDescription>,
}

/// The forms of JSON.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    warning: Option<String>,
    methods: Vec<MethodDescription>,
}

impl Description {
    /// A server with these methods. They are sorted by name; of methods with the same name, only the first
    /// is kept.
    pub fn new(mut methods: Vec<MethodDescription>) -> Self {
        methods.sort_by(|one, other| one.name.cmp(&other.name));
        methods.dedup_by(|later, first| later.name == first.name);
        Self {
            warning: None,
            methods,
        }
    }

    /// Reads a description from JSON, in one of the forms above.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, or has none of these forms.
    pub fn from_json(text: &str) -> Result<Self, DescriptionError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let first = text.trim_start().chars().next();
        if first == Some('[') {
            // The error of the more likely form is reported.
            if let Ok(services) = serde_json::from_str::<Vec<ServiceDescription>>(text)
                && services.iter().any(|service| !service.methods.is_empty())
            {
                let methods = services.into_iter().flat_map(|service| service.methods);
                return Ok(Self::new(methods.collect()));
            }
            let methods = serde_json::from_str(text).map_err(DescriptionError::json)?;
            return Ok(Self::new(methods));
        }
        let document: Document = serde_json::from_str(text).map_err(DescriptionError::json)?;
        let mut description = Self::new(document.methods);
        description.warning = document.warning;
        Ok(description)
    }

    /// Reads a description from a file of JSON of at most 64 MiB.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is too large, or [is not a description](Self::from_json).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, DescriptionError> {
        let path = path.as_ref();
        let read = || {
            let mut text = String::new();
            File::open(path)?
                .take(MAX_FILE + 1)
                .read_to_string(&mut text)?;
            std::io::Result::Ok(text)
        };
        let named = |error: String| DescriptionError(format!("{}: {error}", path.display()));
        let text = read().map_err(|error| named(error.to_string()))?;
        if text.len() as u64 > MAX_FILE {
            return Err(named(format!(
                "the file is larger than {} MiB",
                MAX_FILE >> 20
            )));
        }
        Self::from_json(&text).map_err(|error| named(error.0))
    }

    /// The description as JSON, with a line break at its end. The same description gives the same text.
    ///
    /// ```
    /// # use xmlrpc_cli::codegen::Description;
    /// let description = Description::from_json(r#"{ "methods": [{ "name": "now" }] }"#).unwrap();
    /// let json = description.to_json();
    /// assert_eq!(Description::from_json(&json).unwrap(), description);
    /// ```
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// The description for callers that send the first parameters of each method, for example a session, with
    /// `with_leading_params` of the stub: all methods lose so many parameters. The methods of introspection and
    /// multicall keep theirs, because the stub adds nothing to them.
    ///
    /// ```
    /// # use xmlrpc_cli::codegen::Description;
    /// let text = r#"[{ "name": "rename", "params": [
    ///     { "name": "session", "schema": { "type": "string" } }, { "name": "name", "schema": { "type": "string" } }
    /// ] }]"#;
    /// let server = Description::from_json(text).unwrap().without_leading(1);
    /// assert_eq!(server.methods[0].to_string(), "rename(name: string): undefined");
    /// ```
    #[must_use]
    pub fn without_leading(mut self, count: usize) -> Self {
        let methods = self.methods.iter_mut();
        for method in methods.filter(|it| count > 0 && !is_standard_method(&it.name)) {
            let overloads = method.overloads.iter_mut().map(|it| &mut it.params);
            for params in method.params.iter_mut().chain(overloads) {
                // The names in the help text are those of all parameters.
                help_names::rename(params, &method.help);
                // A parameter that takes the rest can take more than the leading parameters.
                let fixed = params.iter().take_while(|param| !param.rest).count();
                params.drain(..count.min(fixed));
            }
        }
        self
    }

    /// The method with this name or alias.
    pub fn method(&self, name: &str) -> Option<&MethodDescription> {
        let position = self.methods.binary_search_by(|it| (*it.name).cmp(name));
        if let Ok(position) = position {
            return self.methods.get(position);
        }
        let mut methods = self.methods.iter();
        methods.find(|method| method.aliases.iter().any(|alias| alias == name))
    }
}

#[cfg(feature = "cli")]
impl From<xmlrpc_core::client::Introspection> for Description {
    fn from(server: xmlrpc_core::client::Introspection) -> Self {
        let mut description = Self::new(server.methods);
        description.warning = server.warning;
        description
    }
}

/// A text is not a description of methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptionError(String);

impl DescriptionError {
    #[allow(clippy::needless_pass_by_value)]
    fn json(error: serde_json::Error) -> Self {
        Self(format!(
            "this is not a description of methods: {}",
            super::names::printable(&error.to_string())
        ))
    }
}

impl fmt::Display for DescriptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DescriptionError {}
