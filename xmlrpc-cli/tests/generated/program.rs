//! Makes calls with generated code: `generated SERVER [URL]`.

use std::{error::Error, sync::Arc};

use generated::{aria2, blog, blog_both, overloads, python, rtorrent, supervisor, wordpress};
use xmlrpc_client::Client;
use xmlrpc_core::{DateTime, Dispatcher, Fault, Value, value};

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().unwrap_or_default();
    let url = arguments.next().unwrap_or_default();
    match server.as_str() {
        "own" => {
            own().await?;
            forms().await
        }
        "python" => {
            let python = python::ApiClient::new(Client::new(&url)?);
            let sum = python.add(&[2.into(), 3.into()]).await?;
            assert_eq!(sum, Value::from(5));
            Ok(())
        }
        "supervisor" => {
            let supervisor = supervisor::supervisor::SupervisorClient::new(Client::new(&url)?);
            assert_eq!(supervisor.get_api_version().await?, "3.0");
            let state = supervisor.get_state().await?;
            assert_eq!(state["statename"], Value::from("RUNNING"));
            let fault = supervisor.get_process_info("nope").await.unwrap_err();
            assert_eq!(fault.fault().map(Fault::code), Some(10));
            Ok(())
        }
        "aria2" => {
            let aria2 = aria2::aria2::Aria2Client::new(Client::new(&url)?);
            let version = aria2.get_version(&[]).await?;
            assert!(version.get("version").is_some());
            Ok(())
        }
        "rtorrent" => {
            let client = Client::new(&url)?;
            let system = rtorrent::system::SystemClient::new(client.clone());
            assert!(system.client_version(&["".into()]).await?.as_str().is_some());
            let downloads = rtorrent::ApiClient::new(client).download_list(&["".into()]).await?;
            assert_eq!(downloads, Value::Array(Vec::new().into()));
            Ok(())
        }
        "wordpress" => {
            let demo = wordpress::demo::DemoClient::new(Client::new(&url)?);
            assert_eq!(demo.say_hello(&[]).await?, Value::from("Hello!"));
            Ok(())
        }
        other => Err(format!("unknown server {other:?}").into()),
    }
}

/// A server with the generated trait.
struct Server;

impl blog_both::blog::Blog for Server {
    async fn get_post(&self, id: i64) -> Result<blog_both::blog::GetPostResult, blog_both::blog::BlogError> {
        if id != 7 {
            return Err(blog_both::blog::BlogError::DoesNotExist { id: id.to_string() });
        }
        Ok(post("seven"))
    }

    async fn get_posts(
        &self,
        filter: Option<&blog_both::blog::GetPostsFilter>,
    ) -> Result<Vec<blog_both::blog::GetPostResult>, Fault> {
        let limit = filter.and_then(|filter| filter.limit).unwrap_or(2);
        Ok((0..limit).map(|_| post("any")).collect())
    }

    async fn search(
        &self,
        text: &str,
        max_results: Option<i64>,
    ) -> Result<Vec<blog_both::blog::GetPostResult>, Fault> {
        Ok(vec![post(&format!("{text} {max_results:?}"))])
    }

    async fn new_post(
        &self,
        post: &blog_both::blog::GetPostResult,
        publish: Option<bool>,
    ) -> Result<i64, blog_both::blog::BlogError> {
        match publish {
            Some(false) => Err(blog_both::blog::BlogError::ExistsSince(post.post_title.clone(), "now".to_owned())),
            _ => Ok(post.id),
        }
    }
}

fn post(title: &str) -> blog_both::blog::GetPostResult {
    blog_both::blog::GetPostResult {
        id: 7,
        post_title: title.to_owned(),
        r#type: None,
        published: Some("20261127T10:00:00".parse::<DateTime>().unwrap()),
        author: blog_both::GetPostResultAuthor {
            name: "Ada".to_owned(),
            tags: None,
        },
    }
}

/// Calls our own server, with the client of the other file.
async fn own() -> Result {
    let dispatcher = Dispatcher::new().service(blog_both::blog::BlogServer::new(Arc::new(Server)));
    let client = xmlrpc_core::Client::new(dispatcher);
    let blog = blog::blog::BlogClient::new(client);
    let seven = blog.get_post(7).await?;
    assert_eq!(seven.post_title, "seven");
    assert_eq!(seven.author.name, "Ada");
    let error = blog.get_post(8).await.unwrap_err();
    let fault = error.fault_as::<blog::blog::BlogError>();
    assert_eq!(fault, Some(blog::blog::BlogError::DoesNotExist { id: "8".to_owned() }));
    assert_eq!(blog.get_posts(None).await?.len(), 2);
    let filter = blog::blog::GetPostsFilter {
        limit: Some(3),
        ..Default::default()
    };
    assert_eq!(blog.get_posts(Some(&filter)).await?.len(), 3);
    assert_eq!(blog.search("x", None).await?[0].post_title, "x None");
    assert_eq!(blog.search("x", Some(1)).await?[0].post_title, "x Some(1)");
    #[allow(deprecated)]
    let number = blog.new_post(&seven, None).await?;
    assert_eq!(number, 7);
    Ok(())
}

/// Calls methods with several signatures and with any number of parameters.
async fn forms() -> Result {
    let count = |_: String, params: xmlrpc_core::message::Params, _: xmlrpc_core::Context| {
        value!([params.len()])
    };
    let client = xmlrpc_core::Client::new(Dispatcher::new().fallback(count));
    let forms = overloads::ApiClient::describe().methods;
    assert_eq!(forms.iter().filter(|method| method.name == "find").count(), 3);
    let api = overloads::ApiClient::new(client.clone());
    api.find().await?;
    assert_eq!(api.find_2(7, None).await?, [Value::from(1)]);
    assert_eq!(api.find_2(7, Some(8)).await?, [Value::from(2)]);
    assert_eq!(api.find_3("name").await?, [Value::from(1)]);
    let log = overloads::log::LogClient::new(client);
    log.write(1, &["a", "b"]).await?;
    assert_eq!(log.mixed(&[1.into(), "a".into(), true.into()]).await?, value!([3]));
    Ok(())
}
