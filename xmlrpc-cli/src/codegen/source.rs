//! Reads the annotated traits of a Rust file.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, FnArg, Item, ItemTrait, LitStr, Pat, ReturnType, TraitItem, TraitItemFn, Type,
    ext::IdentExt, parse::Parser, punctuated::Punctuated,
};
use xmlrpc_core::schema::{Member, ParamDescription, Schema};

use super::{case::Case, source_types::Types};

/// A method of a trait, as its attributes and types describe it.
#[derive(Debug)]
pub(super) struct SourceMethod {
    /// `Trait::method`
    pub(super) path: String,
    pub(super) name: String,
    pub(super) params: Vec<ParamDescription>,
    pub(super) result: Schema,
}

/// The traits of a file.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) traits: usize,
    pub(super) methods: Vec<SourceMethod>,
    /// What could not be read.
    pub(super) notes: Vec<String>,
}

/// How deeply modules may nest.
const MAX_MODULES: usize = 32;

pub(super) fn read(text: &str) -> Result<Source, syn::Error> {
    let file = syn::parse_file(text)?;
    let types = Types::collect(&file.items);
    let mut source = Source::default();
    items(&file.items, &mut Vec::new(), &types, &mut source);
    Ok(source)
}

fn items(list: &[Item], module: &mut Vec<String>, types: &Types<'_>, source: &mut Source) {
    if module.len() > MAX_MODULES {
        source
            .notes
            .push("modules nest too deeply and are not compared".to_owned());
        return;
    }
    for item in list {
        match item {
            Item::Mod(inner) => {
                if let Some((_, content)) = &inner.content {
                    module.push(inner.ident.unraw().to_string());
                    items(content, module, types, source);
                    module.pop();
                }
            }
            Item::Trait(item) => {
                let attribute = item.attrs.iter().find(|it| is_named(it, "xmlrpc_service"));
                if let Some(attribute) = attribute {
                    read_trait(item, attribute, module, types, source);
                }
            }
            _ => {}
        }
    }
}

fn is_named(attribute: &Attribute, name: &str) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == name)
}

/// The options of an attribute: names, and the tokens after `=`.
struct Options(Vec<(String, TokenStream)>);

impl Options {
    fn read<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> Self {
        let mut options = Vec::new();
        for attribute in attributes {
            let syn::Meta::List(list) = &attribute.meta else {
                continue;
            };
            let mut name = None;
            let mut value = Vec::new();
            let end = |name: &mut Option<String>, value: &mut Vec<TokenTree>| {
                name.take()
                    .map(|name| (name, std::mem::take(value).into_iter().collect()))
            };
            for token in list.tokens.clone() {
                match (&name, &token) {
                    (_, TokenTree::Punct(punct)) if punct.as_char() == ',' => {
                        options.extend(end(&mut name, &mut value));
                    }
                    (None, TokenTree::Ident(ident)) => name = Some(ident.to_string()),
                    (Some(_), TokenTree::Punct(punct))
                        if value.is_empty() && punct.as_char() == '=' => {}
                    _ => value.push(token),
                }
            }
            options.extend(end(&mut name, &mut value));
        }
        Self(options)
    }

    fn get(&self, name: &str) -> Option<&TokenStream> {
        let mut options = self.0.iter();
        options
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn text(&self, name: &str) -> Option<String> {
        let literal: LitStr = syn::parse2(self.get(name)?.clone()).ok()?;
        Some(literal.value())
    }

    fn case(&self) -> Option<Case> {
        Case::named(&self.text("rename_all")?)
    }
}

fn read_trait(
    item: &ItemTrait,
    attribute: &Attribute,
    module: &[String],
    types: &Types<'_>,
    source: &mut Source,
) {
    source.traits += 1;
    let options = Options::read([attribute]);
    let namespace = options
        .text("namespace")
        .map_or(String::new(), |namespace| {
            let separator = options.text("separator").unwrap_or_else(|| ".".to_owned());
            format!("{namespace}{separator}")
        });
    for inner in &item.items {
        if let TraitItem::Fn(method) = inner {
            let context = Context {
                trait_name: item.ident.to_string(),
                namespace: &namespace,
                case: options.case(),
                envelope: options.has("envelope"),
                generics: &item.generics,
                module,
                types,
            };
            let method = context.method(method, &mut source.notes);
            source.methods.push(method);
        }
    }
}

struct Context<'a> {
    trait_name: String,
    namespace: &'a str,
    case: Option<Case>,
    envelope: bool,
    generics: &'a syn::Generics,
    module: &'a [String],
    types: &'a Types<'a>,
}

