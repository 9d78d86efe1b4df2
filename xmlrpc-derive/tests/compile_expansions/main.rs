//! Compiles and compares the files of `golden/`: each source and its expansion.
//!
//! `tests/expansion`, which writes the expansions, is a separate program: it must run even if they do not compile.

// The traits are public, as in a library.
#![allow(unreachable_pub)]

// The `use` of the macro remains in the expansion.
#[allow(unused_imports)]
mod expanded;
mod sources;

use xmlrpc_core::{Context, Dispatcher, Fault, TypedFault};

#[test]
fn the_same_stubs() {
    macro_rules! same {
        ($($module:ident $client:ident $(<$($arg:ty),*>)?;)*) => {$(
            assert_eq!(
                sources::$module::$client$(::<$($arg),*>)?::describe(),
                expanded::$module::$client$(::<$($arg),*>)?::describe(),
            );
        )*};
    }
    same! {
        client FeedClient;
        demo DemoClient;
        generic StoreClient<_, i64>;
        names BugsClient;
        others ObjectClient;
        parameters ParametersClient;
    }
}

#[test]
fn the_same_server() {
    struct Empty;

    macro_rules! described {
        ($module:ident) => {{
            impl $module::server::Feed for Empty {
                async fn entries(&self, _: Option<i64>) -> Result<Vec<String>, Fault> {
                    Ok(Vec::new())
                }
                async fn publish(&self, entry: &str) -> u32 {
                    u32::try_from(entry.len()).unwrap_or(0)
                }
                fn archive(&self, _: &Context) -> bool {
                    false
                }
            }
            Dispatcher::new()
                .service($module::server::FeedServer::new(Empty))
                .describe()
        }};
    }
    assert_eq!(described!(sources), described!(expanded));
}

#[test]
fn the_same_faults() {
    let fault = Fault::new(409, "a is there already, since 5");
    let source = sources::fault::StoreError::from_fault(&fault).unwrap();
    let expanded = expanded::fault::StoreError::from_fault(&fault).unwrap();
    assert_eq!(format!("{source:?}"), format!("{expanded:?}"));
    assert_eq!(Fault::from(source), fault);
    assert_eq!(Fault::from(expanded), fault);
}
