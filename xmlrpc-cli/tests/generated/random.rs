//! Descriptions of random names, texts and types.

use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use xmlrpc_cli::codegen::{Description, Generator, check, diff};
use xmlrpc_core::schema::{
    FaultDescription, Member, MethodDescription, ParamDescription, Schema, Signature,
};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z_][a-zA-Z0-9_]{0,8}(\\.[a-zA-Z0-9_]{1,6}){0,3}",
        2 => "(type|self|Self|crate|super|fn|async|gen|new|client|str|std|Value|Result|_|r#fn|d|D){1}([./_-](x|type|7|)){0,2}",
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[a-z ]{0,20}",
        2 => "([ \\t`~\\[\\]<>*_#/\\\\!{}|&;:.\n\r\"'-]|```|~~~|http://|x|    |\\*/){0,40}",
        1 => any::<String>(),
    ]
}

fn schema() -> impl Strategy<Value = Schema> {
    let leaf = prop::sample::select(vec![
        Schema::Int,
        Schema::I8,
        Schema::Boolean,
        Schema::Double,
        Schema::String,
        Schema::DateTime,
        Schema::Base64,
        Schema::Nil,
        Schema::Any,
    ]);
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| Schema::Array(Box::new(it))),
            inner.clone().prop_map(|it| Schema::Map(Box::new(it))),
            inner.clone().prop_map(|it| Schema::Optional(Box::new(it))),
            vec(inner.clone(), 0..4).prop_map(Schema::Tuple),
            vec((name(), inner, any::<bool>()), 0..5).prop_map(|members| {
                let members = members.into_iter().map(|(name, schema, optional)| {
                    let mut member = Member::new(name, schema);
                    member.optional = optional;
                    member
                });
                Schema::Struct(members.collect())
            }),
        ]
    })
}

fn param() -> impl Strategy<Value = ParamDescription> {
    let name = prop_oneof![9 => name(), 1 => Just("params".to_owned())];
    let default = proptest::option::of(text());
    let parts = (
        name,
        schema(),
        any::<bool>(),
        prop::bool::weighted(0.1),
        default,
    );
    parts.prop_map(|(name, schema, optional, rest, default)| {
        let mut param = ParamDescription::new(name, schema);
        param.optional = optional;
        param.rest = rest;
        param.default = default;
        param
    })
}

fn fault() -> impl Strategy<Value = FaultDescription> {
    let message = prop_oneof![text(), "([a-z]{1,5}|\\{[a-z0-9]{0,3}\\}| |\\{\\{|\\}){0,6}"];
    let code = prop_oneof![-3_i32..20, any::<i32>()];
    (code, message, text())
        .prop_map(|(code, message, help)| FaultDescription::new(code, message).help(help))
}

fn method() -> impl Strategy<Value = MethodDescription> {
    let signature =
        (vec(param(), 0..4), schema()).prop_map(|(params, result)| Signature::new(params, result));
    let parts = (
        name(),
        text(),
        proptest::option::weighted(0.8, vec(param(), 0..4)),
        schema(),
        prop_oneof![3 => Just(Vec::new()), 1 => vec(signature, 0..4)],
        prop_oneof![3 => Just(Vec::new()), 1 => vec(fault(), 0..4)],
        proptest::option::weighted(0.1, text()),
    );
    parts.prop_map(
        |(name, help, params, result, overloads, faults, deprecated)| {
            let mut method = MethodDescription::new(name);
            method.help = help;
            method.params = params;
            method.result = result;
            method.overloads = overloads;
            method.faults = faults;
            method.deprecated = deprecated;
            method
        },
    )
}

fn description() -> impl Strategy<Value = Description> {
    vec(method(), 0..12).prop_map(Description::new)
}

/// The code of the same random descriptions each time.
pub(crate) fn samples(count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = description();
    let samples = (0..count).map(|number| {
        let description = strategy.new_tree(&mut runner).unwrap().current();
        let generator = Generator::new(&description)
            .both(number % 2 == 1)
            .system(true);
        generator.generate().code
    });
    samples.collect()
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn all_descriptions_give_valid_code(server in description(), both: bool, system: bool) {
        let generated = Generator::new(&server).both(both).system(system).generate();
        let parsed = syn::parse_file(&generated.code);
        prop_assert!(parsed.is_ok(), "{:?}\n{}", parsed.err(), generated.code);
        prop_assert!(generated.warnings.iter().all(|it| it.contains("is left out")), "{:?}", generated.warnings);
        // The same text for the same input.
        prop_assert_eq!(&generated, &Generator::new(&server).both(both).system(system).generate());
        // JSON keeps everything.
        let json = server.to_json();
        prop_assert_eq!(Description::from_json(&json).unwrap().to_json(), json);
        // Nothing differs from itself.
        prop_assert!(diff(&server, &server).differences.is_empty());
        if let Ok(report) = check(&server, &generated.code) {
            let breaking = report.is_breaking() && !both;
            prop_assert!(!breaking, "{}\n{}", report, generated.code);
        }
    }

    #[test]
    fn nothing_panics(old in description(), new in description(), text in text()) {
        let _ = diff(&old, &new).to_string();
        let _ = check(&old, &Generator::new(&new).generate().code);
        let _ = check(&old, &text);
        let _ = Description::from_json(&text);
    }
}
