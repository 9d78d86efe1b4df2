// The expansion of `alias.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use xmlrpc_core::{Fault, xmlrpc_service};

type Result<T = (), E = Fault> = std::result::Result<T, E>;

#[allow(dead_code)]
pub trait Shop: ::core::marker::Send + ::core::marker::Sync + 'static {
    /// Sells an article.
    ///
    /// Returns what is left.
    fn sell(
        &self,
        article: &str,
    ) -> impl ::core::future::Future<Output = Result<u32>> + ::core::marker::Send;
    fn close(
        &self,
    ) -> impl ::core::future::Future<Output = Result> + ::core::marker::Send;
}

::xmlrpc_core::__private::require_client! {
///Calls the methods of [`Shop`] on a server. Cloning is cheap.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct ShopClient<T = ::xmlrpc_core::__private::BoxTransport>(
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
impl<T: ::xmlrpc_core::__private::Transport> ShopClient<T> {
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
    /// Sells an article.
    ///
    /// Returns what is left.
    ///
    ///Calls `sell`.
    pub fn sell(&self, article: &str) -> ::xmlrpc_core::__private::Call<T, u32> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "sell");
        params.param(article);
        ::xmlrpc_core::__private::result_of::<Result<u32>, u32>();
        ::xmlrpc_core::__private::call::<T, u32>(&self.0, "sell", params)
    }
    ///Calls `close`.
    pub fn close(
        &self,
    ) -> ::xmlrpc_core::__private::Call<
        T,
        <Result as ::xmlrpc_core::__private::MethodResult>::Ok,
    > {
        let params = ::xmlrpc_core::__private::begin(&self.0, "close");
        ::xmlrpc_core::__private::call::<T, _>(&self.0, "close", params)
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
impl ShopClient<::xmlrpc_core::__private::BoxTransport> {
    /// Describes the service: its methods with their parameters, results and documentation.
    /// Nothing is sent.
    pub fn describe() -> ::xmlrpc_core::__private::ServiceDescription {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
        ::xmlrpc_core::__private::describe_service(
            "Shop",
            "",
            [
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "sell",
                        &[],
                        "Sells an article.\n\nReturns what is left.",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "article",
                                ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<
                            Result<u32>,
                        >::result_schema(),
                    ),
                    "sell",
                    ::xmlrpc_core::__private::TypeProbe::<Result<u32>>::faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "close",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<Result>::result_schema(),
                    ),
                    "close",
                    ::xmlrpc_core::__private::TypeProbe::<Result>::faults(),
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
impl<T: ::core::clone::Clone> ::core::clone::Clone for ShopClient<T> {
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
impl<T> ::core::fmt::Debug for ShopClient<T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
}
