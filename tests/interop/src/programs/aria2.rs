//! aria2, with a secret, and with a user and password.

use std::{
    ffi::OsString,
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    process::Command,
};
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Base64, Dialect, Value, value};
use xmlrpc_examples::{
    aria2::{Aria2Client, Options, Stage, token},
    rtorrent::torrent::{Bencode, Torrent},
};

use super::{
    Cannot, concurrent, example, fault, free_port, holds, keep_alive, relay::Relay, start,
    until_it_answers, utf8,
};
use crate::{
    client::{Result, same, values},
    process::Process,
};

pub(super) struct Aria2 {
    _process: Process,
    program: OsString,
    folder: PathBuf,
    address: String,
}

const TOKEN: &str = "token:secret";

impl Aria2 {
    pub(super) async fn start(command: Command, folder: &Path) -> Result<Self> {
        let program = command.as_std().get_program().to_owned();
        let (process, address) = launch(command, folder, &["--rpc-secret=secret"])?;
        let aria2 = Self {
            _process: process,
            program,
            folder: folder.to_owned(),
            address,
        };
        let stub = aria2.stub()?;
        until_it_answers(async || stub.version().await).await?;
        Ok(aria2)
    }

    fn stub(&self) -> Result<Aria2Client<Http>> {
        let client = client(&self.address)?;
        Ok(Aria2Client::new(client).with_leading_params(token("secret")))
    }

    pub(super) async fn case(&self, case: &str) -> Result {
        match case {
            "string" | "unicode" => self.texts(case).await,
            "line_ends" => self.line_ends().await,
            "base64" => self.torrent(&(0..=u8::MAX).collect::<Vec<_>>()).await,
            "base64_large" => self.torrent(&bytes(10_000_000)).await,
            "no_params" => {
                let client = client(&self.address)?;
                let names: Vec<String> = client.call("system.listNotifications", ()).await?;
                let first = names.first().map(String::as_str);
                same(&first, &Some("aria2.onDownloadStart"))
            }
            "fault" => self.faults().await,
            "unknown_method" => self.faulty("aria2.nope", (TOKEN,), "No such method").await,
            "wrong_types" => self.wrong_types().await,
            "multicall" => self.multicall().await,
            "introspection" => self.introspection().await,
            "gzip_answer" => self.gzip_answer().await,
            "keep_alive" => {
                keep_alive(&self.address, client, async |it| self.version(it).await).await
            }
            "concurrent" => {
                let call = async |client: &Client| self.version(client).await;
                concurrent(|| client(&self.address), call).await
            }
            "large_answer" => self.large_answer().await,
            "basic_auth" => self.basic_auth().await,
            "example" => self.example().await,
            other => Err(format!("unknown case {other}").into()),
        }
    }

    async fn version(&self, client: &Client) -> Result {
        let aria2 = Aria2Client::new(client).with_leading_params(token("secret"));
        let version = aria2.version().await?;
        holds(&version.version, &["."])
    }

    /// Sets an option and reads it back.
    async fn option(&self, text: &str) -> Result<String> {
        let client = client(&self.address)?;
        let option = value!({"user-agent": text});
        let set = client.call::<String>("aria2.changeGlobalOption", (TOKEN, option));
        same(&set.await?, &"OK".to_owned())?;
        let options = client
            .call::<Value>("aria2.getGlobalOption", (TOKEN,))
            .await?;
        let found = options["user-agent"].as_str();
        Ok(found.ok_or("the option is missing")?.to_owned())
    }

    async fn texts(&self, case: &str) -> Result {
        for value in values::values(case)? {
            let text = value.as_str().unwrap_or_default();
            same(&self.option(text).await?, &text.to_owned())?;
        }
        Ok(())
    }

    async fn line_ends(&self) -> Result {
        same(&self.option("one\ntwo").await?, &"one\ntwo".to_owned())?;
        let found = self.option("one\r\ntwo\rthree").await?;
        same(&found, &"one\ntwo\nthree".to_owned())?;
        Err(Cannot("it writes carriage returns unescaped, and XML reads them as line feeds").into())
    }

