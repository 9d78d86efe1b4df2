// The expansion of `server.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use xmlrpc_core::{Context, Fault, xmlrpc_service};

#[allow(dead_code)]
pub trait Feed: ::core::marker::Send + ::core::marker::Sync + 'static {
    fn entries(
        &self,
        since: Option<i64>,
    ) -> impl ::core::future::Future<
        Output = Result<Vec<String>, Fault>,
    > + ::core::marker::Send;
    fn publish(
        &self,
        entry: &str,
    ) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send;
    fn archive(&self, cx: &Context) -> bool;
}

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Feed> Feed for ::std::sync::Arc<S> {
    fn entries(
        &self,
        since: Option<i64>,
    ) -> impl ::core::future::Future<
        Output = Result<Vec<String>, Fault>,
    > + ::core::marker::Send {
        <S as Feed>::entries(&**self, since)
    }
    fn publish(
        &self,
        entry: &str,
    ) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send {
        <S as Feed>::publish(&**self, entry)
    }
    fn archive(&self, cx: &Context) -> bool {
        <S as Feed>::archive(&**self, cx)
    }
}

::xmlrpc_core::__private::require_server! {
///Serves an implementation of [`Feed`]. Pass it to `Dispatcher::service`.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct FeedServer<S>(S);

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Feed> FeedServer<S> {
    /// Creates a server that calls the methods of `service`. Pass an `Arc` to serve several
    /// traits from one state.
    pub fn new(service: S) -> Self {
        Self(service)
    }
    /// Adds a layer around the methods. See `xmlrpc_core::service` for examples.
    pub fn layer(
        self,
        layer: impl ::xmlrpc_core::__private::RpcLayer,
    ) -> ::xmlrpc_core::__private::Layered<Self> {
        ::xmlrpc_core::__private::Layered::new(self, layer)
    }
}

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Feed> ::xmlrpc_core::__private::Service for FeedServer<S> {
    const NAME: &'static str = "Feed";
    const BLOCKS: bool = true;
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "entries",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "entries",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param_or_none(
                                        "since",
                                        ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<
                                    Result<Vec<String>, Fault>,
                                >::result_schema(),
                            ),
                            "entries",
                            ::xmlrpc_core::__private::TypeProbe::<
                                Result<Vec<String>, Fault>,
                            >::faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_since = ::xmlrpc_core::__private::optional::<
                                    i64,
                                >(params, "since")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_since,))
                            });
                        let ((param_since,), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Feed>::entries(&this.0, param_since)
                                .await;
                            ::xmlrpc_core::__private::encode_result(&encoder, result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "publish",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "publish",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "entry",
                                        ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                            ),
                            "publish",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_entry = ::xmlrpc_core::__private::required::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "entry")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_entry,))
                            });
                        let ((param_entry,), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::run_to_completion(async move {
                            let result = <S as Feed>::publish(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<str>(&param_entry),
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<u32>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "archive",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "archive",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [],
                                ::xmlrpc_core::__private::TypeProbe::<bool>::schema(),
                            ),
                            "archive",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                params.end()?;
                                ::core::result::Result::Ok(())
                            });
                        let ((), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::blocking(
                            ::xmlrpc_core::__private::queue(&encoder),
                            move || {
                                let result = <S as Feed>::archive(
                                    &this.0,
                                    encoder.context(),
                                );
                                ::xmlrpc_core::__private::encode::<bool>(&encoder, &result)
                            },
                        )
                    },
                },
            ],
        )
    }
}

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < u32 > ::IS_RESULT,
        "`publish` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < bool > ::IS_RESULT,
        "`archive` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};
}
