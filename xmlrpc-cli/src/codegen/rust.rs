//! The generator.

use std::fmt::Write;

use xmlrpc_core::schema::{MethodDescription, is_standard_method};

use super::{
    Description, Samples,
    modules::{Module, Modules},
    names,
    types::Uses,
};

/// Writes the Rust traits for a server.
///
/// Each namespace becomes a module with one trait, and the methods without a namespace a trait at the top.
/// The generated code compiles for every description, and the same description gives the same text. It needs
/// the crate `xmlrpc-core`, and `serde` with the feature `derive` if it contains structs.
///
/// ```
/// use xmlrpc_cli::codegen::{Description, Generator};
///
/// let text = r#"[{
///     "name": "calc.addAll", "help": "Adds numbers.", "result": { "type": "int" },
///     "params": [{ "name": "numbers", "schema": { "type": "array", "elements": { "type": "int" } } }]
/// }]"#;
/// let server = Description::from_json(text).unwrap();
/// let code = Generator::new(&server).generate().code;
/// assert!(code.contains("pub trait Calc {"));
/// assert!(code.contains("/// Adds numbers."));
/// assert!(code.contains("async fn add_all(&self, numbers: &[i64]) -> Result<i64, Fault>;"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "call `generate`"]
pub struct Generator<'a> {
    description: &'a Description,
    samples: Option<&'a Samples>,
    both: bool,
    system: bool,
    origin: Option<String>,
}

/// The code, and what it does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The text of a Rust file. It can be a file of a module, or the content of an `include!`.
    pub code: String,
    /// Sentences about methods that could not be generated. Nothing in them is unescaped.
    pub warnings: Vec<String>,
}

impl<'a> Generator<'a> {
    /// A generator of clients for this server.
    pub fn new(description: &'a Description) -> Self {
        Self {
            description,
            samples: None,
            both: false,
            system: false,
            origin: None,
        }
    }

    /// Whether the traits are for servers too. Off by default: the traits then have the option `client`, and
    /// their parameters can borrow more.
    pub fn both(mut self, both: bool) -> Self {
        self.both = both;
        self
    }

    /// Whether to include the methods of introspection and multicall, such as `system.listMethods`. Off by
    /// default: the client of `xmlrpc-core` has its own methods for them.
    pub fn system(mut self, system: bool) -> Self {
        self.system = system;
        self
    }

    /// How the code is generated, for the first line of the file: a command, for example. Do not put a
    /// password into it.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// Adds the types of real results.
    pub fn samples(mut self, samples: &'a Samples) -> Self {
        self.samples = Some(samples);
        self
    }

    /// Generates the code.
    pub fn generate(&self) -> Generated {
        let warning = self.description.warning.iter();
        let mut warnings: Vec<String> = warning
            .map(|warning| names::printable(warning).into_owned())
            .collect();
        let methods = self.methods(&mut warnings);
        let samples = match self.samples {
            Some(samples) => samples,
            None => &Samples::new(),
        };
        let mut modules = Modules::new(&methods, self.both, samples);
        let tokens = modules.tokens();
        let mut code = self.header(methods.len(), modules.uses(), modules.example(), &warnings);
        match syn::parse2::<syn::File>(tokens) {
            Ok(file) => code.push_str(&spaced(&prettyplease::unparse(&file))),
            // The tests find none, but half a file would be worse than a warning.
            Err(error) => warnings.push(format!("the generated code is invalid: {error}")),
        }
        Generated { code, warnings }
    }

    /// The methods that can be in a trait.
    fn methods(&self, warnings: &mut Vec<String>) -> Vec<&'a MethodDescription> {
        let methods = self.description.methods.iter();
        let mut methods: Vec<_> = methods
            .filter(|method| self.system || !is_standard_method(&method.name))
            .collect();
        methods.retain(|method| {
            let fits = names::is_method_name(&method.name);
            if !fits {
                warnings.push(format!(
                    "the method \"{}\" is left out, because a trait cannot have this name; \
                     call it with `client().call(…)`",
                    method.name.escape_debug()
                ));
            }
            fits
        });
        methods
    }

    fn header(
        &self,
        count: usize,
        uses: &Uses,
        example: Option<&Module<'_>>,
        warnings: &[String],
    ) -> String {
        let mut header = String::new();
        let mut line = |text: &str| {
            let text = names::printable(text);
            let _ = writeln!(header, "{}", format!("// {text}").trim_end());
        };
        let origin = self.origin.as_deref().unwrap_or("xmlrpc_cli::codegen");
        line(&format!("@generated by `{}`", origin.replace('`', "'")));
        line("");
        line(&format!(
            "{count} method{}. In Cargo.toml:",
            if count == 1 { "" } else { "s" }
        ));
        line("");
        line(concat!(
            "    xmlrpc-core = \"",
            env!("CARGO_PKG_VERSION"),
            "\""
        ));
        if uses.serde {
            line("    serde = { version = \"1\", features = [\"derive\"] }");
        }
        if let Some(module) = example {
            let client = concat!(
                "    xmlrpc-client = \"",
                env!("CARGO_PKG_VERSION"),
                "\" # calls over HTTP and SCGI"
            );
            line(client);
            line("");
            line(&format!(
                "A client: {}::new(xmlrpc_client::Client::new(url)?)",
                module.client_path()
            ));
        }
        for warning in warnings {
            line("");
            line(&format!("Warning: {warning}."));
        }
        header.push('\n');
        header
    }
}

/// The code with an empty line before each item that follows another.
fn spaced(code: &str) -> String {
    let mut spaced = String::with_capacity(code.len() + code.len() / 16);
    let mut previous = "";
    for line in code.lines() {
        let text = line.trim_start();
        let begins = text.starts_with("///") || text.starts_with("#[") || text.starts_with("pub ");
        let ends = previous.ends_with(';') || previous.ends_with('}');
        if begins && ends && !previous.starts_with("//") {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        previous = text;
    }
    spaced
}
