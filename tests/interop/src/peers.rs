//! The peers: how each is started, and what it has not.

use std::{env, path::PathBuf};

use tokio::process::Command;
use xmlrpc_core::Dialect;

use crate::programs::{self, Program};

/// Which side of a call a peer is on.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Side {
    /// It calls our server. Its program gets the URL and the path of a unix socket, and prints an
    /// outcome for each case.
    Client,
    /// Our client calls it. Its program prints the address.
    Server(Dialect),
    /// A program of its own, which an example of ours drives: `programs` starts both.
    Program(Program),
}

/// A peer of the suite.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) side: Side,
    /// The program and its arguments; one that is in `peers/` is taken from there.
    pub(crate) command: &'static [&'static str],
    pub(crate) version: &'static [&'static str],
    /// What it has not, or does otherwise, with the reason in words.
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

/// The folder of what `run` has built and installed.
fn built() -> PathBuf {
    env::var_os("INTEROP_BUILT").map_or_else(|| folder().join("built"), PathBuf::from)
}

/// A command, if its program is there. `built/` begins what `run` has built.
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
    // For those that call an example of their own.
    if let Ok(path) = env::current_exe() {
        command.env("INTEROP_EXAMPLES", path.with_file_name("examples"));
    }
    Some(command)
}

/// The command of a program that is installed.
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
                    "it reads integers of any size, and writes none beyond 32 bits",
                ),
                (
                    "line_ends",
                    "it writes a carriage return as it is, which is a line feed to XML",
                ),
                ("unix_socket", "its server has none"),
                ("scgi", "its server speaks HTTP"),
                ("example", "the demo of its module is a test of its own"),
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
                    "it reads integers of any size, and writes none beyond 32 bits",
                ),
                (
                    "line_ends",
                    "it writes a carriage return as it is, which is a line feed to XML",
                ),
                ("unix_socket", "its server has none"),
                ("scgi", "its server speaks HTTP"),
                ("latin1_answer", "SimpleXMLRPCServer stands for it"),
                ("example", "the demo of its module is a test of its own"),
            ],
        },
    ]);
    peers.extend(servers());
    peers.extend(programs::peers());
    peers
}

const LIBRARY: &str = "a library: the examples are of programs";

/// What xmlrpc-c's server cannot, whatever its dialect.
const ABYSS: &[(&str, &str)] = &[
    (
        "double",
        "it writes 16 digits where 17 are needed, and small numbers with an error",
    ),
    ("line_ends", "it takes each line end for a line feed"),
    (
        "unicode",
        "it refuses what is beyond the Basic Multilingual Plane",
    ),
    ("date", "it writes the year 1 as one digit"),
    ("gzip_answer", "it compresses nothing"),
    ("scgi", "its servers speak HTTP and CGI"),
    ("latin1_answer", "it writes UTF-8 alone"),
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
                    "it writes a carriage return as it is, which is a line feed to XML",
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
                ("i8", "it reads `<i8>` as a string"),
                ("date", "it writes the year 1 as one digit"),
                (
                    "unknown_method",
                    "it answers with an empty 404 in place of a fault",
                ),
                (
                    "multicall",
                    "it has none: our client sends single calls, if told to",
                ),
                ("introspection", "it has none"),
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
                    "it reads integers of any size, and writes none beyond 32 bits",
                ),
                (
                    "line_ends",
                    "it writes a carriage return as it is, which is a line feed to XML",
                ),
                (
                    "multicall",
                    "it has none: our client sends single calls, if told to",
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
