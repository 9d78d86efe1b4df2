//! Shows the hosts and virtual machines of OpenNebula, or starts an action of a virtual machine.
//!
//! `cargo run --example opennebula [VM ACTION]`, for example `7 poweroff`. As for OpenNebula's own commands, `ONE_XMLRPC`
//! is the URL, by default `http://localhost:2633/RPC2`, and `ONE_AUTH` the path of a file that contains
//! `user:password`, by default `~/.one/one_auth`.

use std::{env, error::Error, fs, process::ExitCode};

use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_examples::{
    environment::{optional, required},
    opennebula::{NOT_DONE, OneClient, OneError, Owner, UNBOUNDED, Vm},
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

async fn run(vm: Option<String>, action: Option<String>) -> Result<(), Box<dyn Error>> {
    let client = Client::new(optional("ONE_XMLRPC", "http://localhost:2633/RPC2"))?;
    let one = OneClient::new(client).with_leading_params((session()?,));
    match (vm, action) {
        (Some(vm), Some(action)) => {
            let id = vm
                .parse()
                .map_err(|_| format!("{vm:?} is not the number of a virtual machine"))?;
            act(&one, id, &action).await
        }
        (None, None) => Ok(show(&one).await?),
        _ => Err("expected a virtual machine and an action, or nothing".into()),
    }
}

/// `user:password`
fn session() -> Result<String, Box<dyn Error>> {
    let path = match env::var("ONE_AUTH") {
        Ok(path) => path,
        Err(_) => required("HOME")? + "/.one/one_auth",
    };
    let session = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    Ok(session.trim().to_owned())
}

async fn show(one: &OneClient<Http>) -> Result<(), ClientError> {
    println!("OpenNebula {}", one.version().await?);
    for host in one.hosts().await?.hosts {
        let (used, memory) = (host.share.used_memory >> 10, host.share.memory >> 10);
        let (name, number) = (host.name, host.share.running_vms);
        println!("host {name}: {number} virtual machines, {used} of {memory} MiB");
    }
    let pool = one.vms(Owner::All, UNBOUNDED, UNBOUNDED, NOT_DONE);
    for vm in pool.await?.vms {
        print(&vm);
    }
    Ok(())
}

async fn act(one: &OneClient<Http>, id: i32, action: &str) -> Result<(), Box<dyn Error>> {
    if let Err(error) = one.act(action, id).await {
        return Err(match error.fault_as() {
            Some(OneError::NotFound(_)) => format!("virtual machine {id} does not exist").into(),
            Some(OneError::WrongState(text)) => text.into(),
            _ => error.into(),
        });
    }
    print(&one.vm(id).await?);
    Ok(())
}

fn print(vm: &Vm) {
    let (id, name, state, memory) = (vm.id, &vm.name, vm.state, vm.template.memory);
    print!("{id} {name}: {state:?}, {memory} MiB, since {}", vm.created);
    if let Some(host) = vm.host() {
        print!(", on {host}");
    }
    if let Some(ended) = vm.ended {
        print!(", ended {ended}");
    }
    println!();
}
