//! Compares the expansion of each file in `golden/` with the one stored beside it: `demo.rs` and `demo.expanded.rs`.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, DeriveInput, File, Ident, Item, ItemEnum, ItemMacro, ItemTrait, Meta, Token,
    punctuated::Punctuated,
};

use crate::{expand_service, fault};

const OVERWRITE: &str = "GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion";

#[test]
fn golden() {
    let overwrite = env::var_os("GOLDEN").is_some_and(|value| value == "overwrite");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut differ = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let source = entry.unwrap().path();
        let name = source.file_stem().unwrap().to_str().unwrap();
        if name.ends_with(".expanded") {
            continue;
        }
        let expanded = format!(
            "// The expansion of `{name}.rs`, written by\n// {OVERWRITE}\n\n{}",
            expanded(&fs::read_to_string(&source).unwrap())
        );
        let golden = folder.join(format!("{name}.expanded.rs"));
        if overwrite {
            fs::write(golden, expanded).unwrap();
            continue;
        }
        let held = fs::read_to_string(golden).unwrap_or_default();
        if let Some(line) = first_difference(&held, &expanded) {
            differ.push(format!("tests/golden/{name}.expanded.rs, {line}"));
        }
    }
    assert!(
        differ.is_empty(),
        "the expansion has changed:\n{}\nto update the files, run this and read the difference: {OVERWRITE}",
        differ.join("\n")
    );
}

fn first_difference(held: &str, expanded: &str) -> Option<String> {
    if held == expanded {
        return None;
    }
    let lines = held.lines().zip(expanded.lines());
    let same = lines
        .take_while(|(held, expanded)| held == expanded)
        .count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    Some(format!(
        "line {}:\n  held:     {}\n  expanded: {}",
        same + 1,
        line(held),
        line(expanded)
    ))
}

/// The source with each annotated item replaced by its expansion.
fn expanded(source: &str) -> String {
    let file = syn::parse_file(source).unwrap();
    let items: TokenStream = file.items.into_iter().map(expand).collect();
    layout(items)
}

/// Formats items, also those inside `require_server!` and `require_client!`.
fn layout(items: TokenStream) -> String {
    let File { items, .. } = syn::parse2(items).unwrap();
    let mut text = String::new();
    for item in items {
        if !matches!(item, Item::Use(_)) {
            text.push('\n');
        }
        if let Item::Macro(ItemMacro { attrs, mac, .. }) = &item {
            let path = &mac.path;
            text += &quote!(#(#attrs)* #path!).to_string().replace(' ', "");
            text += " {\n";
            text += layout(mac.tokens.clone()).trim();
            text += "\n}\n";
            continue;
        }
        text += &prettyplease::unparse(&File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        });
    }
    text
}

fn expand(item: Item) -> TokenStream {
    match item {
        Item::Trait(item) => expand_trait(item),
        Item::Enum(item) => expand_enum(item),
        item => item.into_token_stream(),
    }
}

fn expand_trait(mut item: ItemTrait) -> TokenStream {
    let is_ours = |attr: &Attribute| attr.path().is_ident("xmlrpc_service");
    let Some(place) = item.attrs.iter().position(is_ours) else {
        return item.into_token_stream();
    };
    let brackets = match item.attrs.remove(place).meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    expand_service(brackets, item)
}

/// The enum without our derive and attributes, followed by the derived code.
fn expand_enum(mut item: ItemEnum) -> TokenStream {
    let input: DeriveInput = syn::parse2(item.to_token_stream()).unwrap();
    for attr in &mut item.attrs {
        if let Meta::List(list) = &mut attr.meta
            && list.path.is_ident("derive")
        {
            let parse = Punctuated::<Ident, Token![,]>::parse_terminated;
            let derives = list.parse_args_with(parse).unwrap();
            let others = derives.iter().filter(|derive| *derive != "TypedFault");
            list.tokens = quote!(#(#others),*);
        }
    }
    for variant in &mut item.variants {
        variant.attrs.retain(|attr| !attr.path().is_ident("fault"));
    }
    let derived = fault::derive(input);
    quote!(#item #derived)
}
