//! The peers: how to start each, and which cases it cannot pass.

use std::{env, path::PathBuf};

use tokio::process::Command;
use xmlrpc_core::Dialect;

use crate::programs::{self, Program};

/// Which side of a call a peer is on.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Side {
    /// It calls our server. Its program gets the URL and the path of a unix socket, and prints the
    /// outcome of each case.
    Client,
    /// Our client calls it. Its program prints the address.
    Server(Dialect),
    /// A program with its own interface, which one of our examples calls. `programs` starts both.
    Program(Program),
}

/// A peer of the suite.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) side: Side,
    /// The program and its arguments. Names of files in `peers/` become their paths.
    pub(crate) command: &'static [&'static str],
    pub(crate) version: &'static [&'static str],
    /// The cases that it cannot pass, with the reasons.
    pub(crate) cannot: &'static [(&'static str, &'static str)],
}

impl Peer {
    pub(crate) fn command(&self) -> Option<Command> {
        command(self.command)
    }

    pub(crate) fn version(&self) -> Option<Command> {
        command(self.version)
    }
}

/// The folder of the scripts.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// The folder in which `run` builds and installs peers.
fn built() -> PathBuf {
    env::var_os("INTEROP_BUILT").map_or_else(|| folder().join("built"), PathBuf::from)
}

/// A command, if its program is installed. `built/` stands for the folder of `run`.
fn command(words: &[&str]) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let program = match program.strip_prefix("built/") {
        Some(name) => built().join(name),
        None => find(program)?,
    };
    if !program.exists() {
        return None;
    }
    let mut command = Command::new(program);
    for argument in arguments {
        let script = folder().join(argument);
        if script.exists() {
            command.arg(script);
        } else {
            command.arg(argument);
        }
    }
    command.current_dir(built());
    // Some peers call their own example.
    if let Ok(path) = env::current_exe() {
        command.env("INTEROP_EXAMPLES", path.with_file_name("examples"));
    }
    Some(command)
}

/// A command with this program, if it is installed.
pub(crate) fn program(name: &str) -> Option<Command> {
    command(&[name])
}

fn find(program: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let mut programs = env::split_paths(&paths).map(|path| path.join(program));
    programs.find(|path| path.exists())
}

macro_rules! pythons {
    ($($name:literal $program:literal,)*) => {
        [$(Peer {
            name: $name,
            side: Side::Client,
            command: &[$program, "python_client.py"],
            version: &[$program, "--version"],
            cannot: &[],
        }),*]
    };
}

/// All of them, in the order of the matrix.
pub(crate) fn all() -> Vec<Peer> {
    let mut peers: Vec<Peer> = pythons! {
        "Python 2.7" "built/python2.7",
        "Python 3.6" "built/python3.6",
        "Python 3.7" "built/python3.7",
        "Python 3.8" "built/python3.8",
        "Python 3.9" "built/python3.9",
        "Python 3.10" "built/python3.10",
        "Python 3.11" "built/python3.11",
        "Python 3.12" "built/python3.12",
        "Python 3.13" "built/python3.13",
    }
    .into();
    peers.extend(clients());
    peers.extend([
        Peer {
            name: "SimpleXMLRPCServer",
            side: Side::Server(Dialect::EXTENDED),
            command: &["python3", "python_server.py", "simple"],
            version: &["python3", "--version"],
            cannot: &[
                (
                    "i8",
                    "it reads integers of any size, but writes only 32 bits",
                ),
                (
                    "line_ends",
                    "it writes carriage returns unescaped, and XML reads them as line feeds",
                ),
                ("unix_socket", "its server does not listen on unix sockets"),
                ("scgi", "its server speaks HTTP"),
                ("example", "another test covers the demo of its module"),
            ],
        },
        Peer {
            name: "DocXMLRPCServer",
            side: Side::Server(Dialect::EXTENDED),
            command: &["python3", "python_server.py", "doc"],
            version: &["python3", "--version"],
            cannot: &[
                (
                    "i8",
                    "it reads integers of any size, but writes only 32 bits",
                ),
                (
                    "line_ends",
                    "it writes carriage returns unescaped, and XML reads them as line feeds",
                ),
                ("unix_socket", "its server does not listen on unix sockets"),
                ("scgi", "its server speaks HTTP"),
                ("latin1_answer", "the column SimpleXMLRPCServer covers it"),
                ("example", "another test covers the demo of its module"),
            ],
        },
    ]);
    peers.extend(servers());
    peers.extend(programs::peers());
    peers
}

const LIBRARY: &str = "it is a library, and the examples call programs";

