// The expansion of `names.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

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

::xmlrpc_core::__private::require_server! {
///Serves an implementation of [`Bugs`]. Pass it to `Dispatcher::service`.
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
impl<S: Bugs> ::xmlrpc_core::__private::Service for BugsServer<S> {
    const NAME: &'static str = "Bugs";
    const HELP: &'static str = "Bugs.";
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "Bug/countOpen",
                    aliases: &["count_open", "bugs.count"],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "Bug/countOpen",
                                &["count_open", "bugs.count"],
                                "Counts the bugs that are open.",
                                ::core::option::Option::None,
                                [],
                                ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                            ),
                            "count_open",
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
                            let result = <S as Bugs>::count_open(&this.0).await;
                            ::xmlrpc_core::__private::encode::<u32>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "Bug/count",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "Bug/count",
                                &[],
                                "",
                                ::core::option::Option::Some("call `count_open`"),
                                [],
                                ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                            ),
                            "count",
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
                            let result = <S as Bugs>::count(&this.0).await;
                            ::xmlrpc_core::__private::encode::<u32>(&encoder, &result)
                        })
                    },
                },
                #[cfg(unix)]
                ::xmlrpc_core::__private::Method {
                    name: "Bug/ofThisSystem",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "Bug/ofThisSystem",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [],
                                ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                            ),
                            "of_this_system",
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
                            let result = <S as Bugs>::of_this_system(&this.0).await;
                            ::xmlrpc_core::__private::encode::<u32>(&encoder, &result)
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
        ! ::xmlrpc_core::__private::TypeProbe:: < u32 > ::IS_RESULT,
        "`count_open` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < u32 > ::IS_RESULT,
        "`count` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

#[cfg(unix)]
const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < u32 > ::IS_RESULT,
        "`of_this_system` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};
}

::xmlrpc_core::__private::require_client! {
///Calls the methods of [`Bugs`] on a server. Cloning is cheap.
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
    /// Counts the bugs that are open.
    ///
    ///Calls `Bug/countOpen`.
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
    /// Describes the service: its methods with their parameters, results and documentation.
    /// Nothing is sent.
    pub fn describe() -> ::xmlrpc_core::__private::ServiceDescription {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
        ::xmlrpc_core::__private::describe_service(
            "Bugs",
            "Bugs.",
            [
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "Bug/countOpen",
                        &["count_open", "bugs.count"],
                        "Counts the bugs that are open.",
                        ::core::option::Option::None,
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                    ),
                    "count_open",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "Bug/count",
                        &[],
                        "",
                        ::core::option::Option::Some("call `count_open`"),
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                    ),
                    "count",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                #[cfg(unix)]
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "Bug/ofThisSystem",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                    ),
                    "of_this_system",
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
}