    /// Compares the hash that aria2 computes, which shows whether the bytes arrived unchanged.
    async fn torrent(&self, bytes: &[u8]) -> Result {
        let torrent = Torrent::with_info(description(bytes), "http://127.0.0.1:9/");
        let client = client(&self.address)?;
        let options = value!({"pause": "true"});
        let params = (TOKEN, Base64(torrent.bytes), [""; 0], options);
        let gid: String = client.call("aria2.addTorrent", params).await?;
        let keys = ["infoHash"];
        let status: Value = client.call("aria2.tellStatus", (TOKEN, &gid, keys)).await?;
        let hash = status["infoHash"].as_str().unwrap_or_default();
        same(&hash.to_uppercase(), &torrent.hash)?;
        self.stub()?.remove(&gid).await?;
        let answer = client.call("aria2.addTorrent", (TOKEN, Base64(Vec::new())));
        same(
            &fault(answer.await)?.1,
            &"Bencode decoding failed".to_owned(),
        )
    }

    async fn faulty(
        &self,
        method: &str,
        params: impl xmlrpc_core::client::IntoParams,
        text: &str,
    ) -> Result {
        let answer = client(&self.address)?.call(method, params).await;
        let (code, found) = fault(answer)?;
        same(&code, &1)?;
        holds(&found, &[text])
    }

    async fn faults(&self) -> Result {
        let gid = "<&>\"' n\u{e9}e";
        let text = format!("Invalid GID {gid}");
        self.faulty("aria2.tellStatus", (TOKEN, gid), &text).await?;
        self.faulty("aria2.getVersion", (), "Unauthorized").await
    }

    async fn wrong_types(&self) -> Result {
        let text = "The parameter at 0 has wrong type.";
        self.faulty("aria2.tellStatus", (TOKEN, 5), text).await?;
        self.faulty("aria2.addUri", (TOKEN, "uri"), text).await?;
        let text = "The parameter at 0 is required but missing.";
        self.faulty("aria2.tellStatus", (TOKEN,), text).await
    }

    async fn multicall(&self) -> Result {
        let aria2 = self.stub()?;
        let client = aria2.client();
        let calls = (
            aria2.version(),
            aria2.tell_status("zz"),
            client.call::<Value>("nope", ()),
            aria2.tell_waiting(0, 10),
            client.call::<Vec<String>>("system.listMethods", ()),
        );
        let (version, invalid, unknown, waiting, methods) = client.multicall(calls).await?;
        holds(&version?.version, &["."])?;
        let invalid = invalid
            .err()
            .and_then(|error| Some(error.fault()?.message().to_owned()));
        same(&invalid.as_deref(), &Some("Invalid GID zz"))?;
        same(&fault(unknown)?.0, &1)?;
        same(&(waiting?.len(), methods?.is_empty()), &(0, false))?;
        let many = (0..500).map(|_| aria2.global_stat());
        let many = client.multicall_iter(many).await?.into_iter();
        same(&many.flatten().count(), &500)
    }

    async fn introspection(&self) -> Result {
        let client = client(&self.address)?;
        let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
        same(&methods.iter().any(|it| it == "aria2.addUri"), &true)?;
        let help = client.call("system.methodHelp", (TOKEN, "aria2.addUri"));
        fault(help.await)?;
        Err(Cannot("it has only `system.listMethods`").into())
    }

    async fn gzip_answer(&self) -> Result {
        let text = "n\u{e9}e ".repeat(1_000);
        same(&self.option(&text).await?, &text)?;
        let relay = Relay::start(&self.address).await?;
        {
            let client = client(relay.address())?;
            let options: Value = client.call("aria2.getGlobalOption", (TOKEN,)).await?;
            same(&options["user-agent"].as_str(), &Some(&*text))?;
        }
        // The uncompressed response has about 10,000 bytes.
        relay.ended_within(5_000).await
    }

    async fn large_answer(&self) -> Result {
        let text = "x".repeat(1_000_000);
        same(&self.option(&text).await?, &text)?;
        let client = client(&self.address)?;
        let calls = (0..20).map(|_| client.call::<Value>("aria2.getGlobalOption", (TOKEN,)));
        for options in client.multicall_iter(calls).await? {
            same(
                &options?["user-agent"].as_str().map(str::len),
                &Some(1_000_000),
            )?;
        }
        self.option("aria2").await.map(drop)
    }

    /// Tests the secret, and the older user and password.
    async fn basic_auth(&self) -> Result {
        let wrong = Aria2Client::new(client(&self.address)?);
        let wrong = wrong.with_leading_params(token("wrong")).version().await;
        let wrong = wrong
            .err()
            .and_then(|error| Some(error.fault()?.message().to_owned()));
        same(&wrong.as_deref(), &Some("Unauthorized"))?;

        let options = ["--rpc-user=moe", "--rpc-passwd=secret"];
        let command = Command::new(&self.program);
        let (_process, address) = launch(command, &self.folder, &options)?;
        let url = |password: &str| format!("http://moe:{password}@{address}/rpc");
        let aria2 = Aria2Client::new(Client::new(url("secret"))?);
        until_it_answers(async || aria2.version().await).await?;
        let wrong = Aria2Client::new(Client::new(url("wrong"))?);
        let status = wrong.version().await.err();
        let status = status
            .and_then(|error| error.status())
            .map(|it| it.as_u16());
        same(&status, &Some(401))
    }

