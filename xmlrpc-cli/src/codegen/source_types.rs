//! The XML-RPC types of Rust types, as far as one file tells them.

use std::collections::HashMap;

use syn::{Fields, GenericArgument, Item, PathArguments, Type, ext::IdentExt};
use xmlrpc_core::schema::{Member, Schema};

use super::{
    case::Case,
    source::{derives, serde_options},
};

/// How deeply types are followed.
const MAX_DEPTH: usize = 32;

/// The structs, enums and aliases of a file, by module and name.
#[derive(Debug, Default)]
pub(super) struct Types<'a> {
    items: HashMap<(Vec<String>, String), &'a Item>,
}

impl<'a> Types<'a> {
    pub(super) fn collect(items: &'a [Item]) -> Self {
        let mut types = Self::default();
        types.add(items, &mut Vec::new());
        types
    }

    fn add(&mut self, items: &'a [Item], module: &mut Vec<String>) {
        if module.len() > MAX_DEPTH {
            return;
        }
        for item in items {
            let name = match item {
                Item::Struct(item) => &item.ident,
                Item::Enum(item) => &item.ident,
                Item::Type(item) => &item.ident,
                Item::Mod(inner) => {
                    if let Some((_, content)) = &inner.content {
                        module.push(inner.ident.unraw().to_string());
                        self.add(content, module);
                        module.pop();
                    }
                    continue;
                }
                _ => continue,
            };
            self.items
                .insert((module.clone(), name.unraw().to_string()), item);
        }
    }

    /// The type of a Rust type that a module names. `unknown` gets the parts that are not known; they can
    /// have any type.
    pub(super) fn schema(
        &self,
        ty: &Type,
        module: &[String],
        generics: &[String],
        unknown: &mut Vec<String>,
    ) -> Schema {
        let mut reader = Reader {
            types: self,
            generics,
            unknown,
        };
        reader.schema(ty, module, MAX_DEPTH)
    }

    /// The item with a path, and its module.
    fn find(&self, path: &syn::Path, module: &[String]) -> Option<(&'a Item, Vec<String>)> {
        let mut names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.unraw().to_string())
            .collect();
        let name = names.pop()?;
        let mut base = module.to_vec();
        for part in &names {
            match part.as_str() {
                "self" => {}
                "super" => drop(base.pop()?),
                "crate" => return None,
                part => base.push(part.to_owned()),
            }
        }
        loop {
            if let Some(item) = self.items.get(&(base.clone(), name.clone())) {
                return Some((item, base));
            }
            // Perhaps imported from an outer module.
            if !names.is_empty() {
                return None;
            }
            base.pop()?;
        }
    }
}

struct Reader<'a, 'b> {
    types: &'b Types<'a>,
    generics: &'b [String],
    unknown: &'b mut Vec<String>,
}

impl Reader<'_, '_> {
    fn schema(&mut self, ty: &Type, module: &[String], depth: usize) -> Schema {
        let Some(depth) = depth.checked_sub(1) else {
            self.unknown.push("the type contains itself".to_owned());
            return Schema::Any;
        };
        match ty {
            Type::Reference(reference) => self.schema(&reference.elem, module, depth),
            Type::Paren(inner) => self.schema(&inner.elem, module, depth),
            Type::Group(inner) => self.schema(&inner.elem, module, depth),
            Type::Slice(slice) => self.array(&slice.elem, module, depth),
            Type::Array(array) => self.array(&array.elem, module, depth),
            Type::Tuple(tuple) if tuple.elems.is_empty() => Schema::Nil,
            Type::Tuple(tuple) => {
                let places = tuple.elems.iter();
                Schema::Tuple(places.map(|it| self.schema(it, module, depth)).collect())
            }
            // Whatever the caller passes.
            Type::ImplTrait(_) => Schema::Any,
            Type::Path(path) => self.path(&path.path, module, depth),
            _ => {
                self.unknown.push("this kind of type is unknown".to_owned());
                Schema::Any
            }
        }
    }

    fn array(&mut self, element: &Type, module: &[String], depth: usize) -> Schema {
        Schema::Array(Box::new(self.schema(element, module, depth)))
    }

