//! The modules of the generated code: one for each namespace, and the top of the file.

use proc_macro2::TokenStream;
use quote::quote;
use xmlrpc_core::schema::MethodDescription;

use super::{
    Samples,
    docs::doc,
    faults::Faults,
    methods::{self, Trait},
    names::{self, Kind, Scope},
    namespaces::{self, Namespace},
    plan::{self, Form},
    structs::{Place, Structs},
    types::{self, RESERVED, Uses},
};

/// Names that a module cannot have, because code beside it uses them.
const RESERVED_MODULES: &[&str] = &[
    "alloc", "bool", "char", "core", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize",
    "std", "str", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// A module with one trait.
pub(super) struct Module<'a> {
    namespace: Namespace<'a>,
    /// `None` for the trait at the top of the file.
    place: Place,
    name: String,
    trait_name: String,
    methods: Vec<(&'a MethodDescription, Vec<Form>)>,
    faults: Faults<'a>,
}

impl Module<'_> {
    /// The path of the client, as seen from the file.
    pub(super) fn client_path(&self) -> String {
        let Self {
            name, trait_name, ..
        } = self;
        match self.place {
            None => format!("{trait_name}Client"),
            Some(_) => format!("{}::{trait_name}Client", names::ident(name)),
        }
    }
}

/// All modules.
pub(super) struct Modules<'a> {
    list: Vec<Module<'a>>,
    structs: Structs,
    both: bool,
    /// What all modules use together.
    uses: Uses,
}

impl<'a> Modules<'a> {
    pub(super) fn new(methods: &[&'a MethodDescription], both: bool, samples: &Samples) -> Self {
        let mut module_names = Scope::with(RESERVED_MODULES);
        let mut top = Scope::with(RESERVED);
        let mut scopes = Vec::new();
        let mut structs = Structs::default();
        let mut list = Vec::new();
        for namespace in namespaces::divide(methods) {
            let name = namespace.name;
            let place = name.map(|_| scopes.len());
            let module_name = name.map(|name| module_names.snake(name, Kind::Module));
            let mut scope = match place {
                None => std::mem::take(&mut top),
                Some(_) => Scope::with(RESERVED),
            };
            let trait_name = trait_name(&mut scope, name.unwrap_or("api"));
            match place {
                None => top = scope,
                Some(_) => scopes.push(scope),
            }
            let mut faults = Faults::default();
            let methods = namespace.methods.iter().map(|&method| {
                let forms = plan::forms(method, both, samples);
                methods::collect(&mut structs, namespace.local(&method.name), &forms, place);
                faults.add(&method.faults);
                (method, forms)
            });
            let methods = methods.collect();
            list.push(Module {
                namespace,
                place,
                name: module_name.unwrap_or_default(),
                trait_name,
                methods,
                faults,
            });
        }
        structs.name(&mut top, &mut scopes);
        Self {
            list,
            structs,
            both,
            uses: Uses::default(),
        }
    }

    /// What all modules use. Call [`tokens`](Self::tokens) first.
    pub(super) fn uses(&self) -> &Uses {
        &self.uses
    }

    /// The module of most methods.
    pub(super) fn example(&self) -> Option<&Module<'a>> {
        // Of several, the first.
        let modules = self.list.iter().rev();
        modules.max_by_key(|module| module.methods.len())
    }

    /// The code.
    pub(super) fn tokens(&mut self) -> TokenStream {
        let mut uses = Uses::default();
        let mut top = self.structs.definitions(None, &mut uses);
        let mut items = TokenStream::new();
        let mut all = Uses::default();
        for module in &self.list {
            if module.place.is_none() {
                let mut content = self.content(module, &mut uses);
                content.extend(std::mem::take(&mut top));
                top = content;
                continue;
            }
            let mut uses = Uses::default();
            let structs = self.structs.definitions(module.place, &mut uses);
            let content = self.content(module, &mut uses);
            let imports = uses.items();
            all.serde |= uses.serde;
            let name = names::ident(&module.name);
            let docs = doc(&format!(
                "The methods of `{}`.",
                names::code(module.namespace.name.unwrap_or_default())
            ));
            let allow = types::allow();
            items.extend(quote! {
                #docs
                #allow
                pub mod #name {
                    #imports
                    #content
                    #structs
                }
            });
        }
        let imports = uses.items();
        all.serde |= uses.serde;
        self.uses = all;
        quote!(#imports #top #items)
    }

    /// The trait and its errors.
    fn content(&self, module: &Module<'a>, uses: &mut Uses) -> TokenStream {
        let error_name = format!("{}Error", module.trait_name);
        let errors = module.faults.definition(&error_name);
        uses.typed_fault |= !errors.is_empty();
        uses.fault |= !errors.is_empty();
        let written = Trait {
            namespace: &module.namespace,
            name: &module.trait_name,
            error_name: &error_name,
            place: module.place,
            both: self.both,
            structs: &self.structs,
        };
        let item = written.tokens(&module.methods, uses);
        quote!(#item #errors)
    }
}

/// A name of which the names of the client, the server and the errors are free too.
fn trait_name(scope: &mut Scope, namespace: &str) -> String {
    let camel = names::camel(namespace);
    let mut name = camel.clone();
    let mut number = 2;
    let suffixes = ["", "Client", "Server", "Error"];
    while suffixes
        .iter()
        .any(|suffix| scope.is_taken(&format!("{name}{suffix}")))
    {
        name = format!("{camel}N{number}");
        number += 1;
    }
    for suffix in suffixes {
        scope.take(&format!("{name}{suffix}"));
    }
    name
}
