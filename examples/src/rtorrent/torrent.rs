//! Makes a torrent from a file.

use std::{collections::BTreeMap, fmt::Write};

use sha1::{Digest, Sha1};

/// The size of a piece. Each piece has its own hash.
const PIECE: usize = 256 << 10;

/// A torrent, and the hash that identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torrent {
    /// The content of the `.torrent` file.
    pub bytes: Vec<u8>,
    /// 40 hexadecimal digits in upper case.
    pub hash: String,
}

impl Torrent {
    /// The torrent of a file with this name and content. `announce` is the URL of its tracker.
    pub fn of_file(name: &str, content: &[u8], announce: &str) -> Self {
        let pieces = content.chunks(PIECE).flat_map(Sha1::digest).collect();
        let info = Bencode::dict([
            ("name", Bencode::Bytes(name.into())),
            ("length", Bencode::Int(content.len())),
            ("piece length", Bencode::Int(PIECE)),
            ("pieces", Bencode::Bytes(pieces)),
        ]);
        Self::with_info(info, announce)
    }

    /// The torrent with this description.
    pub fn with_info(info: Bencode, announce: &str) -> Self {
        let hash = Sha1::digest(info.encode());
        let hash = hash.iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02X}");
            hash
        });
        let announce = Bencode::Bytes(announce.into());
        let bytes = Bencode::dict([("announce", announce), ("info", info)]).encode();
        Self { bytes, hash }
    }
}

/// A value in Bencode, the format of torrents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names explain them")]
pub enum Bencode {
    Int(usize),
    Bytes(Vec<u8>),
    Dict(BTreeMap<&'static str, Bencode>),
}

impl Bencode {
    /// A dictionary, sorted by its keys.
    pub fn dict(members: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Dict(members.into_iter().collect())
    }

    /// The bytes of the value.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    fn encode_into(&self, out: &mut Vec<u8>) {
        let text = |bytes: &[u8], out: &mut Vec<u8>| {
            out.extend_from_slice(format!("{}:", bytes.len()).as_bytes());
            out.extend_from_slice(bytes);
        };
        match self {
            Self::Int(number) => out.extend_from_slice(format!("i{number}e").as_bytes()),
            Self::Bytes(bytes) => text(bytes, out),
            Self::Dict(members) => {
                out.push(b'd');
                for (key, value) in members {
                    text(key.as_bytes(), out);
                    value.encode_into(out);
                }
                out.push(b'e');
            }
        }
    }
}
