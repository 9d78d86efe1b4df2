//! Types that replace an error by a default. The values that follow are still right. Limits, and
//! things that the scanner gives up on, never become defaults.

use std::{collections::BTreeMap, marker::PhantomData};

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_with::{DefaultOnError, DeserializeAs, Same};
use xmlrpc_core::{Category, Error, Limits, from_slice_with};

use crate::common::readers::{beyond_the_scanner, every_way};

/// A way in which users swallow errors.
trait Swallow {
    fn read<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
        deserializer: D,
    ) -> Result<T, D::Error>;
}

struct UnwrapOrDefault;

impl Swallow for UnwrapOrDefault {
    fn read<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        Ok(T::deserialize(deserializer).unwrap_or_default())
    }
}

/// The type of serde_with, which buffers the value before it reads it.
struct OnError;

impl Swallow for OnError {
    fn read<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        DefaultOnError::<Same>::deserialize_as(deserializer)
    }
}

#[derive(Deserialize)]
#[serde(bound = "S: Swallow")]
struct Row<S> {
    #[serde(deserialize_with = "S::read")]
    list: Vec<i32>,
    #[serde(deserialize_with = "S::read")]
    map: BTreeMap<String, bool>,
    #[serde(deserialize_with = "S::read")]
    number: i32,
    after: i32,
    #[serde(skip)]
    way: PhantomData<S>,
}

/// A row without its type: the list, the map, the number, and what comes after them.
type Fields = (Vec<i32>, BTreeMap<String, bool>, i32, i32);

impl<S> From<Row<S>> for Fields {
    fn from(row: Row<S>) -> Self {
        (row.list, row.map, row.number, row.after)
    }
}

/// Reads the rows in every way, swallowing errors each time.
fn rows(document: &str) -> Vec<Result<Vec<Fields>, Error>> {
    fn of<S: Swallow>(document: &str) -> Vec<Result<Vec<Fields>, Error>> {
        let results = every_way::<Vec<Row<S>>>(document).into_iter();
        results
            .map(|rows| rows.map(|rows| rows.into_iter().map(Fields::from).collect()))
            .collect()
    }
    let mut results = of::<UnwrapOrDefault>(document);
    results.extend(of::<OnError>(document));
    results
}

fn array(values: &[String]) -> String {
    let values = values.concat();
    format!("<value><array><data>{values}</data></array></value>")
}

fn row(list: &str, map: &str, number: &str) -> String {
    let member = |name: &str, inner: &str| {
        format!("<member><name>{name}</name><value>{inner}</value></member>")
    };
    [
        "<value><struct>",
        &member("list", list),
        &member("map", map),
        &member("number", number),
        &member("after", "<int>7</int>"),
        "</struct></value>",
    ]
    .concat()
}

const LIST: &str = "<array><data><value><int>1</int></value><value><array><data>\
                    <value><string>deep</string></value></data></array></value></data></array>";
const MAP: &str = "<struct><member><name>a</name><value><boolean>1</boolean></value></member>\
                   <member><name>b</name><value><array><data></data></array></value></member></struct>";
const NUMBER: &str = "<string>none</string>";

#[test]
fn values_after_a_default_are_right() {
    let defaults = || -> Fields { (vec![], BTreeMap::new(), 0, 7) };
    // Invalid XML-RPC spoils only its own value; invalid XML spoils the whole document.
    for number in [
        NUMBER,
        "<int>1</int><int>2</int>",
        "<foo/>",
        "<foo><value><int>1</int></value></foo>",
        "<array><int>1</int></array>",
        "<struct><member/></struct>",
        "<ex:dom><x/></ex:dom>",
        "<int>none<!-- --></int>",
    ] {
        let document = array(&[row(LIST, MAP, number), row(LIST, MAP, NUMBER)]);
        for rows in rows(&document) {
            assert_eq!(rows.unwrap(), [defaults(), defaults()], "{number}");
        }
    }
    for number in ["<int>1", "<int>1</string>", "</int>", "&nbsp;", "<"] {
        let document = array(&[row(LIST, MAP, number), row(LIST, MAP, NUMBER)]);
        for rows in rows(&document) {
            assert_eq!(rows.unwrap_err().category(), Category::Syntax, "{number}");
        }
    }
}