/// What xmlrpc-c's server cannot do in any dialect.
const ABYSS: &[(&str, &str)] = &[
    (
        "double",
        "it writes 16 digits where 17 are needed, and writes small numbers inexactly",
    ),
    ("line_ends", "it turns each line end into a line feed"),
    (
        "unicode",
        "it refuses characters outside the Basic Multilingual Plane",
    ),
    ("date", "it writes the year 1 as one digit"),
    ("gzip_answer", "it does not compress"),
    ("scgi", "its servers speak HTTP and CGI"),
    ("latin1_answer", "it writes only UTF-8"),
    ("example", LIBRARY),
];

/// The servers of C++, Ruby, JavaScript and Twisted.
fn servers() -> [Peer; 5] {
    [
        Peer {
            name: "xmlrpc-c Abyss",
            side: Side::Server(Dialect::EXTENDED),
            command: &["built/abyss_server", "i8"],
            version: &["xmlrpc-c-config", "--version"],
            cannot: ABYSS,
        },
        Peer {
            name: "xmlrpc-c Abyss (apache)",
            side: Side::Server(Dialect::APACHE),
            command: &["built/abyss_server", "apache"],
            version: &["xmlrpc-c-config", "--version"],
            cannot: ABYSS,
        },
        Peer {
            name: "Ruby WEBrick",
            side: Side::Server(Dialect::EXTENDED),
            command: &["ruby", "ruby_server.rb"],
            version: &[
                "ruby",
                "-rxmlrpc",
                "-e",
                "puts \"xmlrpc #{XMLRPC::VERSION}, Ruby #{RUBY_VERSION}\"",
            ],
            cannot: &[
                (
                    "line_ends",
                    "it writes carriage returns unescaped, and XML reads them as line feeds",
                ),
                ("scgi", "its servers speak HTTP and CGI"),
                ("example", LIBRARY),
            ],
        },
        Peer {
            name: "node xmlrpc server",
            side: Side::Server(Dialect::EXTENDED),
            command: &["node", "node_server.js"],
            version: &[
                "node",
                "-p",
                "`xmlrpc ${require('xmlrpc/package.json').version}, node ${process.version}`",
            ],
            cannot: &[
                ("i8", "it reads `<i8>` as text"),
                ("date", "it writes the year 1 as one digit"),
                (
                    "unknown_method",
                    "it sends an empty HTTP 404 instead of a fault",
                ),
                (
                    "multicall",
                    "it has no multicall; our client can send single calls instead",
                ),
                ("introspection", "it has no introspection"),
                ("scgi", "its server speaks HTTP"),
                ("example", LIBRARY),
            ],
        },
        Peer {
            name: "Twisted server",
            side: Side::Server(Dialect::EXTENDED),
            command: &["built/venv/bin/python", "twisted_server.py"],
            version: &["built/venv/bin/twist", "--version"],
            cannot: &[
                (
                    "i8",
                    "it reads integers of any size, but writes only 32 bits",
                ),
                (
                    "line_ends",
                    "it writes carriage returns unescaped, and XML reads them as line feeds",
                ),
                (
                    "multicall",
                    "it has no multicall; our client can send single calls instead",
                ),
                ("scgi", "its server speaks HTTP"),
                ("example", LIBRARY),
            ],
        },
    ]
}

/// Clients of other languages.
fn clients() -> [Peer; 6] {
    [
        Peer {
            name: "Ruby xmlrpc",
            side: Side::Client,
            command: &["ruby", "ruby_client.rb"],
            version: &[
                "ruby",
                "-e",
                r#"puts "Ruby #{RUBY_VERSION}, xmlrpc #{Gem::Specification.find_by_name("xmlrpc").version}""#,
            ],
            cannot: &[],
        },
        Peer {
            name: "node xmlrpc",
            side: Side::Client,
            command: &["node", "node_client.js"],
            version: &[
                "node",
                "-p",
                "`node ${process.version}, xmlrpc ${require('./node/node_modules/xmlrpc/package').version}`",
            ],
            cannot: &[],
        },
        Peer {
            name: "Twisted Proxy",
            side: Side::Client,
            command: &["built/venv/bin/python", "twisted_client.py"],
            version: &[
                "built/venv/bin/python",
                "-c",
                "import platform, twisted; print('Python %s, Twisted %s' % (platform.python_version(), twisted.__version__))",
            ],
            cannot: &[],
        },
        Peer {
            name: "xmlrpc-c",
            side: Side::Client,
            command: &["built/xmlrpc_c_client"],
            version: &["built/xmlrpc_c_client", "--version"],
            cannot: &[],
        },
        Peer {
            name: "xmlrpc (command)",
            side: Side::Client,
            command: &["python3", "xmlrpc_command.py"],
            version: &["built/xmlrpc_c_client", "--version"],
            cannot: &[],
        },
        Peer {
            name: "supervisorctl",
            side: Side::Client,
            command: &["built/venv/bin/python", "supervisorctl.py"],
            version: &[
                "built/venv/bin/python",
                "-c",
                "from supervisor.options import VERSION; print('Supervisor', VERSION)",
            ],
            cannot: &[],
        },
    ]
}
