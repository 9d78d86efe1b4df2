//! How deeply a value that is written may nest.

use serde::{
    Serialize, Serializer,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTupleVariant,
    },
};
use xmlrpc_core::{
    Category, Dialect, Error, Limits, Value, from_slice, from_slice_with, from_value,
    message::{CallWriter, EncodedResponse},
    to_value, to_vec, to_vec_with, value,
};

/// A value that contains itself `.1` times, in one of the ways of serde.
#[derive(Clone, Copy)]
struct Nested(Way, usize);

#[derive(Clone, Copy, Debug)]
enum Way {
    Seq,
    Tuple,
    TupleVariant,
    Map,
    Struct,
    StructVariant,
    NewtypeVariant,
    Some,
    NewtypeStruct,
}

impl Serialize for Nested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(way, levels) = *self;
        let Some(levels) = levels.checked_sub(1) else {
            return serializer.serialize_i32(1);
        };
        let inner = Nested(way, levels);
        match way {
            Way::Seq => {
                let mut seq = serializer.serialize_seq(Some(1))?;
                seq.serialize_element(&inner)?;
                seq.end()
            }
            Way::Tuple => (inner,).serialize(serializer),
            Way::TupleVariant => {
                let mut variant = serializer.serialize_tuple_variant("E", 0, "V", 1)?;
                variant.serialize_field(&inner)?;
                variant.end()
            }
            Way::Map => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("a", &inner)?;
                map.end()
            }
            Way::Struct => {
                let mut structure = serializer.serialize_struct("S", 1)?;
                structure.serialize_field("a", &inner)?;
                structure.end()
            }
            Way::StructVariant => {
                let mut variant = serializer.serialize_struct_variant("E", 0, "V", 1)?;
                variant.serialize_field("a", &inner)?;
                variant.end()
            }
            Way::NewtypeVariant => serializer.serialize_newtype_variant("E", 0, "V", &inner),
            Way::Some => serializer.serialize_some(&inner),
            Way::NewtypeStruct => serializer.serialize_newtype_struct("S", &inner),
        }
    }
}

/// Each way, and how many levels it writes.
const WAYS: [(Way, usize); 7] = [
    (Way::Seq, 1),
    (Way::Tuple, 1),
    (Way::TupleVariant, 2),
    (Way::Map, 1),
    (Way::Struct, 1),
    (Way::StructVariant, 2),
    (Way::NewtypeVariant, 1),
];

const ENDLESS: usize = usize::MAX;

fn is_too_deep<T: std::fmt::Debug>(result: Result<T, Error>) -> bool {
    result.is_err_and(|error| error.category() == Category::Limit)
}

#[test]
fn a_value_is_written_up_to_the_depth_that_is_read() {
    for (way, each) in WAYS {
        let deepest = Nested(way, 128 / each);
        let document = to_vec(&deepest).unwrap();
        assert!(from_slice::<Value>(&document).is_ok(), "{way:?}");
        assert!(is_too_deep(to_vec(&Nested(way, 128 / each + 1))), "{way:?}");
    }
}

#[test]
fn the_depth_can_be_set() {
    for (way, each) in WAYS {
        for values in [1, 2, 5, 130] {
            let (nested, levels) = (Nested(way, values), values * each);
            let document = to_vec_with(&nested, Dialect::EXTENDED.depth(levels)).unwrap();
            let limits = Limits::default().depth(levels);
            assert!(from_slice_with::<Value>(&document, &limits).is_ok());
            // One level less is neither written nor read.
            let less = levels - 1;
            assert!(is_too_deep(to_vec_with(
                &nested,
                Dialect::EXTENDED.depth(less)
            )));
            assert!(is_too_deep(from_slice_with::<Value>(
                &document,
                &limits.depth(less)
            )));
        }
    }
    assert!(to_vec_with(&1, Dialect::EXTENDED.depth(0)).is_ok());
    assert!(is_too_deep(to_vec_with(
        &[1; 0],
        Dialect::EXTENDED.depth(0)
    )));
    let most = Dialect::EXTENDED.depth(65_535);
    assert_eq!(Dialect::EXTENDED.depth(usize::MAX), most);
    assert_ne!(Dialect::EXTENDED.depth(65_534), most);
}

#[test]
fn the_error_names_the_setting_and_the_place() {
    let error = to_vec_with(&value!({"a": [[1]]}), Dialect::EXTENDED.depth(2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "arrays and structs nest deeper than `Dialect::depth` allows, by default 128 levels; \
         raise it with `Dialect::depth(n)` at a[0]"
    );
}

#[test]
fn a_serialize_that_never_ends_is_an_error() {
    for (way, _) in WAYS {
        assert!(is_too_deep(to_vec(&Nested(way, ENDLESS))), "{way:?}");
        assert!(is_too_deep(to_value(&Nested(way, ENDLESS))), "{way:?}");
    }
    // These write nothing, and have a bound of their own.
    for way in [Way::Some, Way::NewtypeStruct] {
        assert_eq!(to_vec(&Nested(way, 64)).unwrap(), to_vec(&1).unwrap());
        assert_eq!(to_value(&Nested(way, 64)).unwrap(), 1);
        for wrappers in [65, ENDLESS] {
            assert!(is_too_deep(to_vec(&Nested(way, wrappers))), "{way:?}");
            assert!(is_too_deep(to_value(&Nested(way, wrappers))), "{way:?}");
        }
    }
}

#[test]
fn a_key_that_never_ends_is_an_error() {
    struct Keyed(Way, usize);

    impl Serialize for Keyed {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(&Nested(self.0, self.1), &1)?;
            map.end()
        }
    }

    for way in [Way::Some, Way::NewtypeStruct] {
        assert_eq!(to_value(&Keyed(way, 64)).unwrap(), value!({"1": 1}));
        assert!(to_vec(&Keyed(way, 64)).is_ok());
        for wrappers in [65, ENDLESS] {
            assert!(is_too_deep(to_value(&Keyed(way, wrappers))));
            assert!(is_too_deep(to_vec(&Keyed(way, wrappers))));
        }
    }
}

#[test]
fn an_option_around_each_level_does_not_count() {
    #[derive(Serialize)]
    struct Node(Option<Vec<Node>>);

    let nested = |levels| (0..levels).fold(Node(None), |node, _| Node(Some(vec![node])));
    assert!(to_vec(&nested(128)).is_ok());
    assert!(is_too_deep(to_vec(&nested(129))));
}

#[test]
fn whole_messages_have_the_same_bound() {
    let endless = Nested(Way::Seq, ENDLESS);
    assert!(is_too_deep(EncodedResponse::new(
        &endless,
        Dialect::EXTENDED
    )));
    let mut call = CallWriter::new("echo", Dialect::EXTENDED);
    call.param(&1);
    call.param(&endless);
    let error = call.finish().unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert!(error.path().starts_with("params[1][0][0]"), "{error}");
}

#[test]
fn conversions_of_values_have_a_bound() {
    for (way, each) in WAYS {
        let deepest = to_value(&Nested(way, 128 / each)).unwrap();
        assert!(
            is_too_deep(to_value(&Nested(way, 128 / each + 1))),
            "{way:?}"
        );
        assert_eq!(from_value::<Value>(deepest.clone()).unwrap(), deepest);
        assert!(serde_json::Value::try_from(deepest.clone()).is_ok());
        for deeper in [value!([deepest.clone()]), value!({"a": deepest.clone()})] {
            assert!(is_too_deep(from_value::<Value>(deeper.clone())));
            assert!(is_too_deep(serde_json::Value::try_from(deeper)));
        }
    }
}