/// A default instead of a readable value would be wrong data.
#[test]
fn what_the_scanner_gives_up_on_is_not_swallowed() {
    let truth = |value| BTreeMap::from([("a".to_owned(), value)]);
    for (list, map, number, expected) in [
        (
            "<array/>",
            "<struct/>",
            "<ex:i8>5</ex:i8>",
            (vec![], BTreeMap::new(), 5, 7),
        ),
        (
            "<array><value><int>1</int></value><value><int>2</int></value></array>",
            "<struct><member><value><boolean>1</boolean></value><name>a</name></member></struct>",
            "<int a='1'>5</int>",
            (vec![1, 2], truth(true), 5, 7),
        ),
        (
            "<array><data><value><i1>1</i1></value><!-- --><value>x<int>2</int></value></data></array>",
            "<struct><member><name><![CDATA[a]]></name><value><ex:boolean>0</ex:boolean></value></member></struct>",
            "<int><![CDATA[5]]></int>",
            (vec![1, 2], truth(false), 5, 7),
        ),
        // Things that the scanner gives up on, beside a real error.
        (
            "<array><data><value>&#55357;&#56832;</value></data></array>",
            "<struct><member><name>a</name><value>x<!-- --></value></member></struct>",
            "<biginteger>5</biginteger>",
            (vec![], BTreeMap::new(), 5, 7),
        ),
    ] {
        for rows in rows(&array(&[row(list, map, number)])) {
            assert_eq!(
                rows.unwrap(),
                std::slice::from_ref(&expected),
                "{list} {map} {number}"
            );
        }
    }
}

/// The whole document is swallowed: no later value can reveal a wrong position.
#[derive(Deserialize)]
#[serde(transparent, bound = "S: Swallow")]
struct Whole<S>(#[serde(deserialize_with = "S::read")] i32, PhantomData<S>);

#[test]
fn a_whole_document_may_be_swallowed() {
    fn read<S: Swallow>(document: &str) -> Vec<Result<i32, Error>> {
        let results = every_way::<Whole<S>>(document).into_iter();
        results
            .map(|read| read.map(|Whole(number, _)| number))
            .collect()
    }
    for (inner, expected) in [
        ("<int>5</int>", 5),
        ("<ex:i8>5</ex:i8>", 5),
        ("<int>5<!-- --></int>", 5),
        ("x<int>5</int>", 5),
        ("x", 0),
        ("x<!-- -->", 0),
        ("<array><value>x</value></array>", 0),
        ("<struct/>", 0),
    ] {
        let document = format!("<value>{inner}</value>");
        let results = read::<UnwrapOrDefault>(&document).into_iter();
        for number in results.chain(read::<OnError>(&document)) {
            assert_eq!(number.unwrap(), expected, "{inner}");
        }
        let limits = Limits::default().elements(1);
        let (one, other) = (
            from_slice_with::<Whole<UnwrapOrDefault>>(document.as_bytes(), &limits).err(),
            from_slice_with::<Whole<OnError>>(document.as_bytes(), &limits).err(),
        );
        for error in [one, other] {
            assert_eq!(
                error.map(|error| error.category()),
                Some(Category::Limit),
                "{inner}"
            );
        }
    }
}

/// The number of elements and texts in a document that holds nothing else.
fn nodes(document: &str) -> usize {
    let elements = document.matches('<').count() - document.matches("</").count();
    let pieces = document.split('>');
    let texts = pieces.filter(|piece| !piece.is_empty() && !piece.starts_with('<'));
    elements + texts.count()
}

/// Returns whether both readers read the document within these limits, to the same values.
/// Otherwise the error must be one of a limit, even if a type swallows errors.
fn is_within<T: DeserializeOwned + Into<Fields>>(document: &str, limits: &Limits) -> bool {
    // The comment counts as one more.
    let slow = (
        beyond_the_scanner(document),
        limits.elements(limits.elements + 1),
    );
    let [fast, slow] = [(document.to_owned(), *limits), slow].map(|(document, limits)| {
        match from_slice_with::<T>(document.as_bytes(), &limits) {
            Ok(row) => assert_eq!(row.into(), (vec![], BTreeMap::new(), 0, 7)),
            Err(error) => {
                assert_eq!(error.category(), Category::Limit, "{error}");
                return false;
            }
        }
        true
    });
    assert_eq!(fast, slow, "{limits:?} {document}");
    fast
}

#[test]
fn limit_errors_cannot_be_swallowed() {
    const DEPTH: usize = 6;
    let (open, close) = ("<array><data><value>", "</value></data></array>");
    let levels = DEPTH - 1;
    let deep = [&open.repeat(levels), "x", &close.repeat(levels)].concat();
    // The value that is too deep is the first, the second or the third of the struct.
    for document in [
        row(&deep, MAP, NUMBER),
        row(LIST, &deep, NUMBER),
        row(LIST, MAP, &deep),
    ] {
        for depth in 0..=DEPTH {
            let limits = Limits::default().depth(depth);
            let expected = depth == DEPTH;
            assert_eq!(
                is_within::<Row<UnwrapOrDefault>>(&document, &limits),
                expected
            );
            assert_eq!(is_within::<Row<OnError>>(&document, &limits), expected);
        }
        // The bound on elements can be exceeded at any place.
        for elements in 0..=nodes(&document) {
            let limits = Limits::default().elements(elements);
            let expected = elements == nodes(&document);
            assert_eq!(
                is_within::<Row<UnwrapOrDefault>>(&document, &limits),
                expected
            );
            assert_eq!(is_within::<Row<OnError>>(&document, &limits), expected);
        }
    }
}
