// What becomes of `server.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-tests-macros --test expansion

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

///Serves a [`Feed`]: what `Dispatcher::service` takes.
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
    /// A service that calls the methods of `service`: often an `Arc`, where one state
    /// serves several traits.
    pub fn new(service: S) -> Self {
        Self(service)
    }
    /// Puts a layer around the methods: `xmlrpc_core::service` shows some.
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
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "entries",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::NoSchema as _;
                        ::xmlrpc_core::__private::describe(
                            "entries",
                            &[],
                            "",
                            ::core::option::Option::None,
                            [
                                ::xmlrpc_core::__private::param_or_none(
                                    "since",
                                    ::xmlrpc_core::__private::Probe::<i64>::schema(),
                                ),
                            ],
                            ::xmlrpc_core::__private::Probe::<
                                Result<Vec<String>, Fault>,
                            >::result_schema(),
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
                        let ((param_since,), answer) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Feed>::entries(&this.0, param_since)
                                .await;
                            ::xmlrpc_core::__private::answer_result(&answer, result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "publish",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::NoSchema as _;
                        ::xmlrpc_core::__private::describe(
                            "publish",
                            &[],
                            "",
                            ::core::option::Option::None,
                            [
                                ::xmlrpc_core::__private::param(
                                    "entry",
                                    ::xmlrpc_core::__private::Probe::<str>::schema(),
                                ),
                            ],
                            ::xmlrpc_core::__private::Probe::<u32>::schema(),
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
                        let ((param_entry,), answer) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::to_its_end(async move {
                            let result = <S as Feed>::publish(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<str>(&param_entry),
                                )
                                .await;
                            ::xmlrpc_core::__private::answer::<u32>(&answer, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "archive",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::NoSchema as _;
                        ::xmlrpc_core::__private::describe(
                            "archive",
                            &[],
                            "",
                            ::core::option::Option::None,
                            [],
                            ::xmlrpc_core::__private::Probe::<bool>::schema(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                params.end()?;
                                ::core::result::Result::Ok(())
                            });
                        let ((), answer) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::blocking(move || {
                            let result = <S as Feed>::archive(&this.0, answer.context());
                            ::xmlrpc_core::__private::answer::<bool>(&answer, &result)
                        })
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
        ! ::xmlrpc_core::__private::Probe:: < u32 > ::IS_RESULT,
        "`publish` returns a `Result` under another name, which would be sent as a struct: call it `Result` in the trait"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::Probe:: < bool > ::IS_RESULT,
        "`archive` returns a `Result` under another name, which would be sent as a struct: call it `Result` in the trait"
    );
};
