use core::fmt::{self, Display, Formatter};

use super::{Member, Schema};

/// The name in a signature. `{:#}` displays everything that is known.
impl Display for Schema {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return f.pad(self.type_name());
        }
        match self {
            Self::I8 => f.write_str("i8"),
            Self::Array(element) => match &**element {
                Self::Any => f.write_str("array"),
                element => write!(f, "array of {}", Inside(element)),
            },
            Self::Tuple(places) => {
                f.write_str("array [")?;
                list(f, places)?;
                f.write_str("]")
            }
            Self::Struct(members) => {
                f.write_str("struct {")?;
                list(f, members)?;
                f.write_str("}")
            }
            Self::Map(value) => match &**value {
                Self::Any => f.write_str("struct"),
                value => write!(f, "struct of {}", Inside(value)),
            },
            Self::Optional(inner) => write!(f, "{} or nil", Inside(inner)),
            _ => f.write_str(self.type_name()),
        }
    }
}

/// `name: type`, as in a [`Schema::Struct`].
impl Display for Member {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            schema,
            optional,
        } = self;
        let mark = if *optional { "?" } else { "" };
        if f.alternate() {
            write!(f, "{name}{mark}: {schema:#}")
        } else {
            write!(f, "{name}{mark}: {schema}")
        }
    }
}

/// A schema beside other words; an optional one gets parentheses.
struct Inside<'a>(&'a Schema);

impl Display for Inside<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Schema::Optional(_) => write!(f, "({:#})", self.0),
            schema => write!(f, "{schema:#}"),
        }
    }
}

pub(super) fn list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item:#}")?;
    }
    Ok(())
}
