// The expansion of `others.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use std::collections::BTreeMap;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{Envelope, Fault, xmlrpc_service};

#[derive(Deserialize)]
pub struct Reply<R>(bool, R);

impl<R> Envelope for Reply<R> {
    type Value = R;
    fn open(self) -> Result<R, Fault> {
        self.0.then_some(self.1).ok_or_else(|| Fault::new(1, "refused"))
    }
}

#[allow(dead_code)]
pub trait Object: ::core::marker::Send + ::core::marker::Sync + 'static {
    fn read<R: DeserializeOwned + ::core::marker::Send + ::core::marker::Sync>(
        &self,
        fields: &[&str],
        args: impl Serialize + ::core::marker::Send + ::core::marker::Sync,
    ) -> impl ::core::future::Future<Output = Vec<R>> + ::core::marker::Send;
    fn create<T>(
        &self,
        records: Option<BTreeMap<&str, T>>,
    ) -> impl ::core::future::Future<Output = Result<i64, Fault>> + ::core::marker::Send
    where
        T: Serialize + ::core::marker::Send + ::core::marker::Sync;
    fn version(
        &self,
    ) -> impl ::core::future::Future<Output = String> + ::core::marker::Send;
}

::xmlrpc_core::__private::require_client! {
///Calls the methods of [`Object`] on a server. Cloning is cheap.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct ObjectClient<T_ = ::xmlrpc_core::__private::BoxTransport>(
    ::xmlrpc_core::__private::Client<T_>,
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
impl<T_: ::xmlrpc_core::__private::Transport> ObjectClient<T_> {
    /// Creates a stub that sends its calls through `client`.
    pub fn new(
        client: impl ::xmlrpc_core::__private::IntoClient<Transport = T_>,
    ) -> Self {
        Self(::xmlrpc_core::__private::IntoClient::into_client(client))
    }
    /// The client that sends the calls.
    pub fn client(&self) -> &::xmlrpc_core::__private::Client<T_> {
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
    ///Calls `execute_kw`.
    pub fn read<R: DeserializeOwned>(
        &self,
        fields: &[&str],
        args: impl Serialize,
    ) -> ::xmlrpc_core::__private::Call<T_, Vec<R>> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "execute_kw");
        params.param(fields);
        params.param(&args);
        ::xmlrpc_core::__private::call_with_envelope::<
            T_,
            Vec<R>,
            Reply<Vec<R>>,
        >(&self.0, "execute_kw", params)
    }
    ///Calls `execute_kw`.
    pub fn create<T>(
        &self,
        records: Option<BTreeMap<&str, T>>,
    ) -> ::xmlrpc_core::__private::Call<T_, i64>
    where
        T: Serialize,
    {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "execute_kw");
        params.optional(::core::option::Option::as_ref(&records));
        ::xmlrpc_core::__private::call_with_envelope::<
            T_,
            i64,
            Reply<i64>,
        >(&self.0, "execute_kw", params)
    }
    ///Calls `version`.
    pub fn version(&self) -> ::xmlrpc_core::__private::Call<T_, String> {
        let params = ::xmlrpc_core::__private::begin_without_leading(&self.0, "version");
        ::xmlrpc_core::__private::call::<T_, String>(&self.0, "version", params)
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
impl ObjectClient<::xmlrpc_core::__private::BoxTransport> {
    /// Describes the service: its methods with their parameters, results and documentation.
    /// Nothing is sent.
    pub fn describe() -> ::xmlrpc_core::__private::ServiceDescription {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
        ::xmlrpc_core::__private::describe_service(
            "Object",
            "",
            [
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "execute_kw",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "fields",
                                ::xmlrpc_core::__private::array(
                                    ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                ),
                            ),
                            ::xmlrpc_core::__private::param(
                                "args",
                                ::xmlrpc_core::__private::any(),
                            ),
                        ],
                        ::xmlrpc_core::__private::array(::xmlrpc_core::__private::any()),
                    ),
                    "read",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "execute_kw",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param_or_none(
                                "records",
                                ::xmlrpc_core::__private::map(
                                    ::xmlrpc_core::__private::any(),
                                ),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<
                            Result<i64, Fault>,
                        >::result_schema(),
                    ),
                    "create",
                    ::xmlrpc_core::__private::TypeProbe::<Result<i64, Fault>>::faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "version",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                    ),
                    "version",
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
impl<T_: ::core::clone::Clone> ::core::clone::Clone for ObjectClient<T_> {
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
impl<T_> ::core::fmt::Debug for ObjectClient<T_> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
}
