//! The list of the connections of a server, and the choice of the one to close.

use std::{
    cmp::Reverse,
    collections::HashMap,
    mem,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use super::{
    connection::Connection,
    pace::Meters,
    phase::{Order, Stage},
    server::Server,
};

/// How many connections are chosen in one pass over the list. Under an attack, each new connection
/// closes another one, and a pass for each of them would cost too much.
const CHOSEN_AT_ONCE: usize = 64;

/// How many connections end at once if all clients send requests without waiting for responses. Each needs some
/// time, and more clients are probably waiting.
const ENDED_AT_ONCE: usize = 8;

/// The network of a client: an IPv4 address, or the first 64 bits of an IPv6 address, because one
/// client usually has all the addresses that share them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Source(IpAddr);

impl Source {
    pub(super) fn of(address: &SocketAddr) -> Self {
        Self(match address.ip().to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// A connection in the list.
pub(super) struct Entry {
    pub(super) connection: Arc<Connection>,
    pub(super) meters: Meters,
    source: Option<Source>,
}

/// A connection that can make room: whether it is new, its stage, the time since which it is in its phase,
/// and its number. It may have received a request since it was chosen.
///
/// One that became idle within the last tick comes last, also after those that send requests without waiting for
/// responses. Its client is probably about to send a request, and attackers who hold all other connections must not
/// make it lose its place. A chunked body is incomplete for a moment as well, even if its client never stops sending.
type Candidate = (bool, Stage, u64, u64);

/// All connections of a server.
#[derive(Default)]
pub(super) struct Registry {
    next: u64,
    entries: HashMap<u64, Entry>,
    sources: HashMap<Source, usize>,
    /// Connections to close next, the last one first.
    chosen: Vec<Candidate>,
    /// The same among those that hold a head.
    chosen_heads: Vec<Candidate>,
}

impl Registry {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of connections from there.
    pub(super) fn of(&self, source: Source) -> usize {
        self.sources.get(&source).copied().unwrap_or(0)
    }

    pub(super) fn open(&mut self, server: &Arc<Server>, source: Option<Source>) -> Slot {
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        let connection = Arc::new(Connection::new(Arc::clone(server)));
        if let Some(source) = source {
            *self.sources.entry(source).or_insert(0) += 1;
        }
        let entry = Entry {
            connection: Arc::clone(&connection),
            meters: Meters::default(),
            source,
        };
        self.entries.insert(id, entry);
        Slot { connection, id }
    }

    fn close(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        if let Some(source) = entry.source
            && let Some(count) = self.sources.get_mut(&source)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.sources.remove(&source);
            }
        }
        Some(entry)
    }

    pub(super) fn connections(&self) -> impl Iterator<Item = &Arc<Connection>> {
        self.entries.values().map(|entry| &entry.connection)
    }

    pub(super) fn entries(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.values_mut()
    }

    /// Closes a connection, in the order that `Serve::max_connections` describes. Returns whether there is one.
    pub(super) fn relieve(&mut self) -> bool {
        self.close_chosen()
            || self.choose(|(is_new, ..)| !is_new, |_| true)
            || self.end_busiest(|_| true)
            || self.choose(|_| true, |_| true)
    }

    /// The same among the connections that hold a head.
    pub(super) fn close_oldest_head(&mut self) -> bool {
        let mut others = mem::take(&mut self.chosen);
        mem::swap(&mut self.chosen, &mut self.chosen_heads);
        let closed = self.close_chosen() || self.choose(|_| true, Connection::holds_head);
        mem::swap(&mut self.chosen, &mut self.chosen_heads);
        mem::swap(&mut self.chosen, &mut others);
        closed
    }

    fn choose(
        &mut self,
        when: impl Fn(&Candidate) -> bool,
        which: impl Fn(&Connection) -> bool,
    ) -> bool {
        let candidates = self.candidates(|entry| which(&entry.connection));
        let mut chosen: Vec<_> = candidates.filter(when).collect();
        chosen.sort_unstable();
        chosen.truncate(CHOSEN_AT_ONCE);
        chosen.reverse();
        self.chosen = chosen;
        self.close_chosen()
    }

    fn close_chosen(&mut self) -> bool {
        while let Some((_, stage, since, id)) = self.chosen.pop() {
            if let Some(entry) = self.entries.get(&id)
                && candidate(&entry.connection) == Some(stage)
                && entry.connection.since() == since
            {
                entry.connection.make_room(stage);
                return true;
            }
        }
        false
    }

    /// The same among the connections from one source. It looks at all connections, so it costs
    /// more, but only for a source that has its maximum.
    pub(super) fn make_room_of(&mut self, source: Source) -> bool {
        let of_source = |entry: &Entry| entry.source == Some(source);
        // One that was asked and has not closed yet counts, too.
        let asked = |entry: &Entry| of_source(entry) && entry.connection.stage().is_some();
        let first = self.candidates(of_source).min();
        let Some((is_new, stage, _, id)) = first else {
            return self.entries.values().any(asked) || self.end_busiest(of_source);
        };
        if is_new && self.end_busiest(of_source) {
            return true;
        }
        if let Some(entry) = self.entries.get(&id) {
            entry.connection.make_room(stage);
        }
        true
    }

    /// Lets connections end with their next response whose clients have sent most requests before the response to
    /// an earlier one. Such a connection is never idle. Returns whether there is one.
    fn end_busiest(&self, which: impl Fn(&Entry) -> bool) -> bool {
        let entries = self.entries.values().filter(|entry| which(entry));
        let busy = entries.filter_map(|entry| Some((entry.connection.pipeline.many()?, entry)));
        let mut busy: Vec<_> = busy.collect();
        busy.sort_unstable_by_key(|(early, _)| Reverse(*early));
        for (_, entry) in busy.iter().take(ENDED_AT_ONCE) {
            entry.connection.pipeline.end_with_next_response();
        }
        !busy.is_empty()
    }

    fn candidates(&self, which: impl Fn(&Entry) -> bool) -> impl Iterator<Item = Candidate> {
        let entries = self.entries.iter().filter(move |(_, entry)| which(entry));
        entries.filter_map(|(id, entry)| {
            let connection = &entry.connection;
            let stage = candidate(connection)?;
            let is_new = connection.in_phase_for(connection.server.now())
                <= connection.server.settings.tick();
            Some((is_new, stage, connection.since(), *id))
        })
    }
}

/// The stage of a connection that can make room and was not asked yet.
fn candidate(connection: &Connection) -> Option<Stage> {
    let asked = !connection.is_ordered(Order::Continue);
    connection.stage().filter(|_| !asked)
}

/// The place of a connection in the list. It ends with the socket.
pub(super) struct Slot {
    pub(super) connection: Arc<Connection>,
    id: u64,
}

impl Drop for Slot {
    fn drop(&mut self) {
        // Dropping the entry may take the same lock, if it is the last owner of the connection.
        let entry = self.connection.server.registry().close(self.id);
        drop(entry);
        self.connection.server.socket_closed();
    }
}
