//! What a connection can be doing, and what the server can want it to do.

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// It was accepted, and no byte of a request has arrived. A TLS handshake belongs here.
    Silent,
    /// The head of a request has begun to arrive.
    Head,
    /// A request runs: its body arrives, its method runs, or its response is written.
    Active,
    /// It waits for the next request.
    Idle,
    /// Its protocol was switched, or its task has ended.
    Detached,
}

impl Phase {
    const ALL: [Self; 5] = [
        Self::Silent,
        Self::Head,
        Self::Active,
        Self::Idle,
        Self::Detached,
    ];
}

/// How much of a request has arrived, if it is not a whole one. In the order in which connections make
/// room for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Nothing.
    Idle,
    /// A part of the head.
    Head,
    /// The head. The service waits for the body, and the client has not sent all of it.
    Body,
    /// The head, and perhaps more. The service does not read the body yet, because too many others are in memory.
    Queued,
}

/// What the server wants a connection to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Order {
    Continue,
    /// Close unless a request has arrived in the meantime.
    CloseIfIdle,
    /// Close unless a whole request has arrived in the meantime.
    CloseIfIncomplete,
    Close,
}

/// A phase and the server's clock when it began, as one word, so that both are read at once.
pub(super) fn word(phase: Phase, since: u64) -> u64 {
    since << 8 | u64::from(phase as u8)
}

pub(super) fn phase_of(word: u64) -> Phase {
    // The lower 8 bits come from a `Phase`.
    let index = (word & 0xFF) as usize;
    Phase::ALL.get(index).copied().unwrap_or(Phase::Detached)
}

pub(super) fn since(word: u64) -> u64 {
    word >> 8
}
