//! `#[xmlrpc(params = struct)]`: parameters by name.

use std::{borrow::Cow, collections::BTreeMap};

use xmlrpc_core::{Client, Context, Dispatcher, Fault, Value, xmlrpc_service};

use crate::wire::{echo, fault};

pub struct Server;

#[xmlrpc_service(namespace = "Bug")]
pub trait Bugs {
    /// A method in the style of Bugzilla.
    #[xmlrpc(params = struct, rename_all = "camelCase")]
    async fn search(
        &self,
        product: &str,
        #[xmlrpc(rename = "bug_status")] status: Option<&str>,
        #[xmlrpc(default = 20)] max_count: u32,
        include_fields: Option<Vec<String>>,
        r#type: Option<String>,
        ids: &[i64],
    ) -> String;
    #[xmlrpc(params = struct)]
    async fn optional(&self, a: Option<i64>, #[xmlrpc(default = "b")] b: &str) -> String;
    #[xmlrpc(params = struct)]
    async fn nothing(&self, #[xmlrpc(context)] context: &Context) -> bool;
    #[xmlrpc(params = struct)]
    async fn one<'a>(&self, text: Cow<'a, str>) -> Result<String, Fault>;
}

impl Bugs for Server {
    async fn search(
        &self,
        product: &str,
        status: Option<&str>,
        max_count: u32,
        include_fields: Option<Vec<String>>,
        r#type: Option<String>,
        ids: &[i64],
    ) -> String {
        format!("{product} {status:?} {max_count} {include_fields:?} {type:?} {ids:?}")
    }
    async fn optional(&self, a: Option<i64>, b: &str) -> String {
        format!("{a:?} {b}")
    }
    async fn nothing(&self, context: &Context) -> bool {
        context.headers().is_empty()
    }
    async fn one<'a>(&self, text: Cow<'a, str>) -> Result<String, Fault> {
        Ok(text.into_owned())
    }
}

fn bugs() -> Dispatcher {
    Dispatcher::new().service(BugsServer::new(Server))
}

#[tokio::test]
async fn parameters_by_name_are_one_struct() {
    let stub = BugsClient::new(Client::new(bugs()));
    let search = stub.search("p", Some("NEW"), 1, None, Some("t".into()), &[1, 2]);
    assert_eq!(
        search.await.unwrap(),
        "p Some(\"NEW\") 1 None Some(\"t\") [1, 2]"
    );
    assert_eq!(stub.optional(None, "c").await.unwrap(), "None c");
    assert!(stub.nothing().await.unwrap());
    assert_eq!(stub.one("text".into()).await.unwrap(), "text");

    let client = stub.client();
    let members = |members: &[(&str, Value)]| {
        let members = members
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        members.collect::<BTreeMap<_, _>>()
    };
    let found: String = client
        .call(
            "Bug.search",
            [members(&[
                ("ids", Value::from(Vec::<Value>::new())),
                ("product", "p".into()),
                ("bug_status", Value::Nil),
                ("maxCount", Value::Nil),
            ])],
        )
        .await
        .unwrap();
    assert_eq!(found, "p None 20 None None []");
    // The struct may be left out or nil.
    assert_eq!(
        client.call::<String>("Bug.optional", ()).await.unwrap(),
        "None b"
    );
    let nil = client.call::<String>("Bug.optional", (Value::Nil,)).await;
    assert_eq!(nil.unwrap(), "None b");
    assert!(client.call::<bool>("Bug.nothing", ()).await.unwrap());
}

#[tokio::test]
async fn a_stub_leaves_out_members_that_are_none() {
    let stub = BugsClient::new(echo());
    assert_eq!(
        stub.search("p", None, 1, None, None, &[]).await.unwrap(),
        "<value><struct>\
         <member><name>product</name><value><string>p</string></value></member>\
         <member><name>maxCount</name><value><int>1</int></value></member>\
         <member><name>ids</name><value><array><data></data></array></value></member>\
         </struct></value>,"
    );
    assert_eq!(
        stub.optional(Some(1), "c").await.unwrap(),
        "<value><struct>\
         <member><name>a</name><value><int>1</int></value></member>\
         <member><name>b</name><value><string>c</string></value></member>\
         </struct></value>,"
    );
}

#[tokio::test]
async fn mistakes_name_the_method_the_parameter_and_both_types() {
    let dispatcher = bugs();
    let text = "<string>x</string>";
    let member = |members: &[(&str, &str)]| {
        let members = members.iter().map(|(name, value)| {
            format!("<member><name>{name}</name><value>{value}</value></member>")
        });
        format!("<struct>{}</struct>", members.collect::<String>())
    };
    let product = ("product", text);
    let ids = ("ids", "<array><data></data></array>");
    let table: [(&str, &[&str], &str); 9] = [
        (
            "Bug.one",
            &[],
            "Bug.one: missing parameter `text`: expected string, found nothing",
        ),
        (
            "Bug.one",
            &[&member(&[])],
            "Bug.one: missing parameter `text`: expected string, found nothing",
        ),
        (
            "Bug.one",
            &[&member(&[("text", "<int>1</int>")])],
            "Bug.one: parameter `text`: expected string, found int 1 at params[0].text",
        ),
        (
            "Bug.one",
            &[&member(&[("text", text), ("next", "<int>1</int>")])],
            "Bug.one: unknown parameter `next` (known: `text`): expected nothing, found int 1 at params[0].next",
        ),
        (
            "Bug.one",
            &[text],
            "Bug.one: parameters must be passed as one struct with the members `text`: expected struct, found string \"x\" at params[0]",
        ),
        (
            "Bug.one",
            &[&member(&[("text", text), ("text", text)])],
            "duplicate field `text` at params[0]",
        ),
        (
            "Bug.one",
            &[&member(&[("text", text)]), text],
            "Bug.one: takes 1 parameter, 2 given: parameter 2: expected nothing, found string \"x\" at params[1]",
        ),
        (
            "Bug.search",
            &[&member(&[product, ids, ("maxCount", text)])],
            "Bug.search: parameter `maxCount`: expected int, found string \"x\" at params[0].maxCount",
        ),
        (
            "Bug.search",
            &[&member(&[product, ids, ("status", text)])],
            "Bug.search: unknown parameter `status` (known: `product`, `bug_status`, `maxCount`, `includeFields`, `type`, `ids`): \
             expected nothing, found string \"x\" at params[0].status",
        ),
    ];
    for (method, params, message) in table {
        let fault = fault(&dispatcher, method, params).await;
        assert_eq!(fault.code(), Fault::INVALID_PARAMS, "{fault}");
        assert!(fault.message().contains(message), "{fault}");
    }
}
