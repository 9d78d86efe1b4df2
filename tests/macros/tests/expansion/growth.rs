//! A trait of many methods expands to so many times the code of one.

use proc_macro2::{TokenStream, TokenTree};

use crate::expand_service;

/// One method of each kind.
const METHODS: [&str; 5] = [
    "async fn plain_{}(&self, a: i64, b: String) -> Result<i64, Fault>;",
    "async fn lent_{}(&self, a: &str, b: Option<&[i64]>) -> Vec<String>;",
    "async fn rest_{}(&self, #[xmlrpc(default = 1)] a: u8, #[xmlrpc(rest)] b: &[i64]) -> bool;",
    "async fn context_{}(&self, #[xmlrpc(context)] cx: &Context, a: i64);",
    "#[xmlrpc(params = struct)] async fn named_{}(&self, a: i64, b: Option<i64>) -> f64;",
];

#[test]
fn linear() {
    let fixed = tokens_of(0);
    let of_each = |methods| (tokens_of(methods) - fixed) as f64 / methods as f64;
    let few = of_each(10);
    for many in [100, 300] {
        let ratio = of_each(many) / few;
        assert!(
            (0.95..=1.05).contains(&ratio),
            "a method among {many} is {ratio} times the code of one among 10"
        );
    }
}

/// How much code a trait of so many methods expands to.
fn tokens_of(methods: usize) -> usize {
    let methods: String = (0..methods)
        .map(|index| METHODS[index % METHODS.len()].replace("{}", &index.to_string()))
        .collect();
    let item = syn::parse_str(&format!("pub trait Wide {{ {methods} }}")).unwrap();
    count(expand_service(TokenStream::new(), item))
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
