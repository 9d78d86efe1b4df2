//! Interfaces that only a client can describe.

use mockall::predicate::eq;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{
    Client, ClientError, Dispatcher, Envelope, Fault, client::Transport, xmlrpc_service,
};

/// What the server wraps each result in.
#[derive(Serialize, Deserialize)]
pub struct Reply<T> {
    status: String,
    value: Option<T>,
}

impl<T> Envelope for Reply<T> {
    type Value = T;

    fn open(self) -> Result<T, Fault> {
        self.value.ok_or_else(|| Fault::new(1, self.status))
    }
}

#[xmlrpc_service(client, namespace = "vm", envelope = Reply)]
pub trait Machines {
    async fn names(&self, tags: &[&str]) -> Vec<String>;
    async fn get<R: DeserializeOwned>(&self, name: &str, field: &str) -> R;
}

/// The code under test.
async fn memory(machines: &MachinesClient, tag: &str) -> Result<i64, ClientError> {
    let mut sum = 0;
    for name in machines.names(&[tag]).await? {
        sum += machines.get::<i64>(&name, "memory").await?;
    }
    Ok(sum)
}

fn success<T>(value: T) -> Reply<T> {
    Reply {
        status: "Success".to_owned(),
        value: Some(value),
    }
}

#[tokio::test]
async fn adds_the_memory() {
    let server = Dispatcher::new()
        .method("vm.names", |session: String, tags: Vec<String>| {
            assert_eq!((&*session, &*tags[0]), ("session-1", "prod"));
            success(["web", "mail"])
        })
        .method(
            "vm.get",
            |_session: String, name: String, _field: String| {
                success(if name == "web" { 512 } else { 256 })
            },
        );

    let client = Client::new(server).boxed();
    let machines = MachinesClient::new(client).with_leading_params(("session-1",));
    assert_eq!(memory(&machines, "prod").await.unwrap(), 768);
}

#[tokio::test]
async fn reports_a_refusal() {
    let server = Dispatcher::new().method("vm.names", |_tags: Vec<String>| Reply::<()> {
        status: "SESSION_INVALID".to_owned(),
        value: None,
    });

    let machines = MachinesClient::new(Client::new(server).boxed());
    let error = memory(&machines, "prod").await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(1, "SESSION_INVALID")));
}

/// What the program needs of the server.
#[cfg_attr(test, mockall::automock)]
trait Inventory {
    async fn memory_of(&self, name: &str) -> Result<i64, ClientError>;
}

impl<T: Transport + Sync> Inventory for MachinesClient<T> {
    async fn memory_of(&self, name: &str) -> Result<i64, ClientError> {
        self.get(name, "memory").await
    }
}

/// The code under test, which accepts the stub and the mock.
async fn is_large(inventory: &impl Inventory, name: &str) -> Result<bool, ClientError> {
    Ok(inventory.memory_of(name).await? > 1024)
}

#[tokio::test]
async fn knows_what_is_large() {
    let mut inventory = MockInventory::new();
    let expected = inventory.expect_memory_of().with(eq("web"));
    expected.returning(|_| Ok(2048));
    assert!(is_large(&inventory, "web").await.unwrap());

    let server = Dispatcher::new().method("vm.get", |_name: String, _field: String| success(512));
    let machines = MachinesClient::new(Client::new(server));
    assert!(!is_large(&machines, "web").await.unwrap());
}