impl Context<'_> {
    fn method(&self, method: &TraitItemFn, notes: &mut Vec<String>) -> SourceMethod {
        let attributes = || method.attrs.iter().filter(|it| is_named(it, "xmlrpc"));
        let options = Options::read(attributes());
        let rust = method.sig.ident.unraw().to_string();
        let path = format!("{}::{rust}", self.trait_name);
        let local = options.text("name").unwrap_or_else(|| match self.case {
            Some(case) => case.of_method(&rust),
            None => rust,
        });
        if method.attrs.iter().any(|it| it.path().is_ident("cfg")) {
            notes.push(format!(
                "`{path}` is compared although `#[cfg]` can remove it"
            ));
        }
        let generics: Vec<String> = [self.generics, &method.sig.generics]
            .into_iter()
            .flat_map(|generics| generics.type_params())
            .map(|param| param.ident.to_string())
            .collect();
        let mut schema = |ty: &Type, what: &str| {
            let mut unknown = Vec::new();
            let schema = self.types.schema(ty, self.module, &generics, &mut unknown);
            unknown.dedup();
            for reason in unknown {
                notes.push(format!(
                    "{what} of `{path}` is not compared in full: {reason}"
                ));
            }
            schema
        };
        let named = options.has("params");
        let mut params = Vec::new();
        for input in &method.sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            let name = match &*input.pat {
                Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
                _ => "_".to_owned(),
            };
            let own = Options::read(input.attrs.iter().filter(|it| is_named(it, "xmlrpc")));
            if own.has("context") {
                continue;
            }
            let mut param =
                ParamDescription::new(&name, schema(&input.ty, &format!("parameter `{name}`")));
            param.rest = own.has("rest");
            param.optional =
                matches!(param.schema, Schema::Optional(_)) || own.has("default") || param.rest;
            if named {
                param.name = own.text("rename").unwrap_or_else(|| match options.case() {
                    Some(case) => case.of_method(&name),
                    None => name,
                });
            }
            params.push(param);
        }
        if named {
            let members = params.iter().map(|param| {
                let mut member = Member::new(&param.name, param.schema.clone());
                member.optional = param.optional;
                member
            });
            let members: Vec<_> = members.collect();
            let optional = params.iter().all(|param| param.optional);
            let mut param = ParamDescription::new("params", Schema::Struct(members));
            param.optional = optional;
            params = vec![param];
        } else {
            // An option before a required parameter is sent as nil.
            let required = params.iter().rposition(|param| !param.optional);
            for param in params.iter_mut().take(required.unwrap_or(0)) {
                param.optional = false;
            }
        }
        let in_envelope = (self.envelope || options.has("envelope")) && !options.has("no_envelope");
        let result = match &method.sig.output {
            ReturnType::Default => Schema::Nil,
            ReturnType::Type(..) if in_envelope => Schema::Any,
            ReturnType::Type(_, ty) => schema(success(ty), "the result"),
        };
        if in_envelope {
            notes.push(format!(
                "the result of `{path}` is in an envelope and is not compared"
            ));
        }
        SourceMethod {
            name: format!("{}{local}", self.namespace),
            path,
            params,
            result,
        }
    }
}

/// The `T` of a `Result<T, E>`.
fn success(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    let Some(last) = path.path.segments.last() else {
        return ty;
    };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return ty;
    };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(inner)) if last.ident == "Result" => inner,
        _ => ty,
    }
}

/// The paths in `derive(…)`, by their last parts.
pub(super) fn derives(attributes: &[Attribute]) -> Vec<String> {
    let lists = attributes.iter().filter(|it| it.path().is_ident("derive"));
    let names = lists.filter_map(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return None;
        };
        let parser = Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        parser.parse2(list.tokens.clone()).ok()
    });
    names
        .flatten()
        .filter_map(|path| Some(path.segments.last()?.ident.to_string()))
        .collect()
}

/// The options of `#[serde(…)]`: names, and texts after `=`. A name without a text has `None`.
pub(super) fn serde_options(attributes: &[Attribute]) -> Vec<(String, Option<String>)> {
    let options = Options::read(attributes.iter().filter(|it| it.path().is_ident("serde")));
    let text = |value: &TokenStream| syn::parse2::<LitStr>(value.clone()).ok();
    let options = options.0.iter();
    options
        .map(|(name, value)| (name.clone(), text(value).map(|text| text.value())))
        .collect()
}