    async fn example(&self) -> Result {
        let content = bytes(300_000);
        let files = serve(content.clone()).await?;
        let url = format!("http://{}/rpc", self.address);
        let uri = format!("http://{files}/stooges.bin");
        let folder = utf8(&self.folder)?;
        let text = example("aria2", &[&url, "secret", &uri, folder]).await?;
        let complete = format!("complete: {folder}/stooges.bin, 300000 bytes");
        holds(
            &text,
            &["aria2 1.", " methods\n", "0 active, ", "added ", &complete],
        )?;
        same(&fs::read(self.folder.join("stooges.bin"))?, &content)?;

        let missing = format!("http://{files}/missing");
        let failed = example("aria2", &[&url, "secret", &missing, folder]).await;
        let failed = failed.err().map(|error| error.to_string());
        holds(&failed.unwrap_or_default(), &["failed: ", "(3)"])?;
        let wrong = example("aria2", &[&url, "wrong"]).await;
        let wrong = wrong.err().map(|error| error.to_string());
        holds(&wrong.unwrap_or_default(), &["Unauthorized"])?;

        let aria2 = self.stub()?;
        let options = Options {
            pause: true,
            ..Options::default()
        };
        let gid = aria2.add_uri(&[uri], &options, Some(0)).await?;
        let waiting = aria2.tell_waiting(0, 10).await?;
        let waiting: Vec<_> = waiting.into_iter().map(|it| (it.gid, it.status)).collect();
        same(&waiting, &vec![(gid.clone(), Stage::Paused)])?;
        same(&aria2.remove(&gid).await?, &gid)?;
        let waiting = aria2.tell_waiting(0, 10).await?;
        same(&waiting.len(), &0)?;
        let stopped = aria2.tell_stopped(0, 10).await?;
        let stages: Vec<_> = stopped.iter().map(|it| it.status).collect();
        same(&stages, &vec![Stage::Complete, Stage::Error])?;
        let over = &stopped[0].gid;
        let forgotten = aria2.remove_download_result(over).await?;
        same(&forgotten, &"OK".to_owned())?;
        let over = aria2.tell_status(over).await.err();
        same(&over.is_some_and(|error| error.fault().is_some()), &true)
    }
}

fn client(address: &str) -> Result<Client> {
    let url = format!("http://{address}/rpc");
    Ok(Client::builder(url).dialect(Dialect::STANDARD).build()?)
}

/// Starts an aria2 with only these options, and returns its address.
fn launch(mut command: Command, folder: &Path, options: &[&str]) -> Result<(Process, String)> {
    let port = free_port()?;
    command
        .args(["--no-conf", "--quiet", "--enable-rpc", "--enable-dht=false"])
        .args(["--rpc-max-request-size=64M", "--bt-enable-lpd=false"])
        .args(["--no-proxy=*", "--auto-file-renaming=false"])
        .arg(format!("--rpc-listen-port={port}"))
        .arg(format!("--dir={}", utf8(folder)?))
        .args(options);
    let process = start("aria2c", &mut command)?;
    Ok((process, format!("127.0.0.1:{port}")))
}

/// The description of a file in a torrent, with these bytes added.
fn description(bytes: &[u8]) -> Bencode {
    Bencode::dict([
        ("length", Bencode::Int(5)),
        ("name", Bencode::Bytes(b"hello".into())),
        ("piece length", Bencode::Int(16_384)),
        ("pieces", Bencode::Bytes(vec![0; 20])),
        ("x-bytes", Bencode::Bytes(bytes.into())),
    ])
}

fn bytes(length: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(length).collect()
}

/// Serves one file over HTTP and returns the host and port.
async fn serve(content: Vec<u8>) -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The client may disconnect.
            let _ = answer(stream, &content).await;
        }
    });
    Ok(address)
}

async fn answer(mut stream: TcpStream, content: &[u8]) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await?);
    }
    let (status, body) = if request.starts_with(b"GET /missing") {
        ("404 Not Found", &[][..])
    } else {
        ("200 OK", content)
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
