/// The elements of XML-RPC and its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    MethodCall,
    MethodName,
    MethodResponse,
    Params,
    Param,
    Fault,
    Value,
    Array,
    Data,
    Struct,
    Member,
    Name,
    Int,
    I4,
    I8,
    I1,
    I2,
    BigInteger,
    Boolean,
    String,
    Double,
    Float,
    BigDecimal,
    DateTime,
    Base64,
    Nil,
    Dom,
    Serializable,
    /// Any other element; its name is in the document.
    Other,
}

impl Tag {
    pub(super) fn from_local_name(name: &str) -> Self {
        match name.as_bytes() {
            b"methodCall" => Self::MethodCall,
            b"methodName" => Self::MethodName,
            b"methodResponse" => Self::MethodResponse,
            b"params" => Self::Params,
            b"param" => Self::Param,
            b"fault" => Self::Fault,
            b"value" => Self::Value,
            b"array" => Self::Array,
            b"data" => Self::Data,
            b"struct" => Self::Struct,
            b"member" => Self::Member,
            b"name" => Self::Name,
            b"int" => Self::Int,
            b"i4" => Self::I4,
            b"i8" => Self::I8,
            b"i1" => Self::I1,
            b"i2" => Self::I2,
            b"biginteger" => Self::BigInteger,
            b"boolean" => Self::Boolean,
            b"string" => Self::String,
            b"double" => Self::Double,
            b"float" => Self::Float,
            b"bigdecimal" => Self::BigDecimal,
            b"dateTime.iso8601" | b"dateTime" => Self::DateTime,
            b"base64" => Self::Base64,
            b"nil" => Self::Nil,
            b"dom" => Self::Dom,
            b"serializable" => Self::Serializable,
            _ => Self::Other,
        }
    }

    /// Whether this element is the type of a value. Some peers leave out the `<value>` around it.
    pub(crate) const fn is_type(self) -> bool {
        matches!(
            self,
            Self::Array
                | Self::Struct
                | Self::Int
                | Self::I4
                | Self::I8
                | Self::I1
                | Self::I2
                | Self::BigInteger
                | Self::Boolean
                | Self::String
                | Self::Double
                | Self::Float
                | Self::BigDecimal
                | Self::DateTime
                | Self::Base64
                | Self::Nil
                | Self::Dom
                | Self::Serializable
        )
    }

    /// Whether text directly inside this element has a meaning.
    pub(super) const fn holds_text(self) -> bool {
        matches!(
            self,
            Self::MethodName
                | Self::Fault
                | Self::Value
                | Self::Name
                | Self::Int
                | Self::I4
                | Self::I8
                | Self::I1
                | Self::I2
                | Self::BigInteger
                | Self::Boolean
                | Self::String
                | Self::Double
                | Self::Float
                | Self::BigDecimal
                | Self::DateTime
                | Self::Base64
        )
    }
}
