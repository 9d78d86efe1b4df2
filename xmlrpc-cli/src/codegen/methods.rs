//! The traits of the generated code.

use proc_macro2::TokenStream;
use quote::quote;
use xmlrpc_core::schema::{MethodDescription, ParamDescription, Schema};

use super::{
    docs::{doc, markdown},
    faults::Faults,
    names::{self, Kind, Scope},
    namespaces::Namespace,
    plan::{Form, Params},
    structs::{Place, Structs},
    types::{self, Uses},
};

/// The methods that a generated client always has.
const OF_THE_CLIENT: &[&str] = &[
    "new",
    "client",
    "describe",
    "clone",
    "with_leading_params",
    "with_leading_members",
];
/// What servers return for methods without a help text.
const NO_HELP: &[&str] = &["No help is available for this method.", "No help available"];
/// The longest default value in a doc comment.
const MAX_DEFAULT: usize = 100;

/// Registers the structs of a method. `local` is its name without the namespace.
pub(super) fn collect(structs: &mut Structs, local: &str, forms: &[Form], place: Place) {
    let method = names::camel(local);
    for form in forms {
        if let Params::Listed(params) | Params::Named(params) = &form.params {
            for param in params {
                let wish = format!("{method}{}", names::camel(&param.name));
                structs.collect(&param.schema, &wish, place);
            }
        }
        let suffix = match &form.result {
            Schema::Array(_) | Schema::Map(_) => "Item",
            _ => "Result",
        };
        structs.collect(&form.result, &format!("{method}{suffix}"), place);
    }
}

/// A trait to write.
pub(super) struct Trait<'a> {
    pub(super) namespace: &'a Namespace<'a>,
    pub(super) name: &'a str,
    pub(super) error_name: &'a str,
    pub(super) place: Place,
    pub(super) both: bool,
    pub(super) structs: &'a Structs,
}

impl Trait<'_> {
    pub(super) fn tokens(
        &self,
        methods: &[(&MethodDescription, Vec<Form>)],
        uses: &mut Uses,
    ) -> TokenStream {
        uses.service = true;
        let rust_names = self.rust_names(methods);
        let written = methods
            .iter()
            .zip(rust_names)
            .flat_map(|((method, forms), names)| {
                let forms = forms.iter().zip(names);
                let forms = forms.map(|(form, name)| self.method(method, form, &name, uses));
                forms.collect::<Vec<_>>()
            });
        let written: Vec<_> = written.collect();
        let client = (!self.both).then(|| quote!(client));
        let namespace = self.namespace.name.map(|name| quote!(namespace = #name));
        let separator = (self.namespace.separator != '.').then(|| {
            let separator = self.namespace.separator.to_string();
            quote!(separator = #separator)
        });
        let options: Vec<_> = [client, namespace, separator]
            .into_iter()
            .flatten()
            .collect();
        let attribute = match options.as_slice() {
            [] => quote!(#[xmlrpc_service]),
            options => quote!(#[xmlrpc_service(#(#options),*)]),
        };
        let docs = doc(&match self.namespace.name {
            Some(name) => format!("The methods of `{}`.", names::code(name)),
            None => "The methods without a namespace.".to_owned(),
        });
        let allow = types::allow();
        let name = names::ident(self.name);
        quote! {
            #docs
            #allow
            #attribute
            pub trait #name { #(#written)* }
        }
    }

    /// The names of the forms of each method. Methods whose names are already Rust names keep them.
    fn rust_names(&self, methods: &[(&MethodDescription, Vec<Form>)]) -> Vec<Vec<String>> {
        let mut scope = Scope::with(OF_THE_CLIENT);
        let wishes = methods.iter().map(|(method, forms)| {
            let local = self.namespace.local(&method.name);
            let mut name = names::snake(local, Kind::Method);
            if OF_THE_CLIENT.contains(&name.as_str()) {
                name = format!("call_{name}");
            }
            let is_exact = name == local;
            if is_exact {
                scope.take(&name);
            }
            (name, is_exact, forms.len())
        });
        let wishes: Vec<_> = wishes.collect();
        let names = wishes.into_iter().map(|(wish, is_exact, forms)| {
            let names = (0..forms).map(|form| match form {
                0 if is_exact => wish.clone(),
                _ => scope.first_free(&wish, "_"),
            });
            names.collect()
        });
        names.collect()
    }

    fn method(
        &self,
        method: &MethodDescription,
        form: &Form,
        rust: &str,
        uses: &mut Uses,
    ) -> TokenStream {
        let local = self.namespace.local(&method.name);
        let mut options = Vec::new();
        if rust != local {
            options.push(quote!(name = #local));
        }
        if matches!(form.params, Params::Named(_)) {
            options.push(quote!(params = struct));
        }
        let attribute = (!options.is_empty()).then(|| quote!(#[xmlrpc(#(#options),*)]));
        let deprecated = method.deprecated.as_deref().map(|note| match note.trim() {
            "" => quote!(#[deprecated]),
            note => quote!(#[deprecated(note = #note)]),
        });
        let docs = doc(&documentation(method, form));
        let name = names::ident(rust);
        let params = self.params(form, uses);
        let result = types::owned(&form.result, self.structs, self.place, uses);
        let error = if Faults::default().add(&method.faults) {
            names::ident(self.error_name)
        } else {
            uses.fault = true;
            names::ident("Fault")
        };
        quote! {
            #docs
            #deprecated
            #attribute
            async fn #name(&self, #params) -> Result<#result, #error>;
        }
    }

    fn params(&self, form: &Form, uses: &mut Uses) -> TokenStream {
        let (params, named) = match &form.params {
            Params::Unknown => {
                uses.value = true;
                return quote!(#[xmlrpc(rest)] params: &[Value]);
            }
            Params::Listed(params) => (params, false),
            Params::Named(params) => (params, true),
        };
        let mut scope = Scope::default();
        let written = params.iter().map(|param| {
            let rust = scope.snake(&param.name, Kind::Param);
            let name = names::ident(&rust);
            let wire = &param.name;
            let attribute = (named && rust != *wire).then(|| quote!(#[xmlrpc(rename = #wire)]));
            let repeated = param.rest.then(|| quote!(#[xmlrpc(rest)]));
            let schema = match &param.schema {
                schema if !param.optional || param.rest => schema.clone(),
                Schema::Optional(_) => param.schema.clone(),
                schema => Schema::Optional(Box::new(schema.clone())),
            };
            let ty = types::param(&schema, self.both, self.structs, self.place, uses);
            quote!(#attribute #repeated #name: #ty)
        });
        let written: Vec<_> = written.collect();
        quote!(#(#written),*)
    }
}

/// The help text, and what the signature of the Rust method does not say.
fn documentation(method: &MethodDescription, form: &Form) -> String {
    let mut text = match markdown(&method.help) {
        help if help.is_empty() || NO_HELP.contains(&help.as_str()) => {
            format!("The method `{}`.", names::code(&method.name))
        }
        help => help,
    };
    if let Params::Listed(params) | Params::Named(params) = &form.params {
        let defaults: Vec<_> = params.iter().filter_map(default).collect();
        if !defaults.is_empty() {
            text.push_str("\n\nDefaults: ");
            text.push_str(&defaults.join(", "));
            text.push('.');
        }
    }
    text
}

fn default(param: &ParamDescription) -> Option<String> {
    let default = param
        .default
        .as_ref()
        .filter(|it| it.len() <= MAX_DEFAULT)?;
    let name = names::snake(&param.name, Kind::Param);
    Some(format!("`{name}` is `{}`", names::code(default)))
}
