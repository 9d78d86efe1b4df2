//! The servers that the tests start, if they are installed.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::{sleep, spawn},
    time::{Duration, Instant},
};

/// The time for a server to start.
const START: Duration = Duration::from_secs(60);

/// A server, which ends with this value.
pub(crate) struct Server {
    processes: Vec<Child>,
    pub(crate) url: String,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            // Supervisor ends its own processes only if it is asked to.
            let _ = Command::new("kill").arg(process.id().to_string()).status();
            let begin = Instant::now();
            while process.try_wait().is_ok_and(|status| status.is_none()) {
                if begin.elapsed() > Duration::from_secs(10) {
                    let _ = process.kill();
                }
                sleep(Duration::from_millis(20));
            }
        }
    }
}

fn installed(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let found = env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|it| it.is_file());
    if found.is_none() {
        eprintln!("{name} is not installed, so its test did not run");
    }
    found
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a program with these arguments in a folder.
fn launch(program: &Path, arguments: &[String], folder: &Path) -> Child {
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Starts a server. `prepare` writes its files and returns its arguments and its URL.
fn start(name: &str, prepare: impl FnOnce(&Path, u16) -> (Vec<String>, String)) -> Option<Server> {
    let program = installed(name)?;
    let folder = tempfile::tempdir().unwrap();
    let (arguments, url) = prepare(folder.path(), free_port());
    let process = launch(&program, &arguments, folder.path());
    let server = Server {
        processes: vec![process],
        url,
        folder,
    };
    server.wait(name);
    Some(server)
}

impl Server {
    /// Starts a server that prints its address, as the last word of a line.
    pub(crate) fn printing(command: &mut Command, folder: tempfile::TempDir) -> Option<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.stderr(Stdio::null()).spawn().ok()?;
        let mut lines = BufReader::new(process.stdout.take()?).lines();
        let mut server = Self {
            processes: vec![process],
            url: String::new(),
            folder,
        };
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let word = line.split_whitespace().next_back()?;
            word.starts_with("http://").then(|| word.to_owned())
        });
        server.url = url?;
        // What it prints later must not fill the pipe.
        spawn(move || lines.for_each(drop));
        Some(server)
    }

    fn wait(&self, name: &str) {
        let begin = Instant::now();
        while !xmlrpc(&["gen", "json", &self.url]).status.success() {
            assert!(begin.elapsed() < START, "{name} does not respond");
            sleep(Duration::from_millis(100));
        }
    }
}

/// Runs the command.
pub(crate) fn xmlrpc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xmlrpc"))
        .args(arguments)
        .env("no_proxy", "*")
        .output()
        .unwrap()
}

pub(crate) fn python() -> Option<Server> {
    start("python3", |_, port| {
        let program = format!(
            "from xmlrpc.server import SimpleXMLRPCServer\n\
             server = SimpleXMLRPCServer(('127.0.0.1', {port}), logRequests=False)\n\
             server.register_introspection_functions()\n\
             def add(x, y):\n    return x + y\n\
             server.register_function(add)\n\
             server.serve_forever()\n"
        );
        (
            vec!["-c".to_owned(), program],
            format!("http://127.0.0.1:{port}/RPC2"),
        )
    })
}

pub(crate) fn supervisor() -> Option<Server> {
    start("supervisord", |folder, port| {
        let config = folder.join("supervisord.conf");
        let lines = format!(
            "[supervisord]\nnodaemon = true\nsilent = true\n\
             [rpcinterface:supervisor]\n\
             supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
             [inet_http_server]\nport = 127.0.0.1:{port}\n\
             [program:cat]\ncommand = cat\nstartsecs = 0\n"
        );
        fs::write(&config, lines).unwrap();
        let arguments = vec!["-c".to_owned(), config.to_str().unwrap().to_owned()];
        (arguments, format!("http://127.0.0.1:{port}/RPC2"))
    })
}

pub(crate) fn aria2() -> Option<Server> {
    start("aria2c", |folder, port| {
        let arguments = [
            "--enable-rpc".to_owned(),
            format!("--rpc-listen-port={port}"),
            "--no-conf".to_owned(),
            format!("--dir={}", folder.display()),
        ];
        (arguments.into(), format!("http://127.0.0.1:{port}/rpc"))
    })
}

