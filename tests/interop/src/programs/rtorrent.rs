//! rTorrent, directly over SCGI or through nginx.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{process::Command, time::sleep};
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Base64, Dialect, Value};
use xmlrpc_examples::rtorrent::{
    DownloadRow, RtorrentClient,
    torrent::{Bencode, Torrent},
};

use super::{
    Cannot, concurrent, example, fault, free_port, holds, keep_alive, relay::Relay, start,
    until_it_answers, utf8,
};
use crate::{
    client::{Result, same, values},
    process::Process,
};

pub(super) struct Rtorrent {
    _processes: Vec<Process>,
    folder: PathBuf,
    /// The address for all cases except those of transports.
    url: String,
    /// Its other addresses.
    others: Vec<String>,
    /// The host and port of nginx.
    nginx: Option<String>,
}

const TRACKER: &str = "http://127.0.0.1:9/announce";
/// A file that exists from the start.
const NAME: &str = "stooges.bin";

impl Rtorrent {
    /// An rTorrent listens for SCGI at only one address, so without nginx this starts two.
    pub(super) async fn start(command: Command, folder: &Path, nginx: bool) -> Result<Self> {
        fs::write(folder.join(NAME), "nyuk ".repeat(200_000))?;
        let socket = folder.join("rtorrent.sock");
        let program = command.as_std().get_program().to_owned();
        let listen = format!("network.scgi.open_local = {}", utf8(&socket)?);
        let mut processes = vec![launch(command, &folder.join("unix"), &listen)?];
        let through_unix = format!("scgi+unix://{}", utf8(&socket)?);
        let address = format!("127.0.0.1:{}", free_port()?);
        let (url, others) = if nginx {
            processes.push(launch_nginx(folder, &address)?);
            let socket = folder.join("nginx.sock");
            let others = vec![format!("unix://{}", utf8(&socket)?)];
            (format!("http://{address}/RPC2"), others)
        } else {
            let listen = format!("network.scgi.open_port = {address}");
            let command = Command::new(program);
            processes.push(launch(command, &folder.join("tcp"), &listen)?);
            let others = vec![
                format!("scgi://{address}"),
                format!("scgi://{}", utf8(&socket)?),
            ];
            (through_unix.clone(), others)
        };
        for url in others.iter().chain([&through_unix, &url]) {
            let stub = RtorrentClient::new(Client::new(url)?);
            until_it_answers(async || stub.pid().await).await?;
        }
        Ok(Self {
            _processes: processes,
            folder: folder.to_owned(),
            url,
            others,
            nginx: nginx.then_some(address),
        })
    }

    fn client(&self) -> Result<Client> {
        Ok(Client::builder(&self.url)
            .dialect(Dialect::EXTENDED)
            .build()?)
    }

    fn stub(&self) -> Result<RtorrentClient<Http>> {
        Ok(RtorrentClient::new(self.client()?))
    }

    pub(super) async fn case(&self, case: &str) -> Result {
        match case {
            "int" | "i8" => self.integers(case).await,
            "string" => self.texts(&values::values(case)?).await,
            "unicode" => self.unicode().await,
            "line_ends" => self.line_ends().await,
            "base64" => self.torrent(&(0..=u8::MAX).collect::<Vec<_>>()).await,
            "no_params" => pid(&self.client()?).await,
            "many_params" => {
                let words: [String; 20] = std::array::from_fn(|number| number.to_string());
                let mut params = vec![String::new()];
                params.extend(words);
                let answer = self.client()?.call::<String>("cat", params).await?;
                same(&answer, &(0..20).map(|it| it.to_string()).collect())
            }
            "fault" => {
                let params = ("", "/<&>\"' n\u{e9}e");
                let (code, text) = fault(self.client()?.call("import", params).await)?;
                same(&code, &-503)?;
                holds(&text, &["Could not open option file: /<&>\"' n\u{e9}e"])
            }
            "unknown_method" => {
                let (code, text) = fault(self.client()?.call("nope", ()).await)?;
                same(&(code, &*text), &(-506, "Method 'nope' not defined"))
            }
            "wrong_types" => self.wrong_types().await,
            "multicall" => self.multicall().await,
            "introspection" => self.introspection().await,
            "gzip_answer" => self.gzip_answer().await,
            "keep_alive" => {
                let address = self.nginx.as_deref().ok_or("nginx is not installed")?;
                let client = |address: &str| Ok(Client::new(format!("http://{address}"))?);
                keep_alive(address, client, pid).await
            }
            "concurrent" => concurrent(|| self.client(), pid).await,
            "large_answer" => self.large_answer().await,
            "basic_auth" => self.basic_auth().await,
            "unix_socket" | "scgi" => {
                for url in self.others.iter().chain([&self.url]) {
                    let client = Client::new(url)?;
                    for _ in 0..100 {
                        pid(&client).await?;
                    }
                }
                Ok(())
            }
            "example" => self.example().await,
            other => Err(format!("unknown case {other}").into()),
        }
    }

