//! The structs of the generated code. Identical types become one struct.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;
use xmlrpc_core::schema::{Member, Schema};

use super::{
    docs::doc,
    names::{self, Kind, Scope},
    types::{self, Uses},
};

/// The index of a module; `None` is the file itself.
pub(super) type Place = Option<usize>;

/// A struct with its name and the places that use it.
#[derive(Debug)]
struct Struct {
    members: Vec<Member>,
    /// The name that its first use suggests.
    wish: String,
    used_in: BTreeSet<Place>,
    name: String,
}

impl Struct {
    /// The only place that uses it, or the file.
    fn home(&self) -> Place {
        let mut places = self.used_in.iter();
        match (places.next(), places.next()) {
            (Some(only), None) => *only,
            _ => None,
        }
    }
}

/// All structs, in the order of their first uses.
#[derive(Debug, Default)]
pub(super) struct Structs {
    list: Vec<Struct>,
    /// By the text of their members.
    index: HashMap<String, usize>,
}

impl Structs {
    /// Registers the structs in a type. `wish` is the name for the outermost of them.
    pub(super) fn collect(&mut self, schema: &Schema, wish: &str, place: Place) {
        match schema {
            Schema::Array(inner) | Schema::Map(inner) | Schema::Optional(inner) => {
                self.collect(inner, wish, place);
            }
            Schema::Tuple(places) => {
                for (number, inner) in (1_usize..).zip(places) {
                    self.collect(inner, &format!("{wish}Place{number}"), place);
                }
            }
            Schema::Struct(members) => {
                let index = *self.index.entry(key(members)).or_insert(self.list.len());
                if index == self.list.len() {
                    self.list.push(Struct {
                        members: members.clone(),
                        wish: wish.to_owned(),
                        used_in: BTreeSet::new(),
                        name: String::new(),
                    });
                }
                // Its members are known if the struct is known in this place.
                if self
                    .list
                    .get_mut(index)
                    .is_some_and(|it| it.used_in.insert(place))
                {
                    for member in members {
                        let wish = format!("{wish}{}", names::camel(&member.name));
                        self.collect(&member.schema, &wish, place);
                    }
                }
            }
            _ => {}
        }
    }

    /// Names all structs. `scopes` are those of the modules, `top` is that of the file.
    pub(super) fn name(&mut self, top: &mut Scope, scopes: &mut [Scope]) {
        for item in &mut self.list {
            let module = item.home().and_then(|index| scopes.get_mut(index));
            let scope = module.unwrap_or(&mut *top);
            item.name = scope.camel(&item.wish);
        }
    }

    /// The path of a struct, as seen from a place.
    pub(super) fn path(&self, members: &[Member], from: Place) -> TokenStream {
        let found = self.index.get(&key(members));
        let Some(item) = found.and_then(|index| self.list.get(*index)) else {
            return quote!(Value);
        };
        let name = names::ident(&item.name);
        if item.home().is_none() && from.is_some() {
            quote!(super::#name)
        } else {
            quote!(#name)
        }
    }

    /// The definitions in a place.
    pub(super) fn definitions(&self, place: Place, uses: &mut Uses) -> TokenStream {
        let here = self.list.iter().filter(|item| item.home() == place);
        here.map(|item| self.definition(item, place, uses))
            .collect()
    }

    fn definition(&self, item: &Struct, place: Place, uses: &mut Uses) -> TokenStream {
        uses.serde = true;
        let name = names::ident(&item.name);
        let mut scope = Scope::default();
        let fields = item.members.iter().map(|member| {
            let rust = scope.snake(&member.name, Kind::Member);
            let field = names::ident(&rust);
            let wire = &member.name;
            let rename = (rust != *wire).then(|| quote!(rename = #wire));
            let mut schema = member.schema.clone();
            let optional = member.optional.then(|| {
                if !matches!(schema, Schema::Optional(_)) {
                    schema = Schema::Optional(Box::new(schema.clone()));
                }
                quote!(default, skip_serializing_if = "Option::is_none")
            });
            let options: Vec<_> = rename.into_iter().chain(optional).collect();
            let attribute = (!options.is_empty()).then(|| quote!(#[serde(#(#options),*)]));
            let docs = doc(&format!("The member `{}`.", names::code(wire)));
            let ty = types::owned(&schema, self, place, uses);
            quote! { #docs #attribute pub #field: #ty, }
        });
        let fields: Vec<_> = fields.collect();
        let default = item
            .members
            .iter()
            .all(|member| member.optional || has_default(&member.schema))
            .then(|| quote!(Default,));
        let docs = doc("A struct on the wire.");
        let allow = types::allow();
        quote! {
            #docs
            #allow
            #[derive(Clone, Debug, #default PartialEq, Serialize, Deserialize)]
            pub struct #name { #(#fields)* }
        }
    }
}

/// Whether the Rust type implements `Default`. A date does not.
fn has_default(schema: &Schema) -> bool {
    match schema {
        Schema::DateTime => false,
        Schema::Tuple(places) => places.iter().all(has_default),
        Schema::Struct(members) => members
            .iter()
            .all(|member| member.optional || has_default(&member.schema)),
        _ => true,
    }
}

fn key(members: &[Member]) -> String {
    format!("{members:?}")
}