pub(crate) fn rtorrent() -> Option<Server> {
    start("rtorrent", |folder, port| {
        let folder = folder.display();
        fs::create_dir(format!("{folder}/session")).unwrap();
        let config = format!("{folder}/rtorrent.rc");
        let lines = format!(
            "system.daemon.set = true\nsession.path.set = {folder}/session\n\
             directory.default.set = {folder}\nnetwork.port_range.set = {port}-{port}\n\
             dht.mode.set = disable\nprotocol.pex.set = no\ntrackers.use_udp.set = no\n\
             network.scgi.open_local = {folder}/rpc.sock\n"
        );
        fs::write(&config, lines).unwrap();
        let arguments = ["-n".to_owned(), "-o".to_owned(), format!("import={config}")];
        (arguments.into(), format!("scgi+unix://{folder}/rpc.sock"))
    })
}

/// A copy of Debian's WordPress, with its own MariaDB, on PHP's own server. The user is `ada`, the password
/// `secret`.
pub(crate) fn wordpress() -> Option<Server> {
    let (php, database) = (installed("php")?, installed("mariadbd")?);
    let package = Path::new("/usr/share/wordpress");
    if !package.is_dir() {
        eprintln!("WordPress is not installed, so its test did not run");
        return None;
    }
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let (site, data, socket) = (
        folder.join("site"),
        folder.join("data"),
        folder.join("sql.sock"),
    );
    let done = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}: {output:?}", program.display());
    };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    done(Path::new("cp"), &["-rL", &text(package), &text(&site)]);
    let data = format!("--datadir={}", text(&data));
    let common = ["--no-defaults", &data, "--user=root"];
    let install = ["--auth-root-authentication-method=normal", "--skip-test-db"];
    done(
        Path::new("mariadb-install-db"),
        &[common.as_slice(), &install].concat(),
    );
    let mut arguments: Vec<String> = common.map(str::to_owned).into();
    arguments.push(format!("--socket={}", socket.display()));
    arguments.push(format!("--pid-file={}", folder.join("sql.pid").display()));
    arguments.extend(["--skip-networking", "--innodb-buffer-pool-size=64M"].map(str::to_owned));
    let database = launch(&database, &arguments, folder);
    let address = format!("127.0.0.1:{}", free_port());
    let mut server = Server {
        processes: vec![database],
        url: format!("http://{address}/xmlrpc.php"),
        folder: temporary,
    };
    let config = format!(
        "<?php\n\
         define('DB_NAME', 'wordpress');\ndefine('DB_USER', 'root');\ndefine('DB_PASSWORD', '');\n\
         define('DB_HOST', 'localhost:{}');\ndefine('DB_CHARSET', 'utf8mb4');\ndefine('DB_COLLATE', '');\n\
         define('WP_SITEURL', 'http://{address}');\ndefine('WP_HOME', 'http://{address}');\n\
         define('WP_HTTP_BLOCK_EXTERNAL', true);\ndefine('DISABLE_WP_CRON', true);\n\
         define('AUTOMATIC_UPDATER_DISABLED', true);\n$table_prefix = 'wp_';\n\
         define('ABSPATH', __DIR__ . '/');\nrequire_once ABSPATH . 'wp-settings.php';\n",
        socket.display(),
    );
    fs::write(site.join("wp-config.php"), config).unwrap();
    let begin = Instant::now();
    while !socket.exists() {
        assert!(begin.elapsed() < START, "MariaDB does not start");
        sleep(Duration::from_millis(50));
    }
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/interop/peers/wordpress_install.php");
    let settings = ["-d", "sendmail_path=/bin/true", "-d", "memory_limit=1G"];
    let install = [text(&script), text(&site), text(&socket)];
    let install: Vec<&str> = settings
        .into_iter()
        .chain(install.iter().map(String::as_str))
        .collect();
    done(&php, &install);
    let mut arguments: Vec<String> = settings.map(str::to_owned).into();
    arguments.extend(["-S".to_owned(), address, "-t".to_owned(), text(&site)]);
    server
        .processes
        .push(launch(&php, &arguments, server.folder.path()));
    server.wait("WordPress");
    Some(server)
}