    /// Uses a setting that accepts any integer and has no effect here.
    async fn integers(&self, case: &str) -> Result {
        let client = self.client()?;
        for value in values::values(case)? {
            let params = ("", value.clone());
            let set = client.call::<Value>("system.file.max_size.set", params);
            let value = values::plain(value);
            same(&set.await?, &value)?;
            same(
                &client.call::<Value>("system.file.max_size", ()).await?,
                &value,
            )?;
        }
        Ok(())
    }

    /// Uses a command that returns its argument, and the label of a download.
    async fn texts(&self, values: &[Value]) -> Result {
        let (rtorrent, hash) = (self.stub()?, self.load().await?);
        for text in values {
            let text = text.as_str().unwrap_or_default().to_owned();
            let echoed = rtorrent.client().call::<String>("cat", ("", &text)).await?;
            same(&echoed, &text)?;
            rtorrent.set_label(&hash, &text).await?;
            same(&rtorrent.label(&hash).await?, &text)?;
        }
        Ok(())
    }

    async fn unicode(&self) -> Result {
        self.texts(&["n\u{e9}e", "\u{65e5}\u{672c}\u{8a9e}", "\u{ffe6}a"].map(Value::from))
            .await?;
        let answer = self.client()?.call("cat", ("", "\u{1f600}")).await;
        holds(&fault(answer)?.1, &["not in the Basic Multilingual Plane"])?;
        Err(Cannot("it refuses characters outside the Basic Multilingual Plane").into())
    }

    async fn line_ends(&self) -> Result {
        let client = self.client()?;
        let echo = async |text: &str| client.call::<String>("cat", ("", text)).await;
        same(&echo("one\ntwo").await?, &"one\ntwo".to_owned())?;
        let found = echo("one\r\ntwo\rthree").await?;
        same(&found, &"one\ntwo\nthree".to_owned())?;
        Err(Cannot("it writes carriage returns unescaped, and XML reads them as line feeds").into())
    }

    /// Compares the hash that rTorrent computes, which shows whether the bytes arrived unchanged.
    async fn torrent(&self, bytes: &[u8]) -> Result {
        let info = Bencode::dict([
            ("length", Bencode::Int(5)),
            ("name", Bencode::Bytes(b"hello".into())),
            ("piece length", Bencode::Int(16_384)),
            ("pieces", Bencode::Bytes(vec![0; 20])),
            ("x-bytes", Bencode::Bytes(bytes.into())),
        ]);
        let torrent = Torrent::with_info(info, TRACKER);
        let rtorrent = self.stub()?;
        let bytes = Base64(torrent.bytes);
        same(&rtorrent.load("", &bytes, &[]).await?, &0)?;
        self.until_loaded(&torrent.hash).await?;
        same(&rtorrent.name(&torrent.hash).await?, &"hello".to_owned())?;
        same(&rtorrent.size(&torrent.hash).await?, &5)?;
        rtorrent.erase(&torrent.hash).await?;
        let none = rtorrent
            .client()
            .call::<String>("cat", ("", Base64(Vec::new())));
        same(&none.await?, &String::new())
    }

    /// Loads a torrent of the file that exists from the start, and returns its hash.
    async fn load(&self) -> Result<String> {
        let content = fs::read(self.folder.join(NAME))?;
        let torrent = Torrent::of_file(NAME, &content, TRACKER);
        let command = format!("d.directory.set=\"{}\"", utf8(&self.folder)?);
        let bytes = Base64(torrent.bytes);
        self.stub()?.load("", &bytes, &[command]).await?;
        self.until_loaded(&torrent.hash).await?;
        Ok(torrent.hash)
    }

