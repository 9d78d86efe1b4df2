//! The suites that testers of XML-RPC servers expect: `validator1`, `interopEchoTests`, and an echo of every type.

use std::{collections::BTreeMap, env};

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Base64, DateTime, Fault, Value, xmlrpc_service};

/// Three numbers; other members are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stooges {
    /// One of the numbers.
    pub moe: i64,
    /// One of the numbers.
    pub larry: i64,
    /// One of the numbers.
    pub curly: i64,
}

/// How often each character occurs that has an entity in XML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entities {
    /// `<`
    pub ct_left_angle_brackets: usize,
    /// `>`
    pub ct_right_angle_brackets: usize,
    /// `&`
    pub ct_ampersands: usize,
    /// `'`
    pub ct_apostrophes: usize,
    /// `"`
    pub ct_quotes: usize,
}

/// A number multiplied by ten, a hundred and a thousand.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names explain them")]
pub struct Times {
    pub times10: i64,
    pub times100: i64,
    pub times1000: i64,
}

/// Years with months with days, each day with its numbers.
pub type Calendar = BTreeMap<String, BTreeMap<String, BTreeMap<String, Stooges>>>;

/// One value of each type, in the order of `manyTypesTest`.
pub type ManyTypes = (i64, bool, String, f64, DateTime, Base64);

/// The suite of validator.xmlrpc.com.
#[xmlrpc_service(namespace = "validator1", rename_all = "camelCase")]
pub trait Validator {
    /// Adds up the numbers named `curly`.
    async fn array_of_structs_test(&self, structs: Vec<Stooges>) -> i64;
    /// Counts the characters that have entities in XML.
    async fn count_the_entities(&self, text: &str) -> Entities;
    /// Adds up three numbers.
    async fn easy_struct_test(&self, stooges: Stooges) -> i64;
    /// Returns its parameter.
    async fn echo_struct_test(&self, value: BTreeMap<String, Value>) -> BTreeMap<String, Value>;
    /// Returns its parameters.
    async fn many_types_test(
        &self,
        number: i64,
        boolean: bool,
        text: String,
        double: f64,
        date: DateTime,
        bytes: Base64,
    ) -> ManyTypes;
    /// Joins the first and the last of some strings.
    async fn moderate_size_array_check(&self, strings: Vec<String>) -> Result<String, Fault>;
    /// Adds up the numbers of 1 April 2000.
    async fn nested_struct_test(&self, calendar: Calendar) -> Result<i64, Fault>;
    /// Multiplies a number by ten, a hundred and a thousand.
    async fn simple_struct_return_test(&self, number: i64) -> Times;
}

/// How a server describes itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names explain them")]
pub struct Toolkit {
    pub toolkit_docs_url: String,
    pub toolkit_name: String,
    pub toolkit_version: String,
    pub toolkit_operating_system: String,
}

/// The suite of the SOAP builders, in XML-RPC.
#[xmlrpc_service(namespace = "interopEchoTests", rename_all = "camelCase")]
#[allow(missing_docs, reason = "each returns its parameter")]
pub trait InteropEchoTests {
    async fn echo_string(&self, value: String) -> String;
    async fn echo_integer(&self, value: i64) -> i64;
    async fn echo_float(&self, value: f64) -> f64;
    async fn echo_struct(&self, value: BTreeMap<String, Value>) -> BTreeMap<String, Value>;
    async fn echo_date(&self, value: DateTime) -> DateTime;
    async fn echo_base64(&self, value: Base64) -> Base64;
    async fn echo_value(&self, value: Value) -> Value;
    async fn echo_string_array(&self, value: Vec<String>) -> Vec<String>;
    async fn echo_integer_array(&self, value: Vec<i64>) -> Vec<i64>;
    async fn echo_float_array(&self, value: Vec<f64>) -> Vec<f64>;
    async fn echo_struct_array(
        &self,
        value: Vec<BTreeMap<String, Value>>,
    ) -> Vec<BTreeMap<String, Value>>;
    async fn echo_boolean(&self, value: bool) -> bool;
    async fn which_toolkit(&self) -> Toolkit;
    async fn no_in_params(&self) -> i64;
}

