//! Inflates a body while it arrives, up to a maximum size.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status, write::GzDecoder};

use crate::refusal::Refusal;

/// The maximum number of gzip members in a body. Clients send one.
pub(crate) const MEMBERS: usize = 16;

/// This does not use `flate2::write::MultiGzDecoder`, which accepts any number of members. An empty
/// member has 20 bytes, but setting it up costs as much as a large one.
pub(crate) struct Gzip {
    member: GzDecoder<Bounded>,
    count: usize,
}

impl Gzip {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            member: GzDecoder::new(Bounded::new(limit)),
            count: 1,
        }
    }

    pub(crate) fn push(&mut self, mut input: &[u8]) -> Result<(), Refusal> {
        while !input.is_empty() {
            let written = self.member.write(input);
            let written = written.map_err(|_| self.member.get_ref().refusal())?;
            if written == 0 {
                self.next_member()?;
            }
            input = input.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Bytes, Refusal> {
        Ok(self.end_member()?.bytes.into())
    }

    fn next_member(&mut self) -> Result<(), Refusal> {
        let output = self.end_member()?;
        if self.count == MEMBERS {
            return Err(Refusal::Members);
        }
        self.count += 1;
        self.member = GzDecoder::new(output);
        Ok(())
    }

    /// Verifies the checksum of the member, and takes the output so far.
    fn end_member(&mut self) -> Result<Bounded, Refusal> {
        let finished = self.member.try_finish();
        finished.map_err(|_| self.member.get_ref().refusal())?;
        Ok(std::mem::replace(self.member.get_mut(), Bounded::new(0)))
    }
}

/// This does not use `flate2::write::ZlibDecoder`, which does not report whether the stream was
/// complete.
pub(crate) struct Zlib {
    inflate: Decompress,
    buffer: [u8; 16 << 10],
    output: Bounded,
    ended: bool,
}

impl Zlib {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            inflate: Decompress::new(true),
            buffer: [0; 16 << 10],
            output: Bounded::new(limit),
            ended: false,
        }
    }

    pub(crate) fn push(&mut self, mut input: &[u8]) -> Result<(), Refusal> {
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
                // No further output is possible.
                return if input.is_empty() {
                    Ok(())
                } else {
                    Err(Refusal::NotInflated)
                };
            }
        }
    }

    pub(crate) fn finish(self) -> Result<Bytes, Refusal> {
        if self.ended {
            Ok(self.output.bytes.into())
        } else {
            Err(Refusal::NotInflated)
        }
    }
}

/// The inflated output, at most `limit` bytes.
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

/// Both counters grow by what one call has processed, which fits into a buffer.
fn difference(after: u64, before: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}
