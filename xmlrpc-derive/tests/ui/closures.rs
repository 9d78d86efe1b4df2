//! Mistakes that only the compiler can explain. The documentation of `Call` and of `Dispatcher::method` shows
//! the solutions.

use xmlrpc_core::{Client, ClientError, Dispatcher};

fn a_future_that_borrows_from_its_closure() {
    let names = vec!["Ada".to_owned()];
    let _ = Dispatcher::new().method("count", move || async { names.len() });
}

fn a_borrowed_parameter() {
    let _ = Dispatcher::new().method("length", |text: &str| text.len());
}

fn an_error_of_another_crate() {
    let _ = Dispatcher::new().method("size", |file: String| std::fs::metadata(file).map(|file| file.len()));
}

async fn a_call_without_await(client: Client<Dispatcher>) -> Result<Vec<String>, ClientError> {
    let names = client.call::<Vec<String>>("system.listMethods", ())?;
    Ok(names)
}

fn a_call_as_a_future(client: Client<Dispatcher>) {
    tokio::spawn(client.call::<Vec<String>>("system.listMethods", ()));
}

fn main() {}
