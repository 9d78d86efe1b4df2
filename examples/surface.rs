//! Everything that a service can have: every kind of parameter, its own errors, a method that knows its caller, a
//! closure, and layers. The typed stub and Python's `ServerProxy` call it.
//!
//! `cargo run --example surface`

use std::{error::Error, io, process::Command, sync::Arc};

use tokio::{net::TcpListener, task};
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{
    Dispatcher, Fault,
    message::EncodedResponse,
    service::{Next, RpcCall, TraceLayer, from_fn},
};
use xmlrpc_examples::{
    logs,
    surface::{LibraryClient, LibraryError, LibraryServer, Reader, Shelf},
};

/// Finds the caller by a header, for the methods that need it.
async fn identify(mut call: RpcCall, next: Next) -> Result<EncodedResponse, Fault> {
    let header = call.context().headers().get("x-reader");
    if let Some(name) = header.and_then(|name| name.to_str().ok()) {
        let reader = Reader(name.to_owned());
        call.extensions_mut().insert(reader);
    }
    next.run(call).await
}

/// Lets only readers close the library.
async fn only_readers(call: RpcCall, next: Next) -> Result<EncodedResponse, Fault> {
    if call.context().get::<Reader>().is_none() {
        return Err(LibraryError::NoReader.into());
    }
    next.run(call).await
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .service(LibraryServer::new(Arc::new(Shelf::default())))
        .method("pow", |base: i64, exponent: u32| async move {
            let power = base.checked_pow(exponent);
            power.ok_or_else(|| Fault::new(1, "the result exceeds 64 bits"))
        })
        .method_layer("library.close", from_fn(only_readers))
        .layer(from_fn(identify))
        .layer(TraceLayer::new())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    logs::to_stderr().map_err(|error| error.to_string())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/RPC2", listener.local_addr()?);
    println!("serving XML-RPC on {url}");
    // Without a graceful shutdown: this program ends when its own calls have ended.
    tokio::spawn(async { xmlrpc_axum::serve(listener, xmlrpc_axum::router(dispatcher())).await });

    println!("\n# The typed stub\n");
    let client = Client::new(&url)?;
    stub(&LibraryClient::new(client)).await?;

    println!("\n# Python\n");
    let transcript = task::spawn_blocking(move || python(&url)).await?;
    print!("{}", transcript?);
    Ok(())
}

async fn stub(library: &LibraryClient<Http>) -> Result<(), Box<dyn Error + Send + Sync>> {
    println!("find(\"Dune\") = {:?}", library.find("Dune").await?);
    println!("titles(None) = {:?}", library.titles(None).await?);
    println!("titles(\"Lem\") = {:?}", library.titles(Some("Lem")).await?);
    let lent = library.lend("Dune", 7).header("x-reader", "Ada").await?;
    println!("lend(\"Dune\", 7), as Ada = {lent}");
    let titles = vec!["Dune".to_owned(), "Solaris".to_owned()];
    println!(
        "pages([\"Dune\", \"Solaris\"]) = {}",
        library.pages(titles).await?
    );
    println!("search(None, 300) = {:?}", library.search(None, 300).await?);
    println!(
        "index(\"a b A\") = {:?}",
        library.index("a b A".to_owned()).await?
    );

    // The error is the trait's own type instead of a code and a text.
    let error = library.find("Ulysses").await.unwrap_err();
    let Some(LibraryError::NotFound { title }) = error.fault_as() else {
        return Err(error.into());
    };
    println!("find(\"Ulysses\"): the library does not have {title}; {error}");
    let error = library.close().await.unwrap_err();
    println!("close(): {:?}", error.fault_as::<LibraryError>());

    let calls = (
        library.pages(vec![]),
        library.find("Nobody"),
        library.titles(Some("Herbert")),
    );
    let (pages, nobody, titles) = library.client().multicall(calls).await?;
    println!(
        "multicall = {}, {}, {:?}",
        pages?,
        nobody.unwrap_err(),
        titles?
    );
    Ok(())
}

/// Runs `surface.py`, and returns its output.
fn python(url: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut python = Command::new("python3");
    python
        .args(["-c", include_str!("surface.py"), url])
        .env("no_proxy", "*");
    match python.output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8(output.stdout)?),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok("skipped: python3 is not in the PATH\n".to_owned())
        }
        Err(error) => Err(error.into()),
    }
}
