//! Inflates a body while it arrives, step by step, up to a maximum size.

use std::io::{self, Write};

use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status, write::GzDecoder};

use crate::refusal::Refusal;

/// The maximum number of gzip members in a body. Clients send one.
pub(crate) const MEMBERS: usize = 16;

/// The maximum size of the header of a gzip member. It may have a file name, a comment and other fields, which flate2
/// keeps in memory. Clients send at most a file name.
pub(crate) const MEMBER_HEADER: usize = 4 << 10;

/// This does not use `flate2::write::MultiGzDecoder`, which accepts any number of members. An empty
/// member has 20 bytes, but setting it up costs as much as a large one.
pub(crate) struct Gzip {
    member: GzDecoder<Bounded>,
    count: usize,
    /// How much of the header of the member has arrived, while the rest is missing.
    header: usize,
}

impl Gzip {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            member: GzDecoder::new(Bounded::new(limit)),
            count: 1,
            header: 0,
        }
    }

    /// Inflates some of the input: into about 32 KiB, or 64 KiB at most.
    pub(crate) fn step(&mut self, input: &mut Bytes) -> Result<(), Refusal> {
        let is_header = self.member.header().is_none();
        let now = if is_header {
            &input[..input.len().min(MEMBER_HEADER - self.header)]
        } else {
            &input[..]
        };
        let read = self.member.write(now);
        let read = read.map_err(|_| self.member.get_ref().refusal())?;
        if is_header && self.member.header().is_none() {
            self.header = self.header.saturating_add(read);
            if self.header >= MEMBER_HEADER {
                return Err(Refusal::MemberHeader);
            }
        }
        if read == 0 && !input.is_empty() {
            self.next_member()?;
        }
        input.advance(read);
        Ok(())
    }

    /// How many bytes it has made.
    pub(crate) fn len(&self) -> usize {
        self.member.get_ref().bytes.len()
    }

    /// How many bytes it has room for.
    pub(crate) fn capacity(&self) -> usize {
        self.member.get_ref().bytes.capacity()
    }

    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        Ok(self.end_member()?.bytes)
    }

    fn next_member(&mut self) -> Result<(), Refusal> {
        let output = self.end_member()?;
        if self.count == MEMBERS {
            return Err(Refusal::Members);
        }
        self.count += 1;
        self.header = 0;
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

    /// Inflates some of the input, into at most 16 KiB.
    pub(crate) fn step(&mut self, input: &mut Bytes) -> Result<(), Refusal> {
        let (read, written) = self.inflate(input)?;
        if read == 0 && written == 0 && !input.is_empty() {
            // Nothing may follow the end of the stream.
            return Err(Refusal::NotInflated);
        }
        input.advance(read);
        Ok(())
    }

    /// How many bytes it has made.
    pub(crate) fn len(&self) -> usize {
        self.output.bytes.len()
    }

    /// How many bytes it has room for.
    pub(crate) fn capacity(&self) -> usize {
        self.output.bytes.capacity()
    }

    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        // The end of the input may have been read before all of its output was made.
        while self.inflate(&[])? != (0, 0) {}
        if self.ended {
            Ok(self.output.bytes)
        } else {
            Err(Refusal::NotInflated)
        }
    }

    /// Returns how many bytes it has read and made.
    fn inflate(&mut self, input: &[u8]) -> Result<(usize, usize), Refusal> {
        if self.ended {
            return Ok((0, 0));
        }
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(input, &mut self.buffer, FlushDecompress::None);
        let status = status.map_err(|_| Refusal::NotInflated)?;
        let read = difference(self.inflate.total_in(), read);
        let written = difference(self.inflate.total_out(), written);
        let Some(inflated) = self.buffer.get(..written) else {
            return Err(Refusal::NotInflated);
        };
        let output = &mut self.output;
        output.write_all(inflated).map_err(|_| output.refusal())?;
        self.ended = status == Status::StreamEnd;
        Ok((read.min(input.len()), written))
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
        // At most twice the memory, but not more than the limit.
        if data.len() > self.bytes.capacity() - self.bytes.len() {
            let double = self.bytes.len().max(data.len()).max(4096);
            let more = double.min(self.limit - self.bytes.len());
            self.bytes.reserve_exact(more);
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