/// The suite of this project. The peers in `tests/interop` have the same methods.
#[xmlrpc_service(namespace = "peer", rename_all = "camelCase")]
pub trait Peer {
    /// Returns its parameter.
    async fn echo(&self, value: Value) -> Value;
    /// Adds up two numbers.
    async fn add(&self, a: i64, b: i64) -> i64;
    /// Adds up as many numbers as it gets.
    async fn sum(&self, #[xmlrpc(rest)] numbers: Vec<i64>) -> i64;
    /// Returns a text without taking parameters.
    async fn nothing(&self) -> String;
    /// Fails with the given code and text.
    async fn fail(&self, code: i32, text: String) -> Result<bool, Fault>;
    /// Returns a text with the given number of letters.
    async fn letters(&self, number: usize) -> String;
}

/// Implements all of these suites.
#[derive(Debug, Default)]
pub struct Suites;

impl Validator for Suites {
    async fn array_of_structs_test(&self, structs: Vec<Stooges>) -> i64 {
        structs.iter().map(|stooges| stooges.curly).sum()
    }

    async fn count_the_entities(&self, text: &str) -> Entities {
        let mut found = Entities::default();
        for character in text.chars() {
            match character {
                '<' => found.ct_left_angle_brackets += 1,
                '>' => found.ct_right_angle_brackets += 1,
                '&' => found.ct_ampersands += 1,
                '\'' => found.ct_apostrophes += 1,
                '"' => found.ct_quotes += 1,
                _ => {}
            }
        }
        found
    }

    async fn easy_struct_test(&self, stooges: Stooges) -> i64 {
        stooges.moe + stooges.larry + stooges.curly
    }

    async fn echo_struct_test(&self, value: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        value
    }

    async fn many_types_test(
        &self,
        number: i64,
        boolean: bool,
        text: String,
        double: f64,
        date: DateTime,
        bytes: Base64,
    ) -> ManyTypes {
        (number, boolean, text, double, date, bytes)
    }

    async fn moderate_size_array_check(&self, strings: Vec<String>) -> Result<String, Fault> {
        match &strings[..] {
            [first, .., last] => Ok(format!("{first}{last}")),
            _ => Err(Fault::invalid_params("at least two strings are needed")),
        }
    }

    async fn nested_struct_test(&self, calendar: Calendar) -> Result<i64, Fault> {
        let day = calendar
            .get("2000")
            .and_then(|year| year.get("04")?.get("01"));
        match day {
            Some(stooges) => Ok(self.easy_struct_test(*stooges).await),
            None => Err(Fault::invalid_params("the calendar has no 2000, 04, 01")),
        }
    }

    async fn simple_struct_return_test(&self, number: i64) -> Times {
        Times {
            times10: number * 10,
            times100: number * 100,
            times1000: number * 1_000,
        }
    }
}

impl InteropEchoTests for Suites {
    async fn echo_string(&self, value: String) -> String {
        value
    }
    async fn echo_integer(&self, value: i64) -> i64 {
        value
    }
    async fn echo_float(&self, value: f64) -> f64 {
        value
    }
    async fn echo_struct(&self, value: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        value
    }
    async fn echo_date(&self, value: DateTime) -> DateTime {
        value
    }
    async fn echo_base64(&self, value: Base64) -> Base64 {
        value
    }
    async fn echo_value(&self, value: Value) -> Value {
        value
    }
    async fn echo_string_array(&self, value: Vec<String>) -> Vec<String> {
        value
    }
    async fn echo_integer_array(&self, value: Vec<i64>) -> Vec<i64> {
        value
    }
    async fn echo_float_array(&self, value: Vec<f64>) -> Vec<f64> {
        value
    }
    async fn echo_struct_array(
        &self,
        value: Vec<BTreeMap<String, Value>>,
    ) -> Vec<BTreeMap<String, Value>> {
        value
    }
    async fn echo_boolean(&self, value: bool) -> bool {
        value
    }
    async fn which_toolkit(&self) -> Toolkit {
        Toolkit {
            toolkit_docs_url: "https://docs.rs/xmlrpc-core".to_owned(),
            toolkit_name: "XML-RPC for Rust".to_owned(),
            toolkit_version: env!("CARGO_PKG_VERSION").to_owned(),
            toolkit_operating_system: env::consts::OS.to_owned(),
        }
    }
    async fn no_in_params(&self) -> i64 {
        0
    }
}

impl Peer for Suites {
    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn add(&self, a: i64, b: i64) -> i64 {
        a.saturating_add(b)
    }

    async fn sum(&self, numbers: Vec<i64>) -> i64 {
        numbers.into_iter().fold(0, i64::saturating_add)
    }

    async fn nothing(&self) -> String {
        "nothing".to_owned()
    }

    async fn fail(&self, code: i32, text: String) -> Result<bool, Fault> {
        Err(Fault::new(code, text))
    }

    async fn letters(&self, number: usize) -> String {
        "x".repeat(number.min(64 << 20))
    }
}
