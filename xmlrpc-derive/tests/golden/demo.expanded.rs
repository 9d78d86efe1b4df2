// The expansion of `demo.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use xmlrpc_core::{Fault, xmlrpc_service};

#[allow(dead_code)]
/// The demo service of Python's `xmlrpc.server`.
pub trait Demo: ::core::marker::Send + ::core::marker::Sync + 'static {
    /// Returns the answer.
    fn get_data(
        &self,
    ) -> impl ::core::future::Future<Output = String> + ::core::marker::Send;
    fn pow(
        &self,
        base: i64,
        exponent: u32,
    ) -> impl ::core::future::Future<Output = Result<i64, Fault>> + ::core::marker::Send;
    fn add(
        &self,
        a: i64,
        b: i64,
    ) -> impl ::core::future::Future<Output = i64> + ::core::marker::Send;
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
impl<S: Demo> Demo for ::std::sync::Arc<S> {
    fn get_data(
        &self,
    ) -> impl ::core::future::Future<Output = String> + ::core::marker::Send {
        <S as Demo>::get_data(&**self)
    }
    fn pow(
        &self,
        base: i64,
        exponent: u32,
    ) -> impl ::core::future::Future<
        Output = Result<i64, Fault>,
    > + ::core::marker::Send {
        <S as Demo>::pow(&**self, base, exponent)
    }
    fn add(
        &self,
        a: i64,
        b: i64,
    ) -> impl ::core::future::Future<Output = i64> + ::core::marker::Send {
        <S as Demo>::add(&**self, a, b)
    }
}

::xmlrpc_core::__private::require_server! {
///Serves an implementation of [`Demo`]. Pass it to `Dispatcher::service`.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct DemoServer<S>(S);

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Demo> DemoServer<S> {
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
impl<S: Demo> ::xmlrpc_core::__private::Service for DemoServer<S> {
    const NAME: &'static str = "Demo";
    const HELP: &'static str = "The demo service of Python's `xmlrpc.server`.";
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "getData",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "getData",
                                &[],
                                "Returns the answer.",
                                ::core::option::Option::None,
                                [],
                                ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                            ),
                            "get_data",
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
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Demo>::get_data(&this.0).await;
                            ::xmlrpc_core::__private::encode::<String>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "pow",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "pow",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "base",
                                        ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "exponent",
                                        ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<
                                    Result<i64, Fault>,
                                >::result_schema(),
                            ),
                            "pow",
                            ::xmlrpc_core::__private::TypeProbe::<
                                Result<i64, Fault>,
                            >::faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_base = ::xmlrpc_core::__private::required::<
                                    i64,
                                >(params, "base")?;
                                let param_exponent = ::xmlrpc_core::__private::required::<
                                    u32,
                                >(params, "exponent")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_base, param_exponent))
                            });
                        let ((param_base, param_exponent), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Demo>::pow(
                                    &this.0,
                                    param_base,
                                    param_exponent,
                                )
                                .await;
                            ::xmlrpc_core::__private::encode_result(&encoder, result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "add",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "add",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "a",
                                        ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "b",
                                        ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                            ),
                            "add",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_a = ::xmlrpc_core::__private::required::<
                                    i64,
                                >(params, "a")?;
                                let param_b = ::xmlrpc_core::__private::required::<
                                    i64,
                                >(params, "b")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_a, param_b))
                            });
                        let ((param_a, param_b), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Demo>::add(&this.0, param_a, param_b)
                                .await;
                            ::xmlrpc_core::__private::encode::<i64>(&encoder, &result)
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
        ! ::xmlrpc_core::__private::TypeProbe:: < String > ::IS_RESULT,
        "`get_data` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < i64 > ::IS_RESULT,
        "`add` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};
}

::xmlrpc_core::__private::require_client! {
///Calls the methods of [`Demo`] on a server. Cloning is cheap.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct DemoClient<T = ::xmlrpc_core::__private::BoxTransport>(
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
impl<T: ::xmlrpc_core::__private::Transport> DemoClient<T> {
    /// Creates a stub that sends its calls through `client`.
    pub fn new(
        client: impl ::xmlrpc_core::__private::IntoClient<Transport = T>,
    ) -> Self {
        Self(::xmlrpc_core::__private::IntoClient::into_client(client))
    }
    /// The client that sends the calls.
    pub fn client(&self) -> &::xmlrpc_core::__private::Client<T> {
        &self.0
    }
    /// Sends `params` before the parameters of each call, for example a token. See
    /// `xmlrpc_core::Client::with_leading_params`.
    #[must_use]
    pub fn with_leading_params(
        self,
        params: impl ::xmlrpc_core::__private::IntoParams,
    ) -> Self {
        Self(::xmlrpc_core::__private::Client::with_leading_params(self.0, params))
    }
    /// Adds `members` to the struct that is the parameter of each call. See
    /// `xmlrpc_core::Client::with_leading_members`.
    #[must_use]
    pub fn with_leading_members(
        self,
        members: impl ::xmlrpc_core::__private::IntoMembers,
    ) -> Self {
        Self(::xmlrpc_core::__private::Client::with_leading_members(self.0, members))
    }
    /// Returns the answer.
    ///
    ///Calls `getData`.
    pub fn get_data(&self) -> ::xmlrpc_core::__private::Call<T, String> {
        let params = ::xmlrpc_core::__private::begin(&self.0, "getData");
        ::xmlrpc_core::__private::call::<T, String>(&self.0, "getData", params)
    }
    ///Calls `pow`.
    pub fn pow(
        &self,
        base: i64,
        exponent: u32,
    ) -> ::xmlrpc_core::__private::Call<T, i64> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "pow");
        params.param(&base);
        params.param(&exponent);
        ::xmlrpc_core::__private::call::<T, i64>(&self.0, "pow", params)
    }
    ///Calls `add`.
    pub fn add(&self, a: i64, b: i64) -> ::xmlrpc_core::__private::Call<T, i64> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "add");
        params.param(&a);
        params.param(&b);
        ::xmlrpc_core::__private::call::<T, i64>(&self.0, "add", params)
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
impl DemoClient<::xmlrpc_core::__private::BoxTransport> {
    /// Describes the service: its methods with their parameters, results and documentation.
    /// Nothing is sent.
    pub fn describe() -> ::xmlrpc_core::__private::ServiceDescription {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
        ::xmlrpc_core::__private::describe_service(
            "Demo",
            "The demo service of Python's `xmlrpc.server`.",
            [
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "getData",
                        &[],
                        "Returns the answer.",
                        ::core::option::Option::None,
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                    ),
                    "get_data",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "pow",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "base",
                                ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "exponent",
                                ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<
                            Result<i64, Fault>,
                        >::result_schema(),
                    ),
                    "pow",
                    ::xmlrpc_core::__private::TypeProbe::<Result<i64, Fault>>::faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "add",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "a",
                                ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "b",
                                ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<i64>::schema(),
                    ),
                    "add",
                    ::xmlrpc_core::__private::no_faults(),
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
impl<T: ::core::clone::Clone> ::core::clone::Clone for DemoClient<T> {
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
impl<T> ::core::fmt::Debug for DemoClient<T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
}
