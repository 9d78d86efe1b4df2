//! Cookies that a method sets, and that the cookie store of reqwest sends back.

use http::header::COOKIE;
use reqwest::cookie::{CookieStore, Jar};
use std::sync::Arc;
use xmlrpc_client::Client;
use xmlrpc_core::{Context, Dispatcher, Fault, xmlrpc_service};

use crate::common::http_server::serve;

#[xmlrpc_service]
trait Session {
    async fn login(&self, #[xmlrpc(context)] cx: &Context, user: &str) -> Result<bool, Fault>;
    /// The cookies of the request.
    async fn cookies(&self, #[xmlrpc(context)] cx: &Context) -> String;
    async fn logout(&self, #[xmlrpc(context)] cx: &Context) -> Result<bool, Fault>;
}

struct Sessions;

impl Session for Sessions {
    async fn login(&self, cx: &Context, user: &str) -> Result<bool, Fault> {
        let headers = cx.response_headers();
        headers.append("set-cookie", format!("user={user}; HttpOnly; Path=/RPC2"))?;
        headers.append("set-cookie", "theme=dark")?;
        if user == "eve" {
            return Err(Fault::new(403, "not you"));
        }
        Ok(true)
    }

    async fn cookies(&self, cx: &Context) -> String {
        let cookies = cx.headers().get_all(COOKIE).iter();
        let cookies: Vec<&str> = cookies.map(|value| value.to_str().unwrap()).collect();
        cookies.join("; ")
    }

    async fn logout(&self, cx: &Context) -> Result<bool, Fault> {
        let headers = cx.response_headers();
        headers.append("set-cookie", "user=; Max-Age=0; Path=/RPC2")?;
        Ok(true)
    }
}

fn sorted(cookies: &str) -> Vec<&str> {
    let mut cookies: Vec<&str> = cookies.split("; ").filter(|one| !one.is_empty()).collect();
    cookies.sort_unstable();
    cookies
}

#[tokio::test]
async fn a_session() {
    let dispatcher = Dispatcher::new().service(SessionServer::new(Sessions));
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let jar = Arc::new(Jar::default());
    let http = reqwest::Client::builder()
        .no_proxy()
        .cookie_provider(Arc::clone(&jar))
        .build()
        .unwrap();
    let builder = Client::builder(server.url()).http_client(http);
    let session = SessionClient::new(builder.build().unwrap());
    // Without a store, the client keeps no cookies.
    let forgetful = SessionClient::new(Client::new(server.url()).unwrap());

    assert_eq!(session.cookies().await.unwrap(), "");
    let login = session.login("ada").with_response().await.unwrap();
    assert!(login.value && login.status == 200);
    assert_eq!(login.headers.get_all("set-cookie").iter().count(), 2);
    assert_eq!(login.headers["content-type"], "text/xml; charset=utf-8");
    assert!(forgetful.login("ada").await.unwrap());
    let cookies = session.cookies().await.unwrap();
    assert_eq!(sorted(&cookies), ["theme=dark", "user=ada"]);
    assert_eq!(forgetful.cookies().await.unwrap(), "");

    session.logout().await.unwrap();
    assert_eq!(session.cookies().await.unwrap(), "theme=dark");

    // A fault has them as well, and so has a multicall.
    session.login("eve").await.unwrap_err();
    let url = server.url().parse().unwrap();
    let stored = jar.cookies(&url).unwrap();
    assert_eq!(sorted(stored.to_str().unwrap()), ["theme=dark", "user=eve"]);
    let calls = (session.logout(), session.login("bob"));
    let (left, joined) = session.client().multicall(calls).await.unwrap();
    assert!(left.unwrap() && joined.unwrap());
    let cookies = session.cookies().await.unwrap();
    assert_eq!(sorted(&cookies), ["theme=dark", "user=bob"]);
}
