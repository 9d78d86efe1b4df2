//! Helpers that read and write documents as text.

use tower::service_fn;
use xmlrpc_core::{
    BoxTransport, Client, Dispatcher, Fault, Limits, Request, Response, Value, client::BoxError,
    message,
};

/// A client whose transport returns the parameters of each call as XML text.
pub(crate) fn echo() -> Client<BoxTransport> {
    let transport = service_fn(|request: Request| async move {
        let document = std::str::from_utf8(&request.body)?;
        let (_, params) = document.split_once("<params>").ok_or("no parameters")?;
        let (params, _) = params.rsplit_once("</params>").ok_or("no parameters")?;
        let params = params.replace("<param>", "").replace("</param>", ",");
        let body = format!(
            "<methodResponse><params><param><value><string><![CDATA[{params}]]></string></value></param></params></methodResponse>"
        );
        Ok::<_, BoxError>(Response::new(body))
    });
    Client::new(transport).boxed()
}

/// The fault of a call. Each of `params` is the content of a `<value>`.
pub(crate) async fn fault(dispatcher: &Dispatcher, method: &str, params: &[&str]) -> Fault {
    let params: Vec<_> = params
        .iter()
        .map(|value| format!("<param><value>{value}</value></param>"))
        .collect();
    let params = params.concat();
    let document = format!(
        "<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>"
    );
    let response = dispatcher.dispatch(Request::new("", document)).await;
    let body = response.unwrap().body;
    let response = message::read_response::<Value>(body, None, &Limits::default());
    response.unwrap().unwrap_err()
}
