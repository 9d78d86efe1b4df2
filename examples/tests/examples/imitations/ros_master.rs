use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xmlrpc_core::Fault;
use xmlrpc_examples::ros_master::MasterClient;

use super::{Imitation, error, fault, lines};

#[test]
fn program() {
    let master = Imitation::start("ros_master", "");
    let url = master.url();
    let environment = [("ROS_MASTER_URI", url.as_str())];
    assert_eq!(
        lines("ros_master", &environment, &[]),
        [
            &*format!("master {url}/"),
            "topic /rosout_agg of rosgraph_msgs/Log",
            "    published by /rosout",
            "topic /rosout of rosgraph_msgs/Log",
            "    subscribed by /rosout",
            "parameter /rosdistro",
            "parameter /run_id",
            "parameter /robot/name",
            "parameter /robot/wheels",
        ]
    );
    let set = lines("ros_master", &environment, &["/robot/name", "Wall·E"]);
    assert_eq!(set, ["/robot/name: String(\"Wall·E\")"]);
    let wheels = lines("ros_master", &environment, &["/robot/wheels"]);
    assert_eq!(wheels, ["/robot/wheels: Int(4)"]);
    assert_eq!(
        error("ros_master", &environment, &["/nope"]),
        "calling `getParam`: fault -1: Parameter [/nope] is not set\n"
    );
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Robot {
    name: String,
    wheels: u32,
}

#[tokio::test]
async fn stub() {
    let imitation = Imitation::start("ros_master", "");
    everything(&imitation.url()).await;
}

/// Calls each method of a master.
async fn everything(url: &str) {
    let client = xmlrpc_client::Client::new(url).unwrap();
    let master = MasterClient::new(client).with_leading_params(("/fleet/node",));
    let uri = "http://127.0.0.1:9/";
    let none: [String; 0] = [];
    let subscribers = master.register_publisher("/chatter", "std_msgs/String", uri);
    assert_eq!(subscribers.await.unwrap(), none);
    let publishers = master.register_subscriber("/chatter", "*", uri).await;
    assert_eq!(publishers.unwrap(), [uri]);
    let service = "rosrpc://127.0.0.1:10";
    master.register_service("/add", service, uri).await.unwrap();
    assert_eq!(master.lookup_service("/add").await.unwrap(), service);
    assert_eq!(master.lookup_node("/fleet/node").await.unwrap(), uri);
    let state = master.system_state().await.unwrap();
    for (table, name) in [
        (&state.publishers, "/chatter"),
        (&state.subscribers, "/chatter"),
        (&state.services, "/add"),
    ] {
        let found = table.iter().find(|it| it.0 == name).unwrap();
        assert_eq!(found.1, ["/fleet/node"], "{name}");
    }
    let topics = master.published_topics("").await.unwrap();
    let chatter = topics.iter().find(|it| it.name == "/chatter").unwrap();
    assert_eq!(chatter.message_type, "std_msgs/String");
    assert!(master.topic_types().await.unwrap().contains(chatter));
    for expected in [1, 0] {
        let ended = master.unregister_publisher("/chatter", uri).await;
        assert_eq!(ended.unwrap(), expected);
        let ended = master.unregister_subscriber("/chatter", uri).await;
        assert_eq!(ended.unwrap(), expected);
        let ended = master.unregister_service("/add", service).await;
        assert_eq!(ended.unwrap(), expected);
    }

    let robot = Robot {
        name: "Marvin".to_owned(),
        wheels: 4,
    };
    master.set_param("/fleet/robot", &robot).await.unwrap();
    assert_eq!(master.param::<Robot>("/fleet/robot").await.unwrap(), robot);
    // A relative name is in the namespace of the caller.
    assert_eq!(master.param::<u32>("robot/wheels").await.unwrap(), 4);
    assert_eq!(master.search_param("robot").await.unwrap(), "/fleet/robot");
    let tree: BTreeMap<String, Robot> = master.param("/fleet").await.unwrap();
    assert_eq!(tree["robot"], robot);
    let names = master.param_names().await.unwrap();
    assert!(
        names.iter().any(|name| name == "/fleet/robot/wheels"),
        "{names:?}"
    );
    master.delete_param("/fleet/robot").await.unwrap();
    assert!(!master.has_param("/fleet/robot").await.unwrap());

    // After an error, the value has another type.
    let missing = fault::<Fault>(master.param::<Robot>("/fleet/robot").await);
    assert_eq!(
        missing,
        Fault::new(-1, "Parameter [/fleet/robot] is not set")
    );
    let calls = (
        master.uri(),
        master.lookup_node("/nobody"),
        master.has_param("/run_id"),
        master.search_param("nothing"),
    );
    let (uri, node, has, search) = master.client().multicall(calls).await.unwrap();
    assert!(uri.unwrap().starts_with("http://"));
    assert!(has.unwrap());
    assert_eq!(fault::<Fault>(node).message(), "unknown node [/nobody]");
    assert_eq!(fault::<Fault>(search).code(), -1);
}
