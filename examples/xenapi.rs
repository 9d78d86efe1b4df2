//! Shows the hosts and virtual machines of an XCP-ng or XenServer pool, or starts a virtual machine, or shuts it down if
//! it runs.
//!
//! `cargo run --example xenapi [VM]`. Set `XENAPI_URL` (by default `https://localhost`), `XENAPI_USER` (by default
//! `root`) and `XENAPI_PASSWORD`. Hosts make their own certificates: copy `/etc/xensource/xapi-ssl.pem`'s certificate (not
//! its key) to a file, and set `XENAPI_CERTIFICATE` to its path.

use std::{env, error::Error, fs, process::ExitCode, time::Duration};

use tokio::time::sleep;
use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_examples::{
    environment::{optional, required},
    xenapi::{PowerState, Task, TaskRef, TaskStatus, Vm, XenApiClient, XenError},
};

#[tokio::main]
async fn main() -> ExitCode {
    match run(env::args().nth(1)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(name: Option<String>) -> Result<(), Box<dyn Error>> {
    let url = optional("XENAPI_URL", "https://localhost");
    let user = optional("XENAPI_USER", "root");
    let password = required("XENAPI_PASSWORD")?;

    let mut builder = Client::builder(url);
    if let Some(path) = env::var_os("XENAPI_CERTIFICATE") {
        let pem =
            fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        builder = builder.root_certificate(pem);
    }
    let client = builder.build()?;
    let session = XenApiClient::new(&client)
        .login(&user, &password, "2.20", "xmlrpc-examples")
        .await
        .map_err(explain)?;
    let xen = XenApiClient::new(&client).with_leading_params((session,));
    let result = match name {
        Some(name) => switch(&xen, &name).await,
        None => show(&xen).await.map_err(Box::from),
    };
    let logout = xen.logout().await;
    result?;
    Ok(logout?)
}

/// A host that does not coordinate its pool refuses each call.
fn explain(error: ClientError) -> Box<dyn Error> {
    match error.fault_as::<XenError>() {
        Some(fault) if fault.code == "HOST_IS_SLAVE" => format!(
            "this host is not the coordinator of its pool; connect to {}",
            fault.params
        )
        .into(),
        _ => error.into(),
    }
}

async fn show(xen: &XenApiClient<Http>) -> Result<(), ClientError> {
    let hosts = xen.hosts().await?;
    for host in hosts.values() {
        let version = host.software_version.get("product_version");
        let version = version.map_or("unknown", |version| version);
        println!(
            "host {} ({}), version {version}",
            host.name_label, host.address
        );
    }
    let vms = xen.vms().await?;
    for vm in vms.values().filter(|vm| vm.is_ordinary()) {
        print(vm);
        if let Some(host) = vm.resident_on.as_ref().and_then(|host| hosts.get(host)) {
            println!("    runs on {}", host.name_label);
        }
        for snapshot in vms.values() {
            let of = snapshot.snapshot_of.as_ref().and_then(|of| vms.get(of));
            if let (Some(of), Some(time)) = (of, snapshot.snapshot_time)
                && of.uuid == vm.uuid
            {
                println!("    snapshot {:?} of {time}", snapshot.name_label);
            }
        }
    }
    Ok(())
}

async fn switch(xen: &XenApiClient<Http>, name: &str) -> Result<(), Box<dyn Error>> {
    let found = xen.vms_by_name(name).await?;
    let vm = found
        .first()
        .ok_or_else(|| format!("virtual machine {name:?} does not exist"))?;
    let task = match xen.vm(vm).await?.power_state {
        PowerState::Running => xen.begin_shutdown(vm).await?,
        _ => xen.begin_start(vm, false, false).await?,
    };
    let result = wait(xen, &task).await;
    let forgotten = xen.forget(&task).await;
    let task = result?;
    forgotten?;
    if task.status != TaskStatus::Success {
        return Err(format!("{name}: {}", task.error_info.join(", ")).into());
    }
    print(&xen.vm(vm).await?);
    Ok(())
}

async fn wait(xen: &XenApiClient<Http>, task: &TaskRef) -> Result<Task, ClientError> {
    loop {
        let task = xen.task(task).await?;
        if !matches!(task.status, TaskStatus::Pending | TaskStatus::Cancelling) {
            return Ok(task);
        }
        println!("{:.0} %", task.progress * 100.0);
        sleep(Duration::from_millis(500)).await;
    }
}

fn print(vm: &Vm) {
    let memory = vm.memory_static_max >> 20;
    let state = vm.power_state;
    println!(
        "{}: {state:?}, {} processors, {memory} MiB, {}",
        vm.name_label,
        vm.vcpus_max,
        vm.tags.join(" ")
    );
    if !vm.name_description.is_empty() {
        println!("    {}", vm.name_description);
    }
}
