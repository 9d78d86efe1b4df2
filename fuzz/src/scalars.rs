//! Valid and invalid texts of scalars.

use arbitrary::Unstructured;

use crate::choices::{Choices, text};

const INTEGERS: &[&str] = &[
    "0",
    "-0",
    "+1",
    " 1 ",
    "\n-2\n",
    "00000000000000000000001",
    "2147483647",
    "2147483648",
    "-2147483649",
    "123456789012345678",
    "1234567890123456789",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "170141183460469231731687303715884105727",
    "340282366920938463463374607431768211455",
    "340282366920938463463374607431768211456",
    "1e+300",
    "1e5",
    "3.0",
    "3.5",
    "1e999",
    "NaN",
    "",
    " ",
    "-",
    "0x1",
    "1_000",
    "١",
    "1 2",
];

const DOUBLES: &[&str] = &[
    "0.0",
    "-0.0",
    "1.5",
    "-1.5",
    " 2.5\n",
    ".5",
    "5.",
    ".",
    "-",
    "+1.0",
    "1e5",
    "1E-5",
    "1e",
    "1e400",
    "1e-400",
    "nan",
    "NaN",
    "-nan",
    "inf",
    "-inf",
    "Infinity",
    "infinit",
    "3",
    "9007199254740993",
    "4.9406564584124654e-324",
    "2.2250738585072011e-308",
    "1.7976931348623157e308",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880.0",
    "0.1.2",
    "1,5",
    "",
];

const DATES: &[&str] = &[
    "19980717T14:08:55",
    "1998-07-17T14:08:55",
    "19980717T140855",
    "1998-07-17t140855Z",
    "19980717T14:08:55.125",
    "19980717T14:08:55,1234567891",
    "19980717T14:08:55+02",
    "19980717T14:08:55-0230",
    "19980717T14:08:55+23:59",
    "19980717T14:08:55+24:00",
    " 19980717T14:08:55 ",
    "19980717 14:08:55",
    "00000101T00:00:00",
    "99991231T23:59:59",
    "19980229T00:00:00",
    "19981301T00:00:00",
    "19980717T24:00:00",
    "19980717T14:08:60",
    "1998-0717T14:08:55",
    "19980717",
    "-0010717T14:08:55",
    "",
    " ",
    "yesterday",
    "19980717T14:08",
    "19980717T1408Z",
    "1998-07-17",
    "1998-07-17+02:00",
    "99991231T24:00:00",
    "00000000T00:00:00",
    "0000-00-00 00:00:00Z",
    "-0001-11-30T00:00:00+00:00",
];

const BASE64: &[&str] = &[
    "",
    "YQ==",
    "YQ",
    "YR==",
    "Y Q\n=\n=",
    "YWI=",
    "YWJj",
    "YWJj\r\nZGVm\r\n",
    "Y",
    "YQ=",
    "YQ===",
    "=YQ=",
    "Y-_=",
    "!",
    "é",
];

/// The tag of a scalar, and a text for it, not escaped.
pub fn scalar(choices: &mut Unstructured<'_>) -> (&'static str, String) {
    match choices.below(16) {
        0..5 => (
            choices.pick(&["int", "int", "i4", "i8", "i1", "i2", "biginteger"]),
            integer(choices),
        ),
        5 => (
            "boolean",
            choices
                .pick(&["1", "0", "true", "FALSE", " 1", "2", "-1", "", " ", "yes"])
                .to_owned(),
        ),
        6..8 => (
            choices.pick(&["double", "double", "float", "bigdecimal"]),
            double(choices),
        ),
        8 => (
            choices.pick(&["dateTime.iso8601", "dateTime"]),
            date(choices),
        ),
        9..11 => ("base64", base64(choices)),
        _ => ("string", string(choices)),
    }
}

fn integer(choices: &mut Unstructured<'_>) -> String {
    match choices.below(4) {
        0 => choices.any::<i8>().to_string(),
        1 => choices.any::<i32>().to_string(),
        2 => choices.any::<i64>().to_string(),
        _ => choices.pick(INTEGERS).to_owned(),
    }
}

fn double(choices: &mut Unstructured<'_>) -> String {
    match choices.below(4) {
        0 => format!("{}", choices.any::<f64>()),
        1 => format!("{:e}", choices.any::<f64>()),
        2 => of(choices, b"0123456789.-+eE"),
        _ => choices.pick(DOUBLES).to_owned(),
    }
}

fn date(choices: &mut Unstructured<'_>) -> String {
    match choices.below(4) {
        0 => of(choices, b"0123456789T:-+Z. "),
        _ => choices.pick(DATES).to_owned(),
    }
}

fn base64(choices: &mut Unstructured<'_>) -> String {
    match choices.below(3) {
        0 => of(choices, b"ABCDYZabcdyz0189+/= \n"),
        _ => choices.pick(BASE64).to_owned(),
    }
}

/// Any text, or one that has a meaning in another element.
fn string(choices: &mut Unstructured<'_>) -> String {
    match choices.below(8) {
        0 => choices.pick(INTEGERS).to_owned(),
        1 => choices.pick(DATES).to_owned(),
        _ => text(choices),
    }
}

/// A short text made of these bytes.
fn of(choices: &mut Unstructured<'_>, alphabet: &[u8]) -> String {
    let length = choices.below(32);
    (0..length)
        .map(|_| char::from(choices.pick(alphabet)))
        .collect()
}
