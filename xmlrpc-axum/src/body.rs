//! Reads a body, inflates it, and stops at a bound.

use std::{
    error::Error,
    io::{self, Write},
    pin::Pin,
};

use axum::{BoxError, body::HttpBody};
use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status, write::MultiGzDecoder};
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT},
};
use http_body_util::{BodyExt, LengthLimitError};

use crate::refusal::Refusal;

/// More than this is not reserved on the word of a `Content-Length`.
const RESERVED: usize = 64 << 10;

/// The most that is read of a refused body.
const DISCARDED: usize = 64 << 20;

/// What was done to the body before it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Deflate,
}

impl Encoding {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let Some(value) = values.next() else {
            return Ok(Self::Identity);
        };
        let value = value.to_str().unwrap_or("?").trim().to_ascii_lowercase();
        match value.as_str() {
            _ if values.next().is_some() => Err(Refusal::ContentEncoding),
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            _ => Err(Refusal::ContentEncoding),
        }
    }
}

/// The whole body, inflated. Neither what comes nor what it inflates to may exceed `limit`.
pub(crate) async fn read<B>(
    mut body: Pin<&mut B>,
    encoding: Encoding,
    limit: usize,
) -> Result<Bytes, Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let mut sink = Sink::new(encoding, limit);
    let mut received = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&*error.into(), limit))?;
        let Ok(data) = frame.into_data() else {
            continue; // trailers
        };
        received = received.saturating_add(data.len());
        if received > limit {
            return Err(Refusal::TooLarge { limit });
        }
        sink.push(data)?;
    }
    sink.finish()
}

/// Reads what is left of a refused body, and keeps none of it.
///
/// Most clients read no answer before they have sent all of their request. Where the connection is
/// closed under them, all that they see is a broken pipe.
pub(crate) async fn discard<B>(mut body: Pin<&mut B>, headers: &HeaderMap)
where
    B: HttpBody<Data = Bytes>,
{
    // Who waits to be asked for the body reads the answer first.
    let waits = headers.contains_key(EXPECT);
    if waits || content_length(headers).is_some_and(|length| length > DISCARDED as u64) {
        return;
    }
    let mut discarded = 0_usize;
    while let Some(Ok(frame)) = body.frame().await {
        discarded = discarded.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if discarded > DISCARDED {
            return;
        }
    }
}

/// What the `Content-Length` says, which may be a lie.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
    length.trim().parse().ok()
}

/// A layer of the user's may have a bound of its own.
fn broken(error: &(dyn Error + 'static), limit: usize) -> Refusal {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<LengthLimitError>() {
            return Refusal::TooLarge { limit };
        }
        next = error.source();
    }
    tracing::debug!(%error, "a body broke off");
    Refusal::BrokenOff
}

enum Sink {
    /// Most bodies come in one piece, which need not be copied.
    One(Bytes),
    Many(Vec<u8>),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    Zlib(Box<Zlib>),
}

impl Sink {
    fn new(encoding: Encoding, limit: usize) -> Self {
        match encoding {
            Encoding::Identity => Self::One(Bytes::new()),
            Encoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(Bounded::new(limit)))),
            Encoding::Deflate => Self::Zlib(Box::new(Zlib::new(limit))),
        }
    }

    fn push(&mut self, data: Bytes) -> Result<(), Refusal> {
        match self {
            Self::One(one) if one.is_empty() => *one = data,
            Self::One(one) => {
                let mut many = Vec::with_capacity((one.len() + data.len()).max(RESERVED));
                many.extend_from_slice(one);
                many.extend_from_slice(&data);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.extend_from_slice(&data),
            Self::Gzip(gzip) => {
                let written = gzip.write_all(&data);
                written.map_err(|_| gzip.get_ref().refusal())?;
            }
            Self::Zlib(zlib) => zlib.push(&data)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<Bytes, Refusal> {
        match self {
            Self::One(one) => Ok(one),
            Self::Many(many) => Ok(many.into()),
            Self::Gzip(mut gzip) => {
                let finished = gzip.try_finish();
                finished.map_err(|_| gzip.get_ref().refusal())?;
                Ok(std::mem::take(&mut gzip.get_mut().bytes).into())
            }
            Self::Zlib(zlib) if zlib.ended => Ok(zlib.output.bytes.into()),
            Self::Zlib(_) => Err(Refusal::NotInflated),
        }
    }
}

/// What has been inflated; takes no more than `limit`.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    exceeded: bool,
}

impl Bounded {
    fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
            exceeded: false,
        }
    }

    fn refusal(&self) -> Refusal {
        if self.exceeded {
            Refusal::TooLarge { limit: self.limit }
        } else {
            Refusal::NotInflated
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() > self.limit - self.bytes.len() {
            self.exceeded = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Not `flate2::write::ZlibDecoder`, which does not say whether the stream had come to its end.
struct Zlib {
    inflate: Decompress,
    buffer: [u8; 16 << 10],
    output: Bounded,
    ended: bool,
}

impl Zlib {
    fn new(limit: usize) -> Self {
        Self {
            inflate: Decompress::new(true),
            buffer: [0; 16 << 10],
            output: Bounded::new(limit),
            ended: false,
        }
    }

    fn push(&mut self, mut input: &[u8]) -> Result<(), Refusal> {
        loop {
            if self.ended {
                return if input.is_empty() {
                    Ok(())
                } else {
                    Err(Refusal::NotInflated)
                };
            }
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(input, &mut self.buffer, FlushDecompress::None);
            let status = status.map_err(|_| Refusal::NotInflated)?;
            let read = difference(self.inflate.total_in(), read);
            let written = difference(self.inflate.total_out(), written);
            let (Some(rest), Some(inflated)) = (input.get(read..), self.buffer.get(..written))
            else {
                return Err(Refusal::NotInflated);
            };
            input = rest;
            let output = &mut self.output;
            output.write_all(inflated).map_err(|_| output.refusal())?;
            self.ended = status == Status::StreamEnd;
            if !self.ended && read == 0 && written == 0 {
                // Nothing more comes of what is there.
                return if input.is_empty() {
                    Ok(())
                } else {
                    Err(Refusal::NotInflated)
                };
            }
        }
    }
}

/// Both count what one call has moved, which is no more than a buffer holds.
fn difference(after: u64, before: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}
