use std::borrow::Cow;

/// The value of `error.type`: why a call has failed.
#[derive(Clone, Debug)]
pub(crate) struct ErrorType {
    text: Cow<'static, str>,
    is_fault: bool,
}

impl ErrorType {
    /// The caller has left, or something around the call has ended it.
    pub(crate) const CANCELLED: Self = Self::named("cancelled");

    pub(crate) const fn named(name: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(name),
            is_fault: false,
        }
    }

    pub(crate) fn fault(code: i32) -> Self {
        Self {
            text: Cow::Owned(code.to_string()),
            is_fault: true,
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn http(status: http::StatusCode) -> Self {
        Self {
            text: Cow::Owned(format!("http_{}", status.as_u16())),
            is_fault: false,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The value of `rpc.status_code`, if the call ended with a fault.
    pub(crate) fn status_code(&self) -> Option<&str> {
        self.is_fault.then_some(&*self.text)
    }
}
