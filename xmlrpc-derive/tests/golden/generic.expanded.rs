// The expansion of `generic.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use std::fmt::Debug;
use serde::{Serialize, de::DeserializeOwned};
use xmlrpc_core::{Fault, xmlrpc_service};

#[allow(dead_code)]
pub trait Store<
    K,
    V = String,
    const MAX: usize = 8,
>: Debug + ::core::marker::Send + ::core::marker::Sync + 'static
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn put(
        &self,
        key: K,
        value: V,
    ) -> impl ::core::future::Future<Output = Result<(), Fault>> + ::core::marker::Send;
    fn get(
        &self,
        key: &K,
    ) -> impl ::core::future::Future<Output = Option<V>> + ::core::marker::Send;
    #[allow(clippy::manual_async_fn)]
    fn contains(
        &self,
        key: &K,
    ) -> impl ::core::future::Future<Output = bool> + ::core::marker::Send {
        async move { self.get(key).await.is_some() }
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
impl<S: Store<K, V, MAX>, K, V, const MAX: usize> Store<K, V, MAX>
for ::std::sync::Arc<S>
where
    Self: Debug,
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn put(
        &self,
        key: K,
        value: V,
    ) -> impl ::core::future::Future<Output = Result<(), Fault>> + ::core::marker::Send {
        <S as Store<K, V, MAX>>::put(&**self, key, value)
    }
    fn get(
        &self,
        key: &K,
    ) -> impl ::core::future::Future<Output = Option<V>> + ::core::marker::Send {
        <S as Store<K, V, MAX>>::get(&**self, key)
    }
    fn contains(
        &self,
        key: &K,
    ) -> impl ::core::future::Future<Output = bool> + ::core::marker::Send {
        <S as Store<K, V, MAX>>::contains(&**self, key)
    }
}

::xmlrpc_core::__private::require_server! {
///Serves an implementation of [`Store`]. Pass it to `Dispatcher::service`.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct StoreServer<S, K, V = String, const MAX: usize = 8>(
    S,
    ::core::marker::PhantomData<fn() -> (K, V)>,
)
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static;

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Store<K, V, MAX>, K, V, const MAX: usize> StoreServer<S, K, V, MAX>
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// Creates a server that calls the methods of `service`. Pass an `Arc` to serve several
    /// traits from one state.
    pub fn new(service: S) -> Self {
        Self(service, ::core::marker::PhantomData)
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
impl<S: Store<K, V, MAX>, K, V, const MAX: usize> ::xmlrpc_core::__private::Service
for StoreServer<S, K, V, MAX>
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    const NAME: &'static str = "Store";
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "put",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "put",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "key",
                                        ::xmlrpc_core::__private::TypeProbe::<K>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "value",
                                        ::xmlrpc_core::__private::TypeProbe::<V>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<
                                    Result<(), Fault>,
                                >::result_schema(),
                            ),
                            "put",
                            ::xmlrpc_core::__private::TypeProbe::<
                                Result<(), Fault>,
                            >::faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_key = ::xmlrpc_core::__private::required::<
                                    K,
                                >(params, "key")?;
                                let param_value = ::xmlrpc_core::__private::required::<
                                    V,
                                >(params, "value")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_key, param_value))
                            });
                        let ((param_key, param_value), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Store<
                                K,
                                V,
                                MAX,
                            >>::put(&this.0, param_key, param_value)
                                .await;
                            ::xmlrpc_core::__private::encode_result(&encoder, result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "get",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "get",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "key",
                                        ::xmlrpc_core::__private::TypeProbe::<K>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<Option<V>>::schema(),
                            ),
                            "get",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_key = ::xmlrpc_core::__private::required::<
                                    <K as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "key")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_key,))
                            });
                        let ((param_key,), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Store<
                                K,
                                V,
                                MAX,
                            >>::get(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<K>(&param_key),
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<
                                Option<V>,
                            >(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "contains",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "contains",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "key",
                                        ::xmlrpc_core::__private::TypeProbe::<K>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<bool>::schema(),
                            ),
                            "contains",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_key = ::xmlrpc_core::__private::required::<
                                    <K as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "key")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_key,))
                            });
                        let ((param_key,), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Store<
                                K,
                                V,
                                MAX,
                            >>::contains(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<K>(&param_key),
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<bool>(&encoder, &result)
                        })
                    },
                },
            ],
        )
    }
}
}