    fn path(&mut self, path: &syn::Path, module: &[String], depth: usize) -> Schema {
        let Some(last) = path.segments.last() else {
            return Schema::Any;
        };
        let name = last.ident.unraw().to_string();
        if path.segments.len() == 1 && self.generics.contains(&name) {
            return Schema::Any;
        }
        if let Some((item, module)) = self.types.find(path, module) {
            return self.item(item, &module, depth);
        }
        let arguments: Vec<&Type> = match &last.arguments {
            PathArguments::AngleBracketed(arguments) => arguments
                .args
                .iter()
                .filter_map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        match (name.as_str(), arguments.as_slice()) {
            ("i8" | "i16" | "i32" | "u8" | "u16", []) => Schema::Int,
            ("i64" | "u32" | "u64" | "usize" | "isize", []) => Schema::I8,
            ("f32" | "f64", []) => Schema::Double,
            ("bool", []) => Schema::Boolean,
            ("str" | "String" | "char" | "Path" | "PathBuf" | "ByteString", []) => Schema::String,
            ("DateTime", []) => Schema::DateTime,
            ("Base64", _) => Schema::Base64,
            ("Value", []) => Schema::Any,
            ("Struct", []) => Schema::Map(Box::new(Schema::Any)),
            ("Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "IndexSet", [element, ..]) => {
                self.array(element, module, depth)
            }
            ("Array", []) => Schema::Array(Box::new(Schema::Any)),
            ("Option", [inner]) => Schema::Optional(Box::new(self.schema(inner, module, depth))),
            ("Box" | "Arc" | "Rc" | "Cow", [inner]) => self.schema(inner, module, depth),
            ("HashMap" | "BTreeMap" | "IndexMap", [_, value, ..]) => {
                Schema::Map(Box::new(self.schema(value, module, depth)))
            }
            _ => {
                self.unknown
                    .push(format!("the type `{name}` is not in this file"));
                Schema::Any
            }
        }
    }

    fn item(&mut self, item: &Item, module: &[String], depth: usize) -> Schema {
        match item {
            Item::Type(alias) if alias.generics.params.is_empty() => {
                self.schema(&alias.ty, module, depth)
            }
            Item::Struct(item) => self.structure(item, module, depth),
            Item::Enum(item) => {
                let is_plain = item
                    .variants
                    .iter()
                    .all(|it| matches!(it.fields, Fields::Unit));
                let options = serde_options(&item.attrs);
                let is_text = options.iter().all(|(name, _)| name == "rename_all");
                if is_plain && is_text && has_serde(&item.attrs) {
                    return Schema::String;
                }
                self.unknown
                    .push(format!("the enum `{}` is not read", item.ident));
                Schema::Any
            }
            _ => {
                self.unknown.push("a generic alias is not read".to_owned());
                Schema::Any
            }
        }
    }

    fn structure(&mut self, item: &syn::ItemStruct, module: &[String], depth: usize) -> Schema {
        let options = serde_options(&item.attrs);
        let known = [
            "rename_all",
            "default",
            "deny_unknown_fields",
            "transparent",
            "crate",
            "rename",
        ];
        let other = options
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()));
        let reason = if let Some((name, _)) = other {
            Some(format!("`#[serde({name})]`"))
        } else if !has_serde(&item.attrs) {
            Some("its own implementation of serde's traits".to_owned())
        } else if item.generics.type_params().next().is_some() {
            Some("type parameters".to_owned())
        } else {
            None
        };
        if let Some(reason) = reason {
            self.unknown
                .push(format!("the struct `{}` has {reason}", item.ident));
            return Schema::Any;
        }
        let fields = match &item.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(fields) => match fields.unnamed.first() {
                Some(only) if fields.unnamed.len() == 1 => {
                    return self.schema(&only.ty, module, depth);
                }
                _ => {
                    let places = fields.unnamed.iter();
                    return Schema::Tuple(
                        places
                            .map(|it| self.schema(&it.ty, module, depth))
                            .collect(),
                    );
                }
            },
            Fields::Unit => return Schema::Nil,
        };
        let has = |name: &str| options.iter().any(|(known, _)| known == name);
        if has("transparent")
            && let Some(only) = fields.first()
        {
            return self.schema(&only.ty, module, depth);
        }
        let case = options.iter().find(|(name, _)| name == "rename_all");
        let case = case.and_then(|(_, case)| Case::named(case.as_deref()?));
        let mut members = Vec::new();
        for field in fields {
            match self.member(field, case, module, depth) {
                Some(Ok(mut member)) => {
                    member.optional |= has("default");
                    members.push(member);
                }
                Some(Err(Flattened)) => return Schema::Map(Box::new(Schema::Any)),
                None => {}
            }
        }
        Schema::Struct(members)
    }

    /// `None` if the field is not on the wire.
    fn member(
        &mut self,
        field: &syn::Field,
        case: Option<Case>,
        module: &[String],
        depth: usize,
    ) -> Option<Result<Member, Flattened>> {
        let rust = field.ident.as_ref()?.unraw().to_string();
        let options = serde_options(&field.attrs);
        let option = |name: &str| options.iter().find(|(known, _)| known == name);
        if option("skip").is_some() {
            return None;
        }
        if option("flatten").is_some() {
            return Some(Err(Flattened));
        }
        let custom = ["with", "serialize_with", "deserialize_with"];
        let schema = match custom.iter().find(|name| option(name).is_some()) {
            Some(_) => Schema::Any,
            None => self.schema(&field.ty, module, depth),
        };
        let renamed = option("rename").and_then(|(_, name)| name.clone());
        let name = renamed.unwrap_or_else(|| match case {
            Some(case) => case.of_field(&rust),
            None => rust,
        });
        let mut member = Member::new(name, schema);
        member.optional =
            matches!(member.schema, Schema::Optional(_)) || option("default").is_some();
        Some(Ok(member))
    }
}

/// A field whose members are those of the struct around it.
struct Flattened;

fn has_serde(attributes: &[syn::Attribute]) -> bool {
    derives(attributes)
        .iter()
        .any(|name| name == "Serialize" || name == "Deserialize")
}
