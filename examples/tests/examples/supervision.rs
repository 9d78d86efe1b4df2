//! The imitation of Supervisor in the examples. In `tests/interop`, `supervisorctl` calls it.

use serde::de::DeserializeOwned;
use xmlrpc_core::{Client, ClientError, Dispatcher, Value, client::IntoParams};
use xmlrpc_examples::supervision::{Imitation, SupervisionServer};

struct Supervisor(Client<Dispatcher>);

impl Supervisor {
    fn new() -> Self {
        let dispatcher = Dispatcher::new().service(SupervisionServer::new(Imitation::default()));
        Self(Client::new(dispatcher))
    }

    async fn call<R: DeserializeOwned>(
        &self,
        method: &str,
        params: impl IntoParams,
    ) -> Result<R, ClientError> {
        self.0.call(&format!("supervisor.{method}"), params).await
    }

    async fn fault(&self, method: &str, params: impl IntoParams) -> (i32, String) {
        let error = self.call::<Value>(method, params).await.unwrap_err();
        let fault = error.fault().unwrap();
        (fault.code(), fault.message().to_owned())
    }
}

#[tokio::test]
async fn a_log_is_read_in_parts_that_begin_with_a_character() {
    let supervisor = Supervisor::new();
    assert!(
        supervisor
            .call::<bool>("startProcess", ("web", true))
            .await
            .unwrap()
    );
    let log = "started: n\u{e9}e, \u{65e5}\u{672c}, \u{1f600} <&>\n";
    let end = i64::try_from(log.len()).unwrap();

    let parts = [
        ((0, 0), log),
        ((-end, 0), log),
        ((-1_600, 0), log),
        ((-7, 0), " <&>\n"),
        ((end, 0), ""),
        ((end + 1, 1), ""),
        ((9, 3), "n\u{e9}"),
        ((9, 2), "n\u{e9}"),
        ((11, 2), "e,"),
    ];
    for ((offset, length), part) in parts {
        let params = ("web", offset, length);
        let read: String = supervisor
            .call("readProcessStdoutLog", params)
            .await
            .unwrap();
        assert_eq!(read, part, "{offset}, {length}");
    }
    for (offset, length) in [(-1, 1), (0, -1), (i64::MIN, i64::MIN)] {
        let fault = supervisor
            .fault("readProcessStdoutLog", ("web", offset, length))
            .await;
        assert_eq!(fault, (3, "BAD_ARGUMENTS: web".to_owned()));
    }
    let read: String = supervisor
        .call("readProcessStdoutLog", ("web", i64::MIN, 0))
        .await
        .unwrap();
    assert_eq!(read, log);

    let tails = [
        ((0, 1_600), log, false),
        ((0, 7), " <&>\n", true),
        ((end - 1, 7), "\n", false),
        ((end, 7), "", false),
        ((end + 9, 7), "", false),
    ];
    for ((offset, length), part, has_more) in tails {
        let params = ("web", offset, length);
        let tail: (String, i64, bool) = supervisor
            .call("tailProcessStdoutLog", params)
            .await
            .unwrap();
        assert_eq!(tail, (part.to_owned(), end, has_more), "{offset}, {length}");
    }
}

#[tokio::test]
async fn the_faults_are_those_of_supervisor() {
    let supervisor = Supervisor::new();
    let faults = [
        ("startProcess", "nobody", 10, "BAD_NAME: nobody"),
        ("startProcessGroup", "nobody", 10, "BAD_NAME: nobody"),
        ("getProcessInfo", "workers", 10, "BAD_NAME: workers"),
        ("startProcess", "broken", 50, "SPAWN_ERROR: broken"),
        ("stopProcess", "web", 70, "NOT_RUNNING: web"),
    ];
    for (method, name, code, message) in faults {
        assert_eq!(
            supervisor.fault(method, (name,)).await,
            (code, message.to_owned())
        );
    }
    assert!(
        supervisor
            .call::<bool>("startProcess", ("web",))
            .await
            .unwrap()
    );
    let fault = supervisor.fault("startProcess", ("web",)).await;
    assert_eq!(fault, (60, "ALREADY_STARTED: web".to_owned()));
    // The older name of the method works too.
    assert_eq!(
        supervisor.call::<String>("getVersion", ()).await.unwrap(),
        "3.0"
    );
}
