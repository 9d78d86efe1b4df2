// The expansion of `fault.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use xmlrpc_core::{Fault, TypedFault};

mod codes {
    pub(super) const CLOSED: i32 = 410;
}

#[derive(Debug)]
pub enum StoreError {
    NotFound { path: String },
    Exists(String, i64),
    Closed,
    Io(std::io::Error),
    Busy,
    Other(Fault),
}

#[automatically_derived]
#[allow(unused_variables, deprecated, clippy::all, clippy::pedantic, clippy::nursery)]
impl ::core::convert::From<StoreError> for ::xmlrpc_core::__private::Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { path: field_0, .. } => {
                ::xmlrpc_core::__private::open(
                    404i32,
                    ::core::format_args!("there is no {}", field_0),
                )
            }
            StoreError::Exists { 0: field_0, 1: field_1, .. } => {
                ::xmlrpc_core::__private::open(
                    409i32,
                    ::core::format_args!(
                        "{} is there already, since {}", field_0, field_1
                    ),
                )
            }
            StoreError::Closed { .. } => {
                ::xmlrpc_core::__private::open(
                    codes::CLOSED,
                    ::core::format_args!("closed {{for ever}}"),
                )
            }
            StoreError::Io { 0: field_0 } => {
                ::xmlrpc_core::__private::internal(::core::option::Option::None, field_0)
            }
            StoreError::Busy { .. } => {
                ::xmlrpc_core::__private::internal(
                    ::core::option::Option::Some(503i32),
                    ::core::format_args!("the pool is exhausted"),
                )
            }
            StoreError::Other { 0: field_0 } => ::xmlrpc_core::__private::other(field_0),
        }
    }
}

#[automatically_derived]
#[allow(unused_variables, deprecated, clippy::all, clippy::pedantic, clippy::nursery)]
impl ::xmlrpc_core::__private::TypedFault for StoreError {
    fn from_fault(
        fault: &::xmlrpc_core::__private::Fault,
    ) -> ::core::option::Option<Self> {
        if fault.code() == 404i32 {
            if let ::core::option::Option::Some([field_0]) = ::xmlrpc_core::__private::captures(
                fault.message(),
                ["there is no "],
                "",
            ) {
                if let (::core::option::Option::Some(field_0),) = (
                    ::xmlrpc_core::__private::field::<String>(field_0),
                ) {
                    return ::core::option::Option::Some(StoreError::NotFound {
                        path: field_0,
                    });
                }
            }
        }
        if fault.code() == 409i32 {
            if let ::core::option::Option::Some([field_0, field_1]) = ::xmlrpc_core::__private::captures(
                fault.message(),
                ["", " is there already, since "],
                "",
            ) {
                if let (
                    ::core::option::Option::Some(field_0),
                    ::core::option::Option::Some(field_1),
                ) = (
                    ::xmlrpc_core::__private::field::<String>(field_0),
                    ::xmlrpc_core::__private::field::<i64>(field_1),
                ) {
                    return ::core::option::Option::Some(StoreError::Exists {
                        0: field_0,
                        1: field_1,
                    });
                }
            }
        }
        if fault.code() == codes::CLOSED {
            return ::core::option::Option::Some(StoreError::Closed {});
        }
        if fault.code() == 503i32 {
            return ::core::option::Option::Some(StoreError::Busy {});
        }
        ::core::option::Option::map(
            <Fault as ::xmlrpc_core::__private::TypedFault>::from_fault(fault),
            StoreError::Other,
        )
    }
    fn describe_faults() -> ::xmlrpc_core::__private::Vec<
        ::xmlrpc_core::__private::FaultDescription,
    > {
        ::xmlrpc_core::__private::describe_faults(
            [
                ::xmlrpc_core::__private::describe_fault(
                    404i32,
                    "there is no {path}",
                    "",
                ),
                ::xmlrpc_core::__private::describe_fault(
                    409i32,
                    "{0} is there already, since {1}",
                    "",
                ),
                ::xmlrpc_core::__private::describe_fault(
                    codes::CLOSED,
                    "closed {for ever}",
                    "",
                ),
                ::xmlrpc_core::__private::describe_fault(503i32, "internal error", ""),
            ],
            {
                #[allow(unused_imports)]
                use ::xmlrpc_core::__private::NoFaults as _;
                ::xmlrpc_core::__private::TypeProbe::<
                    ::core::result::Result<(), Fault>,
                >::faults()
            },
        )
    }
}

const _: () = ::core::assert!(
    ! ::xmlrpc_core::__private::is_reserved(codes::CLOSED),
    "the protocol reserves the codes from -32768 to -32000; use another code",
);

const _: () = {
    const __CODES: [::core::primitive::i32; 4usize] = [
        404i32,
        409i32,
        codes::CLOSED,
        503i32,
    ];
    const _: () = ::core::assert!(
        ::xmlrpc_core::__private::is_first(& __CODES, 2usize),
        "two variants have this code, so a client could not tell them apart; change one of the codes",
    );
    const _: () = ::core::assert!(
        ::xmlrpc_core::__private::is_first(& __CODES, 3usize),
        "two variants have this code, so a client could not tell them apart; change one of the codes",
    );
};
