//! Supervisor, over TCP and a unix socket, with a password.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{process::Command, time::sleep};
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Dialect, Value};
use xmlrpc_examples::supervisor::{Process, ProcessState, SupervisorClient, SupervisorError};

use super::{
    Cannot, concurrent, example, fault, free_port, holds, keep_alive, start, until_it_answers, utf8,
};
use crate::{
    client::{Result, same, values},
    process,
};

pub(super) struct Supervisor {
    process: process::Process,
    address: String,
    socket: PathBuf,
}

impl Supervisor {
    pub(super) async fn start(mut command: Command, folder: &Path) -> Result<Self> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let socket = folder.join("supervisor.sock");
        let config = folder.join("supervisord.conf");
        fs::write(&config, configuration(utf8(folder)?, &address))?;
        let process = start("supervisord", command.arg("-c").arg(config))?;
        let supervisor = Self {
            process,
            address,
            socket,
        };
        let stub = supervisor.stub()?;
        until_it_answers(async || stub.state().await).await?;
        Ok(supervisor)
    }

    /// Shuts it down: if killed, it would leave its processes behind.
    pub(super) async fn end(self) -> Result {
        self.stub()?.shutdown().await?;
        self.process.end().await?;
        Ok(())
    }

    fn stub(&self) -> Result<SupervisorClient<Http>> {
        Ok(SupervisorClient::new(client(&self.address)?))
    }

    pub(super) async fn case(&self, case: &str) -> Result {
        match case {
            "boolean" => self.booleans().await,
            "string" | "unicode" => self.texts(case).await,
            "no_params" => {
                let supervisor = self.stub()?;
                same(&supervisor.state().await?.name, &"RUNNING".to_owned())?;
                same(&supervisor.api_version().await?, &"3.0".to_owned())?;
                same(&(supervisor.pid().await? > 0), &true)
            }
            "fault" => self.faults().await,
            "unknown_method" => {
                let answer = client(&self.address)?.call("supervisor.nope", ());
                same(&fault(answer.await)?, &(1, "UNKNOWN_METHOD".to_owned()))
            }
            "wrong_types" => self.wrong_types().await,
            "multicall" => self.multicall().await,
            "introspection" => self.introspection().await,
            "keep_alive" => keep_alive(&self.address, client, state).await,
            "concurrent" => concurrent(|| client(&self.address), state).await,
            "large_answer" => self.large_answer().await,
            "basic_auth" => self.basic_auth().await,
            "unix_socket" => self.unix_socket().await,
            "example" => self.example().await,
            other => Err(format!("unknown case {other}").into()),
        }
    }

    async fn booleans(&self) -> Result {
        let supervisor = self.stub()?;
        supervisor.stop("cat", true).await?;
        same(&supervisor.start("cat", false).await?, &true)?;
        same(&supervisor.stop("cat", true).await?, &true)?;
        same(&supervisor.start("cat", true).await?, &true)?;
        // Only a log with a text can overflow. The program writes its line after it was started.
        self.log_when(|log| !log.is_empty()).await?;
        let overflow = async |length| {
            let tail = supervisor.tail_stdout_log("cat", 0, length).await?;
            Result::Ok(tail.overflow)
        };
        same(
            &(overflow(100_000).await?, overflow(1).await?),
            &(false, true),
        )
    }

    /// Sends texts to the standard input of `cat` and reads the log of its output.
    async fn texts(&self, case: &str) -> Result {
        let supervisor = self.stub()?;
        let texts: Vec<String> = values::values(case)?
            .iter()
            .filter_map(|value| value.as_str().map(|text| format!("{text}\n")))
            .collect();
        supervisor.clear_logs("cat").await?;
        for text in &texts {
            same(&supervisor.send_stdin("cat", text).await?, &true)?;
        }
        let expected = texts.concat();
        // The program may have started only after its log was cleared.
        let texts = |log: &str| log.strip_prefix("started\n").unwrap_or(log).to_owned();
        let log = self
            .log_when(|log| texts(log).len() >= expected.len())
            .await?;
        same(&texts(&log), &expected)
    }

    /// The log of `cat` when it is as expected, or what it is after some seconds.
    async fn log_when(&self, is_expected: impl Fn(&str) -> bool) -> Result<String> {
        let supervisor = self.stub()?;
        let mut log = String::new();
        for _ in 0..100 {
            log = supervisor.read_stdout_log("cat", 0, 0).await?;
            if is_expected(&log) {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(log)
    }

    async fn faults(&self) -> Result {
        let name = "<&>\"' n\u{e9}e";
        match self.stub()?.process(name).await {
            Ok(process) => return Err(format!("expected a fault, got {process:?}").into()),
            Err(error) => same(
                &error.fault_as(),
                &Some(SupervisorError::BadName(name.to_owned())),
            )?,
        }
        match self.stub()?.start("cat", true).await {
            Ok(_) => Err("expected a fault".into()),
            Err(error) => same(
                &error.fault_as(),
                &Some(SupervisorError::AlreadyStarted("cat".to_owned())),
            ),
        }
    }

    async fn wrong_types(&self) -> Result {
        let client = client(&self.address)?;
        let answer = client.call("supervisor.startProcess", ()).await;
        same(&fault(answer)?, &(2, "INCORRECT_PARAMETERS".to_owned()))?;
        let answer = client
            .call::<Value>("supervisor.startProcess", (5, [2]))
            .await;
        let status = answer.err().and_then(|error| error.status());
        same(&status.map(|status| status.as_u16()), &Some(500))?;
        Err(Cannot(
            "it sends a fault for missing parameters, but HTTP status 500 without a fault for \
             parameters of a wrong type",
        )
        .into())
    }

    /// Supervisor does not wrap the results, so an array of one element could be mistaken for a wrapped result.
    async fn multicall(&self) -> Result {
        let supervisor = self.stub()?;
        let client = supervisor.client();
        let calls = (
            supervisor.supervisor_version(),
            supervisor.process("nobody"),
            supervisor.all_processes(),
            client.call::<Value>("supervisor.nope", ()),
            supervisor.tail_stdout_log("cat", 0, 1),
            supervisor.state(),
            supervisor.start("cat", true),
        );
        let (version, nobody, all, unknown, tail, state, running) = client.multicall(calls).await?;
        holds(&version?, &["."])?;
        let code = |fault: Option<i32>| fault.unwrap_or_default();
        let nobody = nobody
            .err()
            .and_then(|error| error.fault().map(xmlrpc_core::Fault::code));
        same(&code(nobody), &10)?;
        let names: Vec<_> = all?.into_iter().map(|process| process.name).collect();
        same(&names, &vec!["cat".to_owned(), "letters".to_owned()])?;
        same(&fault(unknown)?.0, &1)?;
        same(&(tail?.overflow, state?.code), &(true, 1))?;
        let running = running.err().and_then(|error| error.fault_as());
        same(
            &running,
            &Some(SupervisorError::AlreadyStarted("cat".to_owned())),
        )?;
        let many = client
            .multicall_iter((0..500).map(|_| supervisor.process("cat")))
            .await?;
        let many = many
            .into_iter()
            .collect::<std::result::Result<Vec<Process>, _>>()?;
        same(&many.len(), &500)
    }

    async fn introspection(&self) -> Result {
        let client = client(&self.address)?;
        let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
        for method in ["supervisor.startProcess", "system.multicall"] {
            same(
                &(method, methods.iter().any(|it| it == method)),
                &(method, true),
            )?;
        }
        let method = ("supervisor.startProcess",);
        // Other peers wrap the signature in another array.
        let signature = client
            .call::<Vec<String>>("system.methodSignature", method)
            .await?;
        same(&signature.join(" "), &"boolean string boolean".to_owned())?;
        let help = client.call::<String>("system.methodHelp", method).await?;
        holds(&help, &["Start a process", "@param boolean wait"])
    }

    async fn large_answer(&self) -> Result {
        let supervisor = self.stub()?;
        supervisor.start("letters", false).await?;
        while supervisor.process("letters").await?.state == ProcessState::Running {
            sleep(Duration::from_millis(50)).await;
        }
        let log = supervisor.read_stdout_log("letters", 0, 0).await?;
        same(&log.len(), &20_000_000)
    }

    async fn basic_auth(&self) -> Result {
        self.stub()?.state().await?;
        for url in [
            format!("http://moe:wrong@{}", self.address),
            format!("http://{}", self.address),
            format!("unix://moe:wrong@{}", self.socket.display()),
        ] {
            match SupervisorClient::new(Client::new(&url)?).state().await {
                Ok(state) => return Err(format!("{url} was accepted: {state:?}").into()),
                Err(error) => {
                    let status = error.status().map(|status| status.as_u16());
                    same(&status, &Some(401))?;
                }
            }
        }
        Ok(())
    }

    async fn unix_socket(&self) -> Result {
        let socket = self.socket.display();
        for url in [
            format!("unix://moe:secret@{socket}"),
            format!("http+unix://moe:secret@{socket}"),
        ] {
            let supervisor = SupervisorClient::new(Client::new(&url)?);
            for _ in 0..100 {
                same(&supervisor.state().await?.code, &1)?;
            }
        }
        Ok(())
    }

    async fn example(&self) -> Result {
        let tcp = format!("http://moe:secret@{}", self.address);
        let unix = format!("unix://moe:secret@{}", self.socket.display());
        for url in [tcp, unix] {
            self.stub()?.clear_logs("cat").await?;
            let text = example("supervisor", &[&url, "cat"]).await?;
            let parts = [
                "Supervisor 4",
                " is RUNNING\n",
                "cat ",
                "Running",
                "letters ",
                "stopped cat\n",
                "started cat",
                "Running",
                "its log, ",
            ];
            holds(&text, &parts)?;
        }
        let missing = example("supervisor", &[&format!("http://{}", self.address)]).await;
        let error = missing.err().map(|error| error.to_string());
        holds(&error.unwrap_or_default(), &["401"])
    }
}

fn client(address: &str) -> Result<Client> {
    let url = format!("http://moe:secret@{address}");
    Ok(Client::builder(url).dialect(Dialect::STANDARD).build()?)
}

async fn state(client: &Client) -> Result {
    let state = SupervisorClient::new(client).state().await?;
    same(&state.code, &1)
}

/// `cat` ends when its standard input is closed, even if Supervisor is killed.
fn configuration(folder: &str, address: &str) -> String {
    format!(
        "[supervisord]\n\
         nodaemon = true\n\
         silent = true\n\
         logfile = {folder}/supervisord.log\n\
         pidfile = {folder}/supervisord.pid\n\
         childlogdir = {folder}\n\
         [rpcinterface:supervisor]\n\
         supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
         [inet_http_server]\n\
         port = {address}\n\
         username = moe\n\
         password = secret\n\
         [unix_http_server]\n\
         file = {folder}/supervisor.sock\n\
         username = moe\n\
         password = secret\n\
         [program:cat]\n\
         command = sh -c \"echo started; exec cat\"\n\
         startsecs = 0\n\
         autorestart = false\n\
         [program:letters]\n\
         command = sh -c \"head -c 20000000 /dev/zero | tr '\\\\0' x\"\n\
         startsecs = 0\n\
         autostart = false\n\
         autorestart = false\n\
         stdout_logfile_maxbytes = 0\n"
    )
}
