//! rosmaster, the ROS 1 master. Its parameter server keeps values of any type.

use std::path::Path;

use tokio::process::Command;
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Dialect, Fault, Value, value};
use xmlrpc_examples::ros_master::MasterClient;

use super::{
    concurrent, example_in, fault, free_port, holds, keep_alive, relay::Relay, start,
    until_it_answers,
};
use crate::{
    client::{Result, same, values},
    process::Process,
};

pub(super) struct RosMaster {
    _process: Process,
    address: String,
}

/// The caller, which is the first parameter of each method.
const NODE: &str = "/fleet/node";

impl RosMaster {
    pub(super) async fn start(mut command: Command, folder: &Path) -> Result<Self> {
        let port = free_port()?.to_string();
        command
            .args(["--core", "-p", &port])
            .env("ROS_IP", "127.0.0.1") // it then listens only there
            .env("ROS_LOG_DIR", folder)
            .env("HOME", folder)
            .stderr(std::process::Stdio::null());
        let master = Self {
            _process: start("rosmaster", &mut command)?,
            address: format!("127.0.0.1:{port}"),
        };
        let stub = master.stub()?;
        until_it_answers(async || stub.uri().await).await?;
        Ok(master)
    }

    fn stub(&self) -> Result<MasterClient<Http>> {
        Ok(MasterClient::new(client(&self.address)?).with_leading_params((NODE,)))
    }

    pub(super) async fn case(&self, case: &str) -> Result {
        match case {
            "no_params" => {
                let answer = client(&self.address)?.call::<(i32, String, Value)>("getUri", ());
                let (code, text, _) = answer.await?;
                let expected = "missing required caller_id parameter".to_owned();
                same(&(code, text), &(-1, expected))
            }
            "fault" => self.faults().await,
            "unknown_method" => {
                let answer = client(&self.address)?.call("nope", (NODE,)).await;
                let (code, text) = fault(answer)?;
                same(&code, &1)?;
                holds(&text, &["method \"nope\" is not supported"])
            }
            "wrong_types" => {
                let answer = client(&self.address)?.call("getParam", (NODE, 5));
                let (code, text, _): (i32, String, Value) = answer.await?;
                same(&code, &-1)?;
                holds(&text, &["ERROR: parameter [key] must be a string"])
            }
            "multicall" => self.multicall().await,
            "gzip_answer" => self.gzip_answer().await,
            "keep_alive" => keep_alive(&self.address, client, uri).await,
            "concurrent" => concurrent(|| client(&self.address), uri).await,
            "large_answer" => {
                let master = self.stub()?;
                master.set_param("/large", "x".repeat(20_000_000)).await?;
                let text: String = master.param("/large").await?;
                same(&text.len(), &20_000_000)?;
                Ok(master.delete_param("/large").await?)
            }
            "example" => self.example().await,
            case => self.values(case).await,
        }
    }

    /// Sets parameters and reads them back.
    async fn values(&self, case: &str) -> Result {
        let master = self.stub()?;
        for value in values::values(case)? {
            master.set_param("/value", &value).await?;
            let found: Value = master.param("/value").await?;
            same(&values::plain(found), &values::plain(value))?;
        }
        Ok(())
    }

    async fn faults(&self) -> Result {
        let name = "/<&>\"' n\u{e9}e";
        let error = self.stub()?.param::<Value>(name).await.err();
        let fault = error.as_ref().and_then(|error| error.fault());
        let text = format!("Parameter [{name}] is not set");
        same(&fault, &Some(&Fault::new(-1, text)))
    }

