//! Shows the topics, services and parameters of a ROS 1 master, or one parameter, or sets it.
//!
//! `cargo run --example ros_master [PARAMETER [TEXT]]`. As for other nodes, `ROS_MASTER_URI` is the URL, by default
//! `http://localhost:11311`.

use std::{env, error::Error, process::ExitCode};

use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_core::Value;
use xmlrpc_examples::{
    environment::optional,
    ros_master::{MasterClient, Nodes},
};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    match run(arguments.next(), arguments.next()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(param: Option<String>, text: Option<String>) -> Result<(), Box<dyn Error>> {
    let client = Client::new(optional("ROS_MASTER_URI", "http://localhost:11311"))?;
    let master = MasterClient::new(client).with_leading_params(("/xmlrpc_example",));
    let Some(name) = param else {
        return Ok(show(&master).await?);
    };
    if let Some(text) = text {
        master.set_param(&name, text).await?;
    }
    // A parameter can have any type.
    let value: Value = master.param(&name).await?;
    println!("{name}: {value:?}");
    Ok(())
}

async fn show(master: &MasterClient<Http>) -> Result<(), ClientError> {
    let calls = (
        master.uri(),
        master.topic_types(),
        master.system_state(),
        master.param_names(),
    );
    let (uri, topics, state, params) = master.client().multicall(calls).await?;
    println!("master {}", uri?);
    let state = state?;
    for topic in topics? {
        println!("topic {} of {}", topic.name, topic.message_type);
        print("    published by", &state.publishers, &topic.name);
        print("    subscribed by", &state.subscribers, &topic.name);
    }
    for Nodes(service, nodes) in state.services {
        println!("service {service} of {}", nodes.join(", "));
    }
    for name in params? {
        println!("parameter {name}");
    }
    Ok(())
}

fn print(text: &str, table: &[Nodes], topic: &str) {
    for Nodes(_, nodes) in table.iter().filter(|it| it.0 == topic) {
        println!("{text} {}", nodes.join(", "));
    }
}
