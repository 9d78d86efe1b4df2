// What becomes of `names.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-tests-macros --test expansion

use xmlrpc_core::xmlrpc_service;

#[allow(dead_code)]
/// Bugs.
pub(crate) trait Bugs: ::core::marker::Send + ::core::marker::Sync + 'static {
    /// Counts the bugs that are open.
    fn count_open(
        &self,
    ) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send;
    #[deprecated(note = "call `count_open`")]
    fn count(&self) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send;
    #[cfg(unix)]
    fn of_this_system(
        &self,
    ) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send;
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
impl<S: Bugs> Bugs for ::std::sync::Arc<S> {
    fn count_open(
        &self,
    ) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send {
        <S as Bugs>::count_open(&**self)
    }
    fn count(&self) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send {
        <S as Bugs>::count(&**self)
    }
    #[cfg(unix)]
    fn of_this_system(
        &self,
    ) -> impl ::core::future::Future<Output = u32> + ::core::marker::Send {
        <S as Bugs>::of_this_system(&**self)
    }
}

///Serves a [`Bugs`]: what `Dispatcher::service` takes.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub(crate) struct BugsServer<S>(S);

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Bugs> BugsServer<S> {
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
impl<S: Bugs> ::xmlrpc_core::__private::Service for BugsServer<S> {
    const NAME: &'static str = "Bugs";
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "Bug/countOpen",
                    aliases: &["count_open", "bugs.count"],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::NoSchema as _;
                        ::xmlrpc_core::__private::describe(
                            "Bug/countOpen",
                            &["count_open", "bugs.count"],
                            "Counts the bugs that are open.",
                            ::core::option::Option::None,
                            [],
                            ::xmlrpc_core::__private::Probe::<u32>::schema(),
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
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Bugs>::count_open(&this.0).await;
                            ::xmlrpc_core::__private::answer::<u32>(&answer, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "Bug/count",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::NoSchema as _;
                        ::xmlrpc_core::__private::describe(
                            "Bug/count",
                            &[],
                            "",
                            ::core::option::Option::Some("call `count_open`"),
                            [],
                            ::xmlrpc_core::__private::Probe::<u32>::schema(),
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
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Bugs>::count(&this.0).await;
                            ::xmlrpc_core::__private::answer::<u32>(&answer, &result)
                        })
                    },
                },
                #[cfg(unix)]
                ::xmlrpc_core::__private::Method {
                    name: "Bug/ofThisSystem",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::NoSchema as _;
                        ::xmlrpc_core::__private::describe(
                            "Bug/ofThisSystem",
                            &[],
                            "",
                            ::core::option::Option::None,
                            [],
                            ::xmlrpc_core::__private::Probe::<u32>::schema(),
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
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Bugs>::of_this_system(&this.0).await;
                            ::xmlrpc_core::__private::answer::<u32>(&answer, &result)
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
        "`count_open` returns a `Result` under another name, which would be sent as a struct: call it `Result` in the trait"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::Probe:: < u32 > ::IS_RESULT,
        "`count` returns a `Result` under another name, which would be sent as a struct: call it `Result` in the trait"
    );
};

#[cfg(unix)]
const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::Probe:: < u32 > ::IS_RESULT,
        "`of_this_system` returns a `Result` under another name, which would be sent as a struct: call it `Result` in the trait"
    );
};

///Calls the methods of [`Bugs`] on a peer. Cloning is cheap.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub(crate) struct BugsClient<T = ::xmlrpc_core::__private::BoxTransport>(
    ::xmlrpc_core::__private::Client<T>,
);

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<T: ::xmlrpc_core::__private::Transport> BugsClient<T> {
    /// A stub that calls through `client`.
    pub fn new(
        client: impl ::xmlrpc_core::__private::IntoClient<Transport = T>,
    ) -> Self {
        Self(::xmlrpc_core::__private::IntoClient::into_client(client))
    }
    /// The client through which it calls.
    pub fn client(&self) -> &::xmlrpc_core::__private::Client<T> {
        &self.0
    }
    /// Counts the bugs that are open.
    pub fn count_open(&self) -> ::xmlrpc_core::__private::Call<T, u32> {
        let params = ::xmlrpc_core::__private::begin(&self.0, "Bug/countOpen");
        ::xmlrpc_core::__private::call::<T, u32>(&self.0, "Bug/countOpen", params)
            .idempotent()
    }
    #[deprecated(note = "call `count_open`")]
    ///Calls `Bug/count`.
    pub fn count(&self) -> ::xmlrpc_core::__private::Call<T, u32> {
        let params = ::xmlrpc_core::__private::begin(&self.0, "Bug/count");
        ::xmlrpc_core::__private::call::<T, u32>(&self.0, "Bug/count", params)
    }
    #[cfg(unix)]
    ///Calls `Bug/ofThisSystem`.
    pub fn of_this_system(&self) -> ::xmlrpc_core::__private::Call<T, u32> {
        let params = ::xmlrpc_core::__private::begin(&self.0, "Bug/ofThisSystem");
        ::xmlrpc_core::__private::call::<T, u32>(&self.0, "Bug/ofThisSystem", params)
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
impl BugsClient<::xmlrpc_core::__private::BoxTransport> {
    /// What the service offers: its methods, their parameters and results, and what is
    /// said of them. No peer is asked.
    pub fn describe() -> ::xmlrpc_core::__private::Descriptions {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::NoSchema as _;
        ::xmlrpc_core::__private::describe_service(
            "Bugs",
            "Bugs.",
            [
                ::xmlrpc_core::__private::describe(
                    "Bug/countOpen",
                    &["count_open", "bugs.count"],
                    "Counts the bugs that are open.",
                    ::core::option::Option::None,
                    [],
                    ::xmlrpc_core::__private::Probe::<u32>::schema(),
                ),
                ::xmlrpc_core::__private::describe(
                    "Bug/count",
                    &[],
                    "",
                    ::core::option::Option::Some("call `count_open`"),
                    [],
                    ::xmlrpc_core::__private::Probe::<u32>::schema(),
                ),
                #[cfg(unix)]
                ::xmlrpc_core::__private::describe(
                    "Bug/ofThisSystem",
                    &[],
                    "",
                    ::core::option::Option::None,
                    [],
                    ::xmlrpc_core::__private::Probe::<u32>::schema(),
                ),
            ],
        )
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
impl<T: ::core::clone::Clone> ::core::clone::Clone for BugsClient<T> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
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
impl<T> ::core::fmt::Debug for BugsClient<T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
