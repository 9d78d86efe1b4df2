// The expansion of `parameters.rs`, written by
// GOLDEN=overwrite cargo test -p xmlrpc-derive --test expansion

use std::{borrow::Cow, collections::BTreeMap};
use xmlrpc_core::{Context, Fault, xmlrpc_service};

#[allow(dead_code)]
pub trait Parameters: ::core::marker::Send + ::core::marker::Sync + 'static {
    fn none(&self) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
    fn at_once(&self, owned: String) -> usize;
    fn lent(
        &self,
        text: &str,
        list: &[i64],
        whole: &BTreeMap<String, i64>,
        cow: Cow<'_, str>,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
    fn options(
        &self,
        must_be_there: Option<i64>,
        count: u8,
        may_be_absent: Option<&str>,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
    fn defaults(
        &self,
        branch: &str,
        depth: u32,
    ) -> impl ::core::future::Future<
        Output = Result<String, Fault>,
    > + ::core::marker::Send;
    fn rest(
        &self,
        first: &str,
        more: &[String],
    ) -> impl ::core::future::Future<Output = Vec<String>> + ::core::marker::Send;
    fn context(
        &self,
        cx: &Context,
        user: &str,
    ) -> impl ::core::future::Future<Output = bool> + ::core::marker::Send;
    fn by_name(
        &self,
        product_id: &str,
        status: Option<&str>,
        page_size: u32,
    ) -> impl ::core::future::Future<Output = Vec<i64>> + ::core::marker::Send;
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
impl<S: Parameters> Parameters for ::std::sync::Arc<S> {
    fn none(&self) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
        <S as Parameters>::none(&**self)
    }
    fn at_once(&self, owned: String) -> usize {
        <S as Parameters>::at_once(&**self, owned)
    }
    fn lent(
        &self,
        text: &str,
        list: &[i64],
        whole: &BTreeMap<String, i64>,
        cow: Cow<'_, str>,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
        <S as Parameters>::lent(&**self, text, list, whole, cow)
    }
    fn options(
        &self,
        must_be_there: Option<i64>,
        count: u8,
        may_be_absent: Option<&str>,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
        <S as Parameters>::options(&**self, must_be_there, count, may_be_absent)
    }
    fn defaults(
        &self,
        branch: &str,
        depth: u32,
    ) -> impl ::core::future::Future<
        Output = Result<String, Fault>,
    > + ::core::marker::Send {
        <S as Parameters>::defaults(&**self, branch, depth)
    }
    fn rest(
        &self,
        first: &str,
        more: &[String],
    ) -> impl ::core::future::Future<Output = Vec<String>> + ::core::marker::Send {
        <S as Parameters>::rest(&**self, first, more)
    }
    fn context(
        &self,
        cx: &Context,
        user: &str,
    ) -> impl ::core::future::Future<Output = bool> + ::core::marker::Send {
        <S as Parameters>::context(&**self, cx, user)
    }
    fn by_name(
        &self,
        product_id: &str,
        status: Option<&str>,
        page_size: u32,
    ) -> impl ::core::future::Future<Output = Vec<i64>> + ::core::marker::Send {
        <S as Parameters>::by_name(&**self, product_id, status, page_size)
    }
}

::xmlrpc_core::__private::require_server! {
///Serves an implementation of [`Parameters`]. Pass it to `Dispatcher::service`.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct ParametersServer<S>(S);

#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
impl<S: Parameters> ParametersServer<S> {
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
impl<S: Parameters> ::xmlrpc_core::__private::Service for ParametersServer<S> {
    const NAME: &'static str = "Parameters";
    fn methods(self) -> ::xmlrpc_core::__private::Methods {
        ::xmlrpc_core::__private::Methods::new(
            self,
            [
                ::xmlrpc_core::__private::Method {
                    name: "none",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "none",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [],
                                ::xmlrpc_core::__private::TypeProbe::<()>::schema(),
                            ),
                            "none",
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
                            let result = <S as Parameters>::none(&this.0).await;
                            ::xmlrpc_core::__private::encode::<()>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "at_once",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "at_once",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "owned",
                                        ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<usize>::schema(),
                            ),
                            "at_once",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_owned = ::xmlrpc_core::__private::required::<
                                    String,
                                >(params, "owned")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_owned,))
                            });
                        let ((param_owned,), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Parameters>::at_once(
                                &this.0,
                                param_owned,
                            );
                            ::xmlrpc_core::__private::encode::<usize>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "lent",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "lent",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "text",
                                        ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "list",
                                        ::xmlrpc_core::__private::TypeProbe::<[i64]>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "whole",
                                        ::xmlrpc_core::__private::TypeProbe::<
                                            BTreeMap<String, i64>,
                                        >::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "cow",
                                        ::xmlrpc_core::__private::TypeProbe::<
                                            Cow<'static, str>,
                                        >::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<()>::schema(),
                            ),
                            "lent",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_text = ::xmlrpc_core::__private::required::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "text")?;
                                let param_list = ::xmlrpc_core::__private::required::<
                                    <[i64] as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "list")?;
                                let param_whole = ::xmlrpc_core::__private::required::<
                                    <BTreeMap<
                                        String,
                                        i64,
                                    > as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "whole")?;
                                let param_cow = ::xmlrpc_core::__private::required::<
                                    Cow<'static, str>,
                                >(params, "cow")?;
                                params.end()?;
                                ::core::result::Result::Ok((
                                    param_text,
                                    param_list,
                                    param_whole,
                                    param_cow,
                                ))
                            });
                        let (
                            (param_text, param_list, param_whole, param_cow),
                            encoder,
                        ) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Parameters>::lent(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<str>(&param_text),
                                    ::xmlrpc_core::__private::lend::<[i64]>(&param_list),
                                    ::xmlrpc_core::__private::lend::<
                                        BTreeMap<String, i64>,
                                    >(&param_whole),
                                    param_cow,
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<()>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "options",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "options",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "must_be_there",
                                        ::xmlrpc_core::__private::TypeProbe::<Option<i64>>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param(
                                        "count",
                                        ::xmlrpc_core::__private::TypeProbe::<u8>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::param_or_none(
                                        "may_be_absent",
                                        ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<()>::schema(),
                            ),
                            "options",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_must_be_there = ::xmlrpc_core::__private::required::<
                                    Option<i64>,
                                >(params, "must_be_there")?;
                                let param_count = ::xmlrpc_core::__private::required::<
                                    u8,
                                >(params, "count")?;
                                let param_may_be_absent = ::xmlrpc_core::__private::optional::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "may_be_absent")?;
                                params.end()?;
                                ::core::result::Result::Ok((
                                    param_must_be_there,
                                    param_count,
                                    param_may_be_absent,
                                ))
                            });
                        let (
                            (param_must_be_there, param_count, param_may_be_absent),
                            encoder,
                        ) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Parameters>::options(
                                    &this.0,
                                    param_must_be_there,
                                    param_count,
                                    ::xmlrpc_core::__private::lend_option::<
                                        str,
                                    >(&param_may_be_absent),
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<()>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "defaults",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "defaults",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::with_default(
                                        ::xmlrpc_core::__private::param_or_none(
                                            "branch",
                                            ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                        ),
                                        "\"main\"",
                                    ),
                                    ::xmlrpc_core::__private::with_default(
                                        ::xmlrpc_core::__private::param_or_none(
                                            "depth",
                                            ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                                        ),
                                        "",
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<
                                    Result<String, Fault>,
                                >::result_schema(),
                            ),
                            "defaults",
                            ::xmlrpc_core::__private::TypeProbe::<
                                Result<String, Fault>,
                            >::faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_branch = ::xmlrpc_core::__private::optional::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "branch")?;
                                let param_depth = ::xmlrpc_core::__private::optional::<
                                    u32,
                                >(params, "depth")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_branch, param_depth))
                            });
                        let ((param_branch, param_depth), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let param_branch: &str = match &param_branch {
                                ::core::option::Option::Some(param_branch) => {
                                    ::xmlrpc_core::__private::lend::<str>(param_branch)
                                }
                                ::core::option::Option::None => "main",
                            };
                            let param_depth: u32 = match param_depth {
                                ::core::option::Option::Some(param_depth) => param_depth,
                                ::core::option::Option::None => {
                                    ::core::default::Default::default()
                                }
                            };
                            let result = <S as Parameters>::defaults(
                                    &this.0,
                                    param_branch,
                                    param_depth,
                                )
                                .await;
                            ::xmlrpc_core::__private::encode_result(&encoder, result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "rest",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "rest",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "first",
                                        ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                    ),
                                    ::xmlrpc_core::__private::params(
                                        "more",
                                        ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<Vec<String>>::schema(),
                            ),
                            "rest",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_first = ::xmlrpc_core::__private::required::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "first")?;
                                let param_more = ::xmlrpc_core::__private::rest::<
                                    String,
                                >(params, "more")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_first, param_more))
                            });
                        let ((param_first, param_more), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Parameters>::rest(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<str>(&param_first),
                                    &param_more,
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<
                                Vec<String>,
                            >(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "context",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "context",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::param(
                                        "user",
                                        ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                    ),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<bool>::schema(),
                            ),
                            "context",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                let param_user = ::xmlrpc_core::__private::required::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(params, "user")?;
                                params.end()?;
                                ::core::result::Result::Ok((param_user,))
                            });
                        let ((param_user,), encoder) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let result = <S as Parameters>::context(
                                    &this.0,
                                    encoder.context(),
                                    ::xmlrpc_core::__private::lend::<str>(&param_user),
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<bool>(&encoder, &result)
                        })
                    },
                },
                ::xmlrpc_core::__private::Method {
                    name: "by_name",
                    aliases: &[],
                    describe: || {
                        #[allow(unused_imports)]
                        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
                        ::xmlrpc_core::__private::in_trait(
                            ::xmlrpc_core::__private::describe(
                                "by_name",
                                &[],
                                "",
                                ::core::option::Option::None,
                                [
                                    ::xmlrpc_core::__private::members([
                                        ::xmlrpc_core::__private::param(
                                            "productId",
                                            ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                        ),
                                        ::xmlrpc_core::__private::param_or_none(
                                            "bug_status",
                                            ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                        ),
                                        ::xmlrpc_core::__private::with_default(
                                            ::xmlrpc_core::__private::param_or_none(
                                                "pageSize",
                                                ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                                            ),
                                            "20",
                                        ),
                                    ]),
                                ],
                                ::xmlrpc_core::__private::TypeProbe::<Vec<i64>>::schema(),
                            ),
                            "by_name",
                            ::xmlrpc_core::__private::no_faults(),
                        )
                    },
                    call: |this, call| {
                        let call = call
                            .decode(|params| {
                                struct __Names;
                                impl ::xmlrpc_core::__private::Names for __Names {
                                    const NAMES: &'static [&'static str] = &[
                                        "productId",
                                        "bug_status",
                                        "pageSize",
                                    ];
                                }
                                let (
                                    param_product_id,
                                    (param_status, (param_page_size, ())),
                                ) = ::xmlrpc_core::__private::named::<__Names, _>(params)?;
                                let param_product_id = ::xmlrpc_core::__private::present::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(param_product_id, "productId")?;
                                let param_status = ::xmlrpc_core::__private::absent::<
                                    <str as ::xmlrpc_core::__private::Lend>::Owned,
                                >(param_status);
                                let param_page_size = ::xmlrpc_core::__private::absent::<
                                    u32,
                                >(param_page_size);
                                params.end()?;
                                ::core::result::Result::Ok((
                                    param_product_id,
                                    param_status,
                                    param_page_size,
                                ))
                            });
                        let (
                            (param_product_id, param_status, param_page_size),
                            encoder,
                        ) = match call {
                            ::core::result::Result::Ok(call) => call,
                            ::core::result::Result::Err(fault) => {
                                return ::xmlrpc_core::__private::refuse(fault);
                            }
                        };
                        let this = ::core::clone::Clone::clone(this);
                        ::xmlrpc_core::__private::Box::pin(async move {
                            let param_page_size: u32 = match param_page_size {
                                ::core::option::Option::Some(param_page_size) => {
                                    param_page_size
                                }
                                ::core::option::Option::None => 20,
                            };
                            let result = <S as Parameters>::by_name(
                                    &this.0,
                                    ::xmlrpc_core::__private::lend::<str>(&param_product_id),
                                    ::xmlrpc_core::__private::lend_option::<str>(&param_status),
                                    param_page_size,
                                )
                                .await;
                            ::xmlrpc_core::__private::encode::<
                                Vec<i64>,
                            >(&encoder, &result)
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
        ! ::xmlrpc_core::__private::TypeProbe:: < () > ::IS_RESULT,
        "`none` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < usize > ::IS_RESULT,
        "`at_once` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < () > ::IS_RESULT,
        "`lent` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < () > ::IS_RESULT,
        "`options` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < Vec < String > > ::IS_RESULT,
        "`rest` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < bool > ::IS_RESULT,
        "`context` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};

const _: () = {
    #[allow(unused_imports)]
    use ::xmlrpc_core::__private::NoResult as _;
    ::core::assert!(
        ! ::xmlrpc_core::__private::TypeProbe:: < Vec < i64 > > ::IS_RESULT,
        "`by_name` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`"
    );
};
}

::xmlrpc_core::__private::require_client! {
///Calls the methods of [`Parameters`] on a server. Cloning is cheap.
#[allow(
    dead_code,
    deprecated,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
pub struct ParametersClient<T = ::xmlrpc_core::__private::BoxTransport>(
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
impl<T: ::xmlrpc_core::__private::Transport> ParametersClient<T> {
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
    #[doc(hidden)]
    #[must_use]
    pub fn with_leading_params(
        self,
        params: impl ::xmlrpc_core::__private::IntoParams,
    ) -> Self
    where
        ::xmlrpc_core::__private::StubOf<
            T,
        >: ::xmlrpc_core::__private::TakesLeadingParams,
    {
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
    ///Calls `none`.
    pub fn none(&self) -> ::xmlrpc_core::__private::Call<T, ()> {
        let params = ::xmlrpc_core::__private::begin(&self.0, "none");
        ::xmlrpc_core::__private::call::<T, ()>(&self.0, "none", params)
    }
    ///Calls `at_once`.
    pub fn at_once(&self, owned: String) -> ::xmlrpc_core::__private::Call<T, usize> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "at_once");
        params.param(&owned);
        ::xmlrpc_core::__private::call::<T, usize>(&self.0, "at_once", params)
    }
    ///Calls `lent`.
    pub fn lent(
        &self,
        text: &str,
        list: &[i64],
        whole: &BTreeMap<String, i64>,
        cow: Cow<'_, str>,
    ) -> ::xmlrpc_core::__private::Call<T, ()> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "lent");
        params.param(text);
        params.param(list);
        params.param(whole);
        params.param(&cow);
        ::xmlrpc_core::__private::call::<T, ()>(&self.0, "lent", params)
    }
    ///Calls `options`.
    pub fn options(
        &self,
        must_be_there: Option<i64>,
        count: u8,
        may_be_absent: Option<&str>,
    ) -> ::xmlrpc_core::__private::Call<T, ()> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "options");
        params.param(&must_be_there);
        params.param(&count);
        params.optional(::core::option::Option::as_ref(&may_be_absent));
        ::xmlrpc_core::__private::call::<T, ()>(&self.0, "options", params)
    }
    ///Calls `defaults`.
    pub fn defaults(
        &self,
        branch: &str,
        depth: u32,
    ) -> ::xmlrpc_core::__private::Call<T, String> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "defaults");
        params.param(branch);
        params.param(&depth);
        ::xmlrpc_core::__private::call::<T, String>(&self.0, "defaults", params)
    }
    ///Calls `rest`.
    pub fn rest(
        &self,
        first: &str,
        more: &[String],
    ) -> ::xmlrpc_core::__private::Call<T, Vec<String>> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "rest");
        params.param(first);
        params.rest::<String>(&more);
        ::xmlrpc_core::__private::call::<T, Vec<String>>(&self.0, "rest", params)
    }
    ///Calls `context`.
    pub fn context(&self, user: &str) -> ::xmlrpc_core::__private::Call<T, bool> {
        let mut params = ::xmlrpc_core::__private::begin(&self.0, "context");
        params.param(user);
        ::xmlrpc_core::__private::call::<T, bool>(&self.0, "context", params)
    }
    ///Calls `by_name`.
    pub fn by_name(
        &self,
        product_id: &str,
        status: Option<&str>,
        page_size: u32,
    ) -> ::xmlrpc_core::__private::Call<T, Vec<i64>> {
        let mut params = ::xmlrpc_core::__private::begin_by_name(&self.0, "by_name");
        params
            .named((
                ::xmlrpc_core::__private::member(
                    "productId",
                    ::core::option::Option::Some(product_id),
                ),
                (
                    ::xmlrpc_core::__private::member(
                        "bug_status",
                        ::core::option::Option::as_ref(&status),
                    ),
                    (
                        ::xmlrpc_core::__private::member(
                            "pageSize",
                            ::core::option::Option::Some(&page_size),
                        ),
                        (),
                    ),
                ),
            ));
        ::xmlrpc_core::__private::call::<T, Vec<i64>>(&self.0, "by_name", params)
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
impl ParametersClient<::xmlrpc_core::__private::BoxTransport> {
    /// Describes the service: its methods with their parameters, results and documentation.
    /// Nothing is sent.
    pub fn describe() -> ::xmlrpc_core::__private::ServiceDescription {
        #[allow(unused_imports)]
        use ::xmlrpc_core::__private::{NoFaults as _, NoSchema as _};
        ::xmlrpc_core::__private::describe_service(
            "Parameters",
            "",
            [
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "none",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [],
                        ::xmlrpc_core::__private::TypeProbe::<()>::schema(),
                    ),
                    "none",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "at_once",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "owned",
                                ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<usize>::schema(),
                    ),
                    "at_once",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "lent",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "text",
                                ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "list",
                                ::xmlrpc_core::__private::TypeProbe::<[i64]>::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "whole",
                                ::xmlrpc_core::__private::TypeProbe::<
                                    BTreeMap<String, i64>,
                                >::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "cow",
                                ::xmlrpc_core::__private::TypeProbe::<
                                    Cow<'static, str>,
                                >::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<()>::schema(),
                    ),
                    "lent",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "options",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "must_be_there",
                                ::xmlrpc_core::__private::TypeProbe::<Option<i64>>::schema(),
                            ),
                            ::xmlrpc_core::__private::param(
                                "count",
                                ::xmlrpc_core::__private::TypeProbe::<u8>::schema(),
                            ),
                            ::xmlrpc_core::__private::param_or_none(
                                "may_be_absent",
                                ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<()>::schema(),
                    ),
                    "options",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "defaults",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::with_default(
                                ::xmlrpc_core::__private::param_or_none(
                                    "branch",
                                    ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                ),
                                "\"main\"",
                            ),
                            ::xmlrpc_core::__private::with_default(
                                ::xmlrpc_core::__private::param_or_none(
                                    "depth",
                                    ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                                ),
                                "",
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<
                            Result<String, Fault>,
                        >::result_schema(),
                    ),
                    "defaults",
                    ::xmlrpc_core::__private::TypeProbe::<
                        Result<String, Fault>,
                    >::faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "rest",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "first",
                                ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                            ),
                            ::xmlrpc_core::__private::params(
                                "more",
                                ::xmlrpc_core::__private::TypeProbe::<String>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<Vec<String>>::schema(),
                    ),
                    "rest",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "context",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::param(
                                "user",
                                ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                            ),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<bool>::schema(),
                    ),
                    "context",
                    ::xmlrpc_core::__private::no_faults(),
                ),
                ::xmlrpc_core::__private::in_trait(
                    ::xmlrpc_core::__private::describe(
                        "by_name",
                        &[],
                        "",
                        ::core::option::Option::None,
                        [
                            ::xmlrpc_core::__private::members([
                                ::xmlrpc_core::__private::param(
                                    "productId",
                                    ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                ),
                                ::xmlrpc_core::__private::param_or_none(
                                    "bug_status",
                                    ::xmlrpc_core::__private::TypeProbe::<str>::schema(),
                                ),
                                ::xmlrpc_core::__private::with_default(
                                    ::xmlrpc_core::__private::param_or_none(
                                        "pageSize",
                                        ::xmlrpc_core::__private::TypeProbe::<u32>::schema(),
                                    ),
                                    "20",
                                ),
                            ]),
                        ],
                        ::xmlrpc_core::__private::TypeProbe::<Vec<i64>>::schema(),
                    ),
                    "by_name",
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
impl<T: ::core::clone::Clone> ::core::clone::Clone for ParametersClient<T> {
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
impl<T> ::core::fmt::Debug for ParametersClient<T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
}
