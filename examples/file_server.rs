//! Serves the files under one folder to many clients.
//!
//! `cargo run --example file_server [ADDR] [--root DIR]`, by default on 127.0.0.1:8000 with the current directory. The
//! log goes to stderr; `RUST_LOG=debug` shows more of it.

use std::{error::Error, path::PathBuf};

use tokio::net::TcpListener;
use xmlrpc_core::Dispatcher;
use xmlrpc_examples::{
    files::{FilesServer, Folder},
    logs,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logs::to_stderr()?;
    let Arguments { address, root } = Arguments::parse(std::env::args().skip(1))?;
    let folder =
        Folder::open(&root).map_err(|error| format!("cannot serve {}: {error}", root.display()))?;
    let rpc = Dispatcher::new().service(FilesServer::new(folder));

    let listener = TcpListener::bind(&address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    logs::announce(&format_args!(
        "Serving {} on http://{}",
        root.display(),
        listener.local_addr()?
    ));
    xmlrpc_axum::serve(listener, xmlrpc_axum::router(rpc))
        .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
        .await?;
    Ok(())
}

struct Arguments {
    address: String,
    root: PathBuf,
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Self {
            address: "127.0.0.1:8000".to_owned(),
            root: PathBuf::from("."),
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--root" => {
                    let root = arguments.next().ok_or("`--root` needs a directory")?;
                    parsed.root = root.into();
                }
                option if option.starts_with('-') => {
                    return Err(format!(
                        "unknown option `{option}`; usage: file_server [ADDR] [--root DIR]"
                    ));
                }
                _ => parsed.address = argument,
            }
        }
        Ok(parsed)
    }
}