    /// Waits: rTorrent responds before it has loaded the torrent.
    async fn until_loaded(&self, hash: &str) -> Result {
        let rtorrent = self.stub()?;
        for _ in 0..100 {
            match rtorrent.name(hash).await {
                Err(error) if error.fault().is_some() => sleep(Duration::from_millis(20)).await,
                name => return Ok(name.map(drop)?),
            }
        }
        Err("the torrent is not loaded".into())
    }

    async fn wrong_types(&self) -> Result {
        let client = self.client()?;
        let wrong = "Target of wrong type to command.";
        for (answer, text) in [
            (client.call("d.name", ()).await, wrong),
            (client.call("d.name", (5,)).await, wrong),
            (
                client.call("d.multicall2", (5, 6)).await,
                "Wrong object type.",
            ),
        ] {
            same(&fault(answer)?, &(-503, text.to_owned()))?;
        }
        let answer = client.call("cat", ("", true)).await;
        same(
            &fault(answer)?,
            &(-501, "Unsupported type found.".to_owned()),
        )
    }

    async fn multicall(&self) -> Result {
        let (rtorrent, hash) = (self.stub()?, self.load().await?);
        let client = rtorrent.client();
        let columns = DownloadRow::columns();
        let missing = "0".repeat(40);
        let calls = (
            rtorrent.client_version(),
            rtorrent.name(&missing),
            rtorrent.downloads("", "main", &columns),
            client.call::<Value>("nope", ()),
            rtorrent.size(&hash),
        );
        let (version, nobody, rows, unknown, size) = client.multicall(calls).await?;
        holds(&version?, &["0."])?;
        let nobody = nobody
            .err()
            .and_then(|error| Some(error.fault()?.message().to_owned()));
        same(&nobody.as_deref(), &Some("Could not find info-hash."))?;
        let row = rows?.into_iter().find(|row| row.hash == hash);
        let row = row.map(|row| (row.name, row.size));
        same(&row, &Some((NAME.to_owned(), 1_000_000)))?;
        same(&fault(unknown)?.0, &-506)?;
        same(&size?, &1_000_000)?;
        let many = (0..500).map(|_| rtorrent.pid());
        let many = client.multicall_iter(many).await?.into_iter();
        same(&many.flatten().count(), &500)
    }

    async fn introspection(&self) -> Result {
        let client = self.client()?;
        let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
        for method in ["d.name", "load.raw_start", "system.multicall"] {
            same(
                &(method, methods.iter().any(|it| it == method)),
                &(method, true),
            )?;
        }
        let signature = client.call::<Value>("system.methodSignature", ("d.name",));
        same(&signature.await?, &Value::from("undef"))?;
        let help = client
            .call::<String>("system.methodHelp", ("d.name",))
            .await?;
        same(&help, &"No help is available for this method.".to_owned())?;
        fault(client.call("system.methodHelp", ("nope",)).await).map(drop)
    }

    async fn gzip_answer(&self) -> Result {
        let address = self.nginx.as_deref().ok_or("nginx is not installed")?;
        let relay = Relay::start(address).await?;
        let text = "n\u{e9}e ".repeat(1_000);
        {
            let client = Client::new(format!("http://{}", relay.address()))?;
            let found = client.call::<String>("cat", ("", &text)).await?;
            same(&found, &text)?;
        }
        relay.ended_within(1_000).await
    }

    /// 20 columns of a megabyte each.
    async fn large_answer(&self) -> Result {
        let (rtorrent, hash) = (self.stub()?, self.load().await?);
        rtorrent.set_label(&hash, &"x".repeat(1_000_000)).await?;
        let mut params = vec!["", "main"];
        params.extend(["d.custom1="; 20]);
        let call = rtorrent
            .client()
            .call::<Vec<Vec<String>>>("d.multicall2", params);
        let length = call.await?.iter().flatten().map(String::len).sum::<usize>();
        rtorrent.set_label(&hash, "").await?;
        same(&length, &20_000_000)
    }

    /// nginx asks for the password, at another path.
    async fn basic_auth(&self) -> Result {
        let address = self.nginx.as_deref().ok_or("nginx is not installed")?;
        let url = |password: &str| format!("http://moe:{password}@{address}/auth");
        pid(&Client::new(url("secret"))?).await?;
        let wrong = RtorrentClient::new(Client::new(url("wrong"))?)
            .pid()
            .await
            .err();
        let status = wrong.and_then(|error| error.status()).map(|it| it.as_u16());
        same(&status, &Some(401))
    }