::xmlrpc_core::__private::require_client! {
///Calls the methods of [`Store`] on a server. Cloning is cheap.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct StoreClient<T, K, V = String, const MAX: usize = 8>(
    ::xmlrpc_core::__private::Client<T>,
    ::core::marker::PhantomData<fn() -> (K, V)>,
)
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static;

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<
    T: ::xmlrpc_core::__private::Transport,
    K,
    V,
    const MAX: usize,
> StoreClient<T, K, V, MAX>
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// Creates a stub that sends its calls through `client`.
    pub fn new(
        client: impl ::xmlrpc_core::__private::IntoClient<Transport = T>,
    ) -> Self {
        Self(
            ::xmlrpc_core::__private::IntoClient::into_client(client),
            ::core::marker::PhantomData,
        )
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
        Self(
            ::xmlrpc_core::__private::Client::with_leading_params(self.0, params),
            ::core::marker::PhantomData,
        )
    }
    /// Adds `members` to the struct that is the parameter of each call. See
    /// `xmlrpc_core::Client::with_leading_members`.
    #[must_use]
    pub fn with_leading_members(
        self,
        members: impl ::xmlrpc_core::__private::IntoMembers,
    ) -> Self {
        Self(
            ::xmlrpc_core::__private::Client::with_leading_members(self.0, members),
            ::core::marker::PhantomData,
        )
    }
    ///Calls `put`.
    pub fn put(&self, key: K, value: V) -> ::xmlrpc_core::__private::Call<T, ()> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "put");
        params.param(&key);
        params.param(&value);
        ::xmlrpc_core::__private::call::<T, ()>(&self.0, "put", params)
    }
    ///Calls `get`.
    pub fn get(&self, key: &K) -> ::xmlrpc_core::__private::Call<T, Option<V>> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "get");
        params.param(key);
        ::xmlrpc_core::__private::call::<T, Option<V>>(&self.0, "get", params)
    }
    ///Calls `contains`.
    pub fn contains(&self, key: &K) -> ::xmlrpc_core::__private::Call<T, bool> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "contains");
        params.param(key);
        ::xmlrpc_core::__private::call::<T, bool>(&self.0, "contains", params)
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
impl<
    K,
    V,
    const MAX: usize,
> StoreClient<::xmlrpc_core::__private::BoxTransport, K, V, MAX>
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// Describes the service: its methods with their parameters, results and documentation.
    /// Nothing is sent.
    pub fn describe() -> ::xmlrpc_core::__private::ServiceDescription {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
        ::xmlrpc_core::__private::describe_service(
            "Store",
            "",
            [
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "put",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "key",
                                ::xmlrpc_core::__private::TypeProbe::<K>::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "value",
                                ::xmlrpc_core::__private::TypeProbe::<V>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<
                            Result<(), Fault>,
                        >::result_schema(),
                    ),
                    "put",
                    ::xmlrpc_core::__private::TypeProbe::<Result<(), Fault>>::faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "get",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "key",
                                ::xmlrpc_core::__private::TypeProbe::<K>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<Option<V>>::schema(),
                    ),
                    "get",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "contains",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "key",
                                ::xmlrpc_core::__private::TypeProbe::<K>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<bool>::schema(),
                    ),
                    "contains",
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
impl<T: ::core::clone::Clone, K, V, const MAX: usize> ::core::clone::Clone
for StoreClient<T, K, V, MAX>
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
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
impl<T, K, V, const MAX: usize> ::core::fmt::Debug for StoreClient<T, K, V, MAX>
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
}
