//! The programs, and which cases each cannot pass.

use super::Program;
use crate::peers::{Peer, Side};

type Reason = (&'static str, &'static str);

/// The programs, in the order of the matrix.
pub(crate) fn peers() -> [Peer; 6] {
    let peer = |name, program, command, version, cannot| Peer {
        name,
        side: Side::Program(program),
        command,
        version,
        cannot,
    };
    [
        peer(
            "Supervisor",
            Program::Supervisor,
            &["supervisord"],
            &["supervisord", "--version"],
            SUPERVISOR,
        ),
        peer(
            "aria2",
            Program::Aria2,
            &["aria2c"],
            &["aria2c", "--version"],
            ARIA2,
        ),
        peer(
            "rTorrent",
            Program::Rtorrent,
            &["rtorrent"],
            &["rtorrent", "-h"],
            RTORRENT,
        ),
        peer(
            "rTorrent through nginx",
            Program::RtorrentThroughNginx,
            &["rtorrent"],
            &["nginx", "-v"],
            RTORRENT_THROUGH_NGINX,
        ),
        peer(
            "WordPress",
            Program::WordPress,
            &["php"],
            &[
                "php",
                "-r",
                "require '/usr/share/wordpress/wp-includes/version.php'; echo \"WordPress $wp_version, PHP \", PHP_VERSION;",
            ],
            WORDPRESS,
        ),
        peer(
            "rosmaster",
            Program::RosMaster,
            &["rosmaster"],
            &[
                "/usr/bin/python3",
                "-c",
                "from importlib.metadata import version; print('rosmaster', version('rosmaster'))",
            ],
            ROS_MASTER,
        ),
    ]
}

const SUPERVISOR: &[Reason] = &[
    ("int", "no method returns a number argument"),
    ("i8", "it reads `<i8>` as text"),
    ("double", "no method returns a number argument"),
    (
        "line_ends",
        "it writes carriage returns unescaped, and XML reads them as line feeds",
    ),
    (
        "base64",
        "it reads base64 as UTF-8 text and does not write it",
    ),
    (
        "base64_large",
        "it reads base64 as UTF-8 text and does not write it",
    ),
    ("date", "no method returns an argument of this type"),
    ("array", "no method returns an argument of this type"),
    ("struct", "no method returns an argument of this type"),
    ("nested", "no method returns its argument"),
    ("nil", "it does not write `<nil/>`"),
    ("many_params", "its methods have at most three parameters"),
    COMPRESSED,
    ("gzip_answer", "it does not compress"),
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("scgi", "it speaks HTTP"),
];

const ARIA2: &[Reason] = &[
    ("int", "it writes numbers as strings"),
    ("i8", "it does not read `<i8>`"),
    ("boolean", "it reads and writes booleans as strings"),
    ("double", "it writes numbers as strings"),
    ("date", "no method takes a date"),
    ("array", "its array parameters contain only URIs"),
    ("struct", "its structs contain only its own options"),
    ("nested", "no method returns its argument"),
    ("nil", "no method takes nil"),
    (
        "many_params",
        "its methods have at most five parameters and the secret",
    ),
    COMPRESSED,
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("unix_socket", "it listens only on TCP ports"),
    ("scgi", "it speaks HTTP"),
];

const RTORRENT: &[Reason] = &[
    NO_BOOLEAN,
    NO_DOUBLE,
    NO_LARGE_BASE64,
    NO_DATE,
    NO_ARRAY,
    NO_STRUCT,
    NO_NESTED,
    NO_NIL,
    COMPRESSED,
    ("gzip_answer", "it does not compress"),
    ("keep_alive", "each SCGI request needs its own connection"),
    (
        "basic_auth",
        "SCGI has no authentication: every client that can connect can call",
    ),
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("unix_socket", "it speaks SCGI on its unix socket"),
];

const RTORRENT_THROUGH_NGINX: &[Reason] = &[
    NO_BOOLEAN,
    NO_DOUBLE,
    NO_LARGE_BASE64,
    NO_DATE,
    NO_ARRAY,
    NO_STRUCT,
    NO_NESTED,
    NO_NIL,
    COMPRESSED,
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("scgi", "nginx speaks SCGI for us"),
];

const WORDPRESS: &[Reason] = &[
    ("i8", "it reads `<i8>` as text"),
    ("double", "no method returns a double"),
    (
        "line_ends",
        "it writes carriage returns unescaped, and XML reads them as line feeds",
    ),
    ("array", "no method returns an argument of this type"),
    ("struct", "no method returns an argument of this type"),
    ("nested", "no method returns its argument"),
    ("nil", "it does not read or write `<nil/>`"),
    COMPRESSED,
    ("gzip_answer", "PHP's own server does not compress"),
    (
        "keep_alive",
        "PHP's own server closes the connection after each response",
    ),
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("unix_socket", "PHP's own server listens only on TCP ports"),
    ("scgi", "PHP's own server speaks HTTP"),
];

const ROS_MASTER: &[Reason] = &[
    (
        "i8",
        "it reads integers of any size, but writes only 32 bits",
    ),
    (
        "line_ends",
        "it writes carriage returns unescaped, and XML reads them as line feeds",
    ),
    ("nil", "its parameters cannot be nil"),
    ("many_params", "its methods have at most four parameters"),
    ("introspection", "it has no introspection"),
    COMPRESSED,
    ("basic_auth", "it has no authentication"),
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("unix_socket", "it listens only on TCP ports"),
    ("scgi", "it speaks HTTP"),
];

const COMPRESSED: Reason = ("gzip_request", "our client does not compress calls");
const LATIN1_REQUEST: Reason = ("latin1_request", "our client sends only UTF-8");
const LATIN1_ANSWER: Reason = ("latin1_answer", "it writes only UTF-8");

const NO_BOOLEAN: Reason = ("boolean", "its commands accept no booleans");
const NO_DOUBLE: Reason = ("double", "its commands accept no doubles");
const NO_LARGE_BASE64: Reason = ("base64_large", "it accepts at most 2 MiB over SCGI");
const NO_DATE: Reason = (
    "date",
    "its commands accept no dates: its times are integers",
);
const NO_ARRAY: Reason = ("array", "no command returns its array argument");
const NO_STRUCT: Reason = ("struct", "its commands accept no structs");
const NO_NESTED: Reason = ("nested", "no command returns its argument");
const NO_NIL: Reason = ("nil", "its commands accept no nil");
