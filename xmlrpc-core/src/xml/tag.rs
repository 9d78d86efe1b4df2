/// The elements that XML-RPC and its extensions have.
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
    /// Whatever else there is; the document knows its name.
    Other,
}

/// The namespace of the elements that Apache ws-xmlrpc adds.
pub(crate) const APACHE: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

impl Tag {
    pub(super) fn from_local_name(name: &str) -> Self {
        match name {
            "methodCall" => Self::MethodCall,
            "methodName" => Self::MethodName,
            "methodResponse" => Self::MethodResponse,
            "params" => Self::Params,
            "param" => Self::Param,
            "fault" => Self::Fault,
            "value" => Self::Value,
            "array" => Self::Array,
            "data" => Self::Data,
            "struct" => Self::Struct,
            "member" => Self::Member,
            "name" => Self::Name,
            "int" => Self::Int,
            "i4" => Self::I4,
            "i8" => Self::I8,
            "i1" => Self::I1,
            "i2" => Self::I2,
            "biginteger" => Self::BigInteger,
            "boolean" => Self::Boolean,
            "string" => Self::String,
            "double" => Self::Double,
            "float" => Self::Float,
            "bigdecimal" => Self::BigDecimal,
            "dateTime.iso8601" | "dateTime" => Self::DateTime,
            "base64" => Self::Base64,
            "nil" => Self::Nil,
            "dom" => Self::Dom,
            "serializable" => Self::Serializable,
            _ => Self::Other,
        }
    }

    /// Whether text directly inside this element means anything.
    pub(super) const fn holds_text(self) -> bool {
        matches!(
            self,
            Self::MethodName
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
