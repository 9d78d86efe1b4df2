//! What the programs have not, or do otherwise.

use super::Program;
use crate::peers::{Peer, Side};

type Reason = (&'static str, &'static str);

/// The programs, in the order of the matrix.
pub(crate) fn peers() -> [Peer; 4] {
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
    ]
}

const SUPERVISOR: &[Reason] = &[
    (
        "int",
        "it has no method that returns the number that it gets",
    ),
    ("i8", "it takes <i8> for a text"),
    (
        "double",
        "it has no method that returns the number that it gets",
    ),
    (
        "line_ends",
        "it writes a carriage return as it is, which is a line feed to XML",
    ),
    ("base64", "it takes it for a text in UTF-8, and writes none"),
    (
        "base64_large",
        "it takes it for a text in UTF-8, and writes none",
    ),
    ("date", "it has no method that returns the one that it gets"),
    (
        "array",
        "it has no method that returns the one that it gets",
    ),
    (
        "struct",
        "it has no method that returns the one that it gets",
    ),
    ("nested", "it has no method that returns what it gets"),
    ("nil", "it writes no <nil/>"),
    ("many_params", "its methods have three at most"),
    COMPRESSED,
    ("gzip_answer", "it compresses nothing"),
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("scgi", "it speaks HTTP"),
];

const ARIA2: &[Reason] = &[
    ("int", "it writes numbers as strings"),
    ("i8", "it reads no <i8>"),
    ("boolean", "it reads and writes them as strings"),
    ("double", "it writes numbers as strings"),
    ("date", "it has no method that takes one"),
    ("array", "its arrays are of URIs, and of what it returns"),
    (
        "struct",
        "its structs have its options, and no other members",
    ),
    ("nested", "it has no method that returns what it gets"),
    ("nil", "it has no method that takes it"),
    (
        "many_params",
        "its methods have five at most, and the secret",
    ),
    COMPRESSED,
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("unix_socket", "it listens at ports alone"),
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
    ("gzip_answer", "it compresses nothing"),
    ("keep_alive", "an SCGI request has a connection of its own"),
    ("basic_auth", "SCGI has none: who may connect may call"),
    LATIN1_REQUEST,
    LATIN1_ANSWER,
    ("unix_socket", "what it speaks there is SCGI"),
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
    ("scgi", "nginx speaks it for us"),
];

const COMPRESSED: Reason = ("gzip_request", "our client sends nothing compressed");
const LATIN1_REQUEST: Reason = ("latin1_request", "our client sends UTF-8 alone");
const LATIN1_ANSWER: Reason = ("latin1_answer", "it writes UTF-8 alone");

const NO_BOOLEAN: Reason = ("boolean", "its commands take none");
const NO_DOUBLE: Reason = ("double", "its commands take none");
const NO_LARGE_BASE64: Reason = ("base64_large", "it takes 2 MiB over SCGI");
const NO_DATE: Reason = ("date", "its commands take none: its times are integers");
const NO_ARRAY: Reason = (
    "array",
    "it has no command that returns the one that it gets",
);
const NO_STRUCT: Reason = ("struct", "its commands take none");
const NO_NESTED: Reason = ("nested", "it has no command that returns what it gets");
const NO_NIL: Reason = ("nil", "its commands take none");
