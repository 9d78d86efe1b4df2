//! One compile error, instead of many, if the feature for a generated server or client is off.
//!
//! Generated code passes its server through `require_server!` and its client through
//! `require_client!`. Only these macros know the features of this crate: a `cfg` in generated code
//! would ask for the features of the user's crate.

pub use crate::{__require_client as require_client, __require_server as require_server};

#[cfg(feature = "server")]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_server {
    ($($server:tt)*) => { $($server)* };
}

#[cfg(not(feature = "server"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_server {
    ($($server:tt)*) => {
        ::core::compile_error!(
            "`#[xmlrpc_service]` generates a server, which needs the feature `server` of `xmlrpc-core`; \
             enable the feature, or write `#[xmlrpc_service(client)]`"
        );
    };
}

#[cfg(feature = "client")]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_client {
    ($($client:tt)*) => { $($client)* };
}

#[cfg(not(feature = "client"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_client {
    ($($client:tt)*) => {
        ::core::compile_error!(
            "`#[xmlrpc_service]` generates a client, which needs the feature `client` of `xmlrpc-core`; \
             enable the feature, or write `#[xmlrpc_service(server)]`"
        );
    };
}