    async fn multicall(&self) -> Result {
        let client = client(&self.address)?;
        let master = MasterClient::new(&client).with_leading_params((NODE,));
        let calls = (
            master.uri(),
            master.lookup_node("/nobody"),
            client.call::<Value>("nope", (NODE,)),
            master.set_param("/fleet/number", 7),
            master.param::<i64>("number"),
        );
        let (uri, nobody, unknown, set, number) = client.multicall(calls).await?;
        holds(&uri?, &["http://127.0.0.1:"])?;
        let nobody = nobody.err().and_then(|error| error.fault().cloned());
        same(&nobody, &Some(Fault::new(-1, "unknown node [/nobody]")))?;
        same(&fault(unknown)?.0, &1)?;
        set?;
        same(&number?, &7)?;
        let many = (0..500).map(|_| master.has_param("/fleet/number"));
        let many = client.multicall_iter(many).await?.into_iter();
        same(&many.flatten().filter(|has| *has).count(), &500)
    }

    async fn gzip_answer(&self) -> Result {
        let text = "n\u{e9}e ".repeat(1_000);
        self.stub()?.set_param("/text", &text).await?;
        let relay = Relay::start(&self.address).await?;
        {
            let client = client(relay.address())?;
            let master = MasterClient::new(client).with_leading_params((NODE,));
            same(&master.param::<String>("/text").await?, &text)?;
        }
        relay.ended_within(2_000).await
    }

    async fn example(&self) -> Result {
        let master = self.stub()?;
        // Nobody listens there: the master cannot tell the node of other nodes.
        let node = "http://127.0.0.1:9/";
        let subscribers = master.register_publisher("/chatter", "std_msgs/String", node);
        same(&subscribers.await?, &Vec::new())?;
        let publishers = master.register_subscriber("/chatter", "*", node).await?;
        same(&publishers, &vec![node.to_owned()])?;
        let service = "rosrpc://127.0.0.1:9";
        same(&master.register_service("/add", service, node).await?, &1)?;
        same(&master.lookup_service("/add").await?, &service.to_owned())?;
        same(&master.lookup_node(NODE).await?, &node.to_owned())?;
        let robot = value!({"name": "Marvin", "wheels": 4});
        master.set_param("/fleet/robot", &robot).await?;

        let url = format!("http://{}", self.address);
        let environment = [("ROS_MASTER_URI", url.as_str())];
        let printed = example_in("ros_master", &environment, &[]).await?;
        let parts = [
            "master http://127.0.0.1:",
            "topic /chatter of std_msgs/String\n",
            "    published by /fleet/node\n",
            "    subscribed by /fleet/node\n",
            "service /add of /fleet/node\n",
            "parameter /fleet/robot/wheels\n",
        ];
        holds(&printed, &parts)?;
        let arguments = ["/fleet/robot/name", "Wall\u{b7}E"];
        let printed = example_in("ros_master", &environment, &arguments).await?;
        holds(&printed, &["/fleet/robot/name: String(\"Wall\u{b7}E\")"])?;
        let failed = example_in("ros_master", &environment, &["/nope"])
            .await
            .err();
        let failed = failed.map(|error| error.to_string()).unwrap_or_default();
        holds(
            &failed,
            &["calling `getParam`: fault -1: Parameter [/nope] is not set"],
        )?;

        let found = master.search_param("robot").await?;
        same(&found, &"/fleet/robot".to_owned())?;
        let topics = master.published_topics("").await?;
        same(&topics.len(), &1)?;
        for ended in [1, 0] {
            same(
                &master.unregister_publisher("/chatter", node).await?,
                &ended,
            )?;
            same(
                &master.unregister_subscriber("/chatter", node).await?,
                &ended,
            )?;
            same(&master.unregister_service("/add", service).await?, &ended)?;
        }
        master.delete_param("/fleet/robot").await?;
        same(&master.has_param("/fleet/robot").await?, &false)
    }
}

fn client(address: &str) -> Result<Client> {
    let url = format!("http://{address}");
    Ok(Client::builder(url).dialect(Dialect::EXTENDED).build()?)
}

async fn uri(client: &Client) -> Result {
    let uri = MasterClient::new(client)
        .with_leading_params((NODE,))
        .uri()
        .await?;
    holds(&uri, &["http://127.0.0.1:"])
}
