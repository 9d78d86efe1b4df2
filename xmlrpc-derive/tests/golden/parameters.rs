//! Each kind of parameter, by position and by name.

use std::{borrow::Cow, collections::BTreeMap};

use xmlrpc_core::{Context, Fault, xmlrpc_service};

#[xmlrpc_service]
pub trait Parameters {
    async fn none(&self);
    fn at_once(&self, owned: String) -> usize;
    async fn lent(
        &self,
        text: &str,
        list: &[i64],
        whole: &BTreeMap<String, i64>,
        cow: Cow<'_, str>,
    );
    async fn options(&self, must_be_there: Option<i64>, count: u8, may_be_absent: Option<&str>);
    async fn defaults(
        &self,
        #[xmlrpc(default = "main")] branch: &str,
        #[xmlrpc(default)] depth: u32,
    ) -> Result<String, Fault>;
    async fn rest(&self, first: &str, #[xmlrpc(rest)] more: &[String]) -> Vec<String>;
    async fn context(&self, #[xmlrpc(context)] cx: &Context, user: &str) -> bool;
    #[xmlrpc(params = struct, rename_all = "camelCase")]
    async fn by_name(
        &self,
        product_id: &str,
        #[xmlrpc(rename = "bug_status")] status: Option<&str>,
        #[xmlrpc(default = 20)] page_size: u32,
    ) -> Vec<i64>;
}