    async fn example(&self) -> Result {
        for (number, url) in self.others.iter().chain([&self.url]).enumerate() {
            let file = self.folder.join(format!("n\u{e9}e {number}"));
            fs::write(&file, format!("{number} nyuk ").repeat(100_000))?;
            let text = example("rtorrent", &[url, utf8(&file)?]).await?;
            let parts = [
                "rTorrent 0.",
                " with libtorrent 0.",
                &format!("n\u{e9}e {number} is complete\n"),
                &format!(" n\u{e9}e {number}, \"an example\"\n"),
                "    700000 of 700000 bytes\n",
            ];
            holds(&text, &parts)?;
        }
        self.stop_and_start().await
    }

    async fn stop_and_start(&self) -> Result {
        let (rtorrent, columns) = (self.stub()?, DownloadRow::columns());
        let active = async || {
            let rows = rtorrent.downloads("", "main", &columns).await?;
            let row = rows.into_iter().find(|row| row.label == "an example");
            let row = row.ok_or("the download is missing")?;
            Result::Ok((row.hash, row.is_active))
        };
        let (hash, is_active) = active().await?;
        same(&is_active, &true)?;
        same(&rtorrent.stop(&hash).await?, &0)?;
        same(&active().await?, &(hash.clone(), false))?;
        same(&rtorrent.start(&hash).await?, &0)?;
        same(&active().await?, &(hash, true))
    }
}

async fn pid(client: &Client) -> Result {
    let pid = RtorrentClient::new(client).pid().await?;
    same(&(pid > 0), &true)
}

/// Starts an rTorrent without a terminal and with only this configuration.
fn launch(mut command: Command, folder: &Path, listen: &str) -> Result<Process> {
    let name = utf8(folder)?;
    fs::create_dir_all(folder.join("session"))?;
    let config = folder.join("rtorrent.rc");
    let lines = format!(
        "system.daemon.set = true\n\
         session.path.set = {name}/session\n\
         directory.default.set = {name}\n\
         network.port_range.set = {port}-{port}\n\
         dht.mode.set = disable\n\
         protocol.pex.set = no\n\
         trackers.use_udp.set = no\n\
         network.xmlrpc.size_limit.set = 16M\n\
         {listen}\n",
        port = free_port()?,
    );
    fs::write(&config, lines)?;
    command.args(["-n", "-o"]);
    start(
        "rtorrent",
        command.arg(format!("import={}", utf8(&config)?)),
    )
}

/// Starts nginx as one process that keeps all its files in the folder.
fn launch_nginx(folder: &Path, address: &str) -> Result<Process> {
    let name = utf8(folder)?;
    fs::write(folder.join("users"), "moe:{PLAIN}secret\n")?;
    let config = folder.join("nginx.conf");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {name}/nginx-{kind};\n"))
        .concat();
    let lines = format!(
        "daemon off; master_process off; pid {name}/nginx.pid; error_log {name}/nginx.log;\n\
         events {{ }}\n\
         http {{\n\
         access_log off; client_max_body_size 64m; keepalive_requests 10000;\n\
         gzip on; gzip_types text/xml;\n\
         {temporary}\
         scgi_param SCGI 1; scgi_param CONTENT_LENGTH $content_length;\n\
         scgi_param REQUEST_METHOD $request_method; scgi_param REQUEST_URI $request_uri;\n\
         server {{\n\
         listen {address}; listen unix:{name}/nginx.sock;\n\
         location /RPC2 {{ scgi_pass unix:{name}/rtorrent.sock; }}\n\
         location /auth {{\n\
         auth_basic stooges; auth_basic_user_file {name}/users;\n\
         scgi_pass unix:{name}/rtorrent.sock;\n\
         }}\n}}\n}}\n"
    );
    fs::write(&config, lines)?;
    let mut command = crate::peers::program("nginx").ok_or("nginx is not installed")?;
    let log = format!("{name}/nginx.log");
    let arguments = ["-p", name, "-e", &log, "-c", utf8(&config)?];
    start("nginx", command.args(arguments))
}
