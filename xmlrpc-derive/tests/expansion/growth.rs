//! The size of an expansion is linear in the number of methods or variants.

use proc_macro2::{TokenStream, TokenTree};

use crate::{expand_service, fault};

/// One method of each kind.
const METHODS: [&str; 5] = [
    "async fn plain_{}(&self, a: i64, b: String) -> Result<i64, Fault>;",
    "async fn lent_{}(&self, a: &str, b: Option<&[i64]>) -> Vec<String>;",
    "async fn rest_{}(&self, #[xmlrpc(default = 1)] a: u8, #[xmlrpc(rest)] b: &[i64]) -> bool;",
    "async fn context_{}(&self, #[xmlrpc(context)] cx: &Context, a: i64);",
    "#[xmlrpc(params = struct)] async fn named_{}(&self, a: i64, b: Option<i64>) -> f64;",
];

const VARIANT: &str = "#[fault(code = C{}, message = \"{0}\")] V{}(i64),";

#[test]
fn services() {
    assert_linear(|methods| {
        let methods: String = (0..methods)
            .map(|index| METHODS[index % METHODS.len()].replace("{}", &index.to_string()))
            .collect();
        let item = syn::parse_str(&format!("pub trait Wide {{ {methods} }}")).unwrap();
        expand_service(TokenStream::new(), item)
    });
}

#[test]
fn faults() {
    assert_linear(|variants| {
        let variants: String = (0..variants)
            .map(|index| VARIANT.replace("{}", &index.to_string()))
            .collect();
        fault::derive(syn::parse_str(&format!("pub enum Wide {{ {variants} }}")).unwrap())
    });
}

/// Asserts that each method or variant adds the same amount of code, however many there are.
fn assert_linear(expand: impl Fn(usize) -> TokenStream) {
    let fixed = count(expand(0));
    let of_each = |many| float(count(expand(many)) - fixed) / float(many);
    let few = of_each(10);
    for many in [100, 300] {
        let ratio = of_each(many) / few;
        assert!(
            (0.95..=1.05).contains(&ratio),
            "one among {many} is {ratio} times the code of one among 10"
        );
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn count(tokens: TokenStream) -> usize {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 2 + count(group.stream()),
            _ => 1,
        })
        .sum()
}
