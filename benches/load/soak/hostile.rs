//! The hostile clients.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::workers::Workers;
use crate::{documents, harness::Outcome, wire::Connection};

/// A hostile client: what it does again and again, and what it sends.
pub(crate) struct Act {
    pub(crate) step: fn(&mut Hostile<'_>) -> io::Result<()>,
    request: Arc<Vec<u8>>,
    seed: u64,
}

pub(crate) struct Hostile<'a> {
    address: SocketAddr,
    workers: &'a Workers,
    request: Arc<Vec<u8>>,
    random: u64,
}

pub(crate) fn all() -> Outcome<Vec<Act>> {
    let bomb = documents::bomb()?;
    let large = documents::integers(7_500_000);
    let mut all = Vec::new();
    let mut add = |clients, act: fn(&mut Hostile<'_>) -> io::Result<()>, request: Vec<u8>| {
        let request = Arc::new(request);
        for _ in 0..clients {
            all.push(Act {
                step: act,
                request: Arc::clone(&request),
                seed: all.len() as u64 + 1,
            });
        }
    };
    add(2, call, large.clone());
    add(2, call, documents::text(documents::BODY));
    add(2, call, bomb.clone());
    add(4, call_and_leave, bomb);
    add(1, call_and_leave, large.clone());
    add(2, send_a_part_and_leave, large);
    add(1, call, documents::nested(128));
    add(1, call, documents::nested(5000));
    add(1, call, documents::call("deep", &[20_000]));
    add(1, call, documents::call("drop_deep", &[50_000]));
    add(1, call, documents::call("endless", &[]));
    add(1, call, documents::multicall("add", &[2, 3], 1000));
    add(1, call, documents::multicall("compute", &[2], 50));
    add(1, call_and_leave, documents::multicall("sleep", &[100], 50));
    add(1, crowd_that_leaves, documents::call("block", &[20]));
    add(1, crowd_that_leaves, documents::call("sleep", &[1000]));
    add(1, slow_heads, documents::small());
    add(1, slow_bodies, documents::text(100_000));
    add(1, slow_readers, documents::call("fill", &[4 << 20]));
    add(2, garbage, documents::text(5000));
    Ok(all)
}

impl<'a> Hostile<'a> {
    pub(crate) fn new(address: SocketAddr, workers: &'a Workers, act: &Act) -> Self {
        Self {
            address,
            workers,
            request: Arc::clone(&act.request),
            random: act.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15),
        }
    }

    fn open(&self) -> io::Result<Connection> {
        Connection::open(self.address)?.patience(Duration::from_secs(10))
    }

    /// A number below a bound, from a generator named xorshift.
    fn below(&mut self, bound: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).unwrap_or_default() % bound
    }

    /// Sleeps for a random time up to this, unless the workers rest.
    fn sleep(&mut self, most: Duration) {
        let most = usize::try_from(most.as_millis()).unwrap_or(1000);
        let millis = self.below(most.max(1)) as u64;
        let end = Instant::now() + Duration::from_millis(millis);
        while Instant::now() < end && self.workers.run() {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Holds many connections, and does something with each of them again and again.
    fn hold(
        &mut self,
        count: usize,
        start: impl Fn(&mut Connection) -> io::Result<()>,
        go_on: impl Fn(&mut Connection, usize) -> io::Result<()>,
    ) -> io::Result<()> {
        const LONGEST: Duration = Duration::from_secs(25);
        let mut held = Vec::new();
        for _ in 0..count {
            let mut connection = self.open()?;
            start(&mut connection)?;
            held.push(connection);
        }
        let begun = Instant::now();
        let mut turn = 0;
        while begun.elapsed() < LONGEST && !held.is_empty() && self.workers.run() {
            held.retain_mut(|connection| go_on(connection, turn).is_ok());
            turn += 1;
            self.sleep(Duration::from_secs(1));
        }
        Ok(())
    }
}

/// Makes a call, and reads the response.
fn call(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let mut connection = hostile.open()?;
    connection.call_large(&hostile.request)?;
    Ok(())
}

/// Makes a call, reads nothing, and leaves after a while.
fn call_and_leave(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let mut connection = hostile.open()?;
    connection.send(&hostile.request)?;
    hostile.sleep(Duration::from_secs(5));
    if hostile.below(2) == 0 {
        connection.reset();
    }
    Ok(())
}

fn send_a_part_and_leave(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let mut connection = hostile.open()?;
    let length = hostile.below(hostile.request.len());
    connection.send(&hostile.request[..length])?;
    hostile.sleep(Duration::from_secs(1));
    if hostile.below(2) == 0 {
        connection.reset();
    }
    Ok(())
}

/// Makes a call on each of many connections, and leaves.
fn crowd_that_leaves(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let mut crowd = Vec::new();
    for _ in 0..30 {
        let mut connection = hostile.open()?;
        connection.send(&hostile.request)?;
        crowd.push(connection);
    }
    hostile.sleep(Duration::from_millis(200));
    Ok(())
}

fn slow_heads(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let request = Arc::clone(&hostile.request);
    let byte = |connection: &mut Connection, turn: usize| connection.send(&request[turn..=turn]);
    hostile.hold(20, |_| Ok(()), byte)
}

fn slow_bodies(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let request = Arc::clone(&hostile.request);
    let start = |connection: &mut Connection| connection.send(&request[..200]);
    let byte = |connection: &mut Connection, turn: usize| {
        connection.send(&request[200 + turn..=200 + turn])
    };
    hostile.hold(20, start, byte)
}

fn slow_readers(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let request = Arc::clone(&hostile.request);
    let start = |connection: &mut Connection| connection.send(&request);
    let read = |connection: &mut Connection, _| connection.skip(1).map(drop);
    hostile.hold(10, start, read)
}

/// Changes some bytes of a request at random: of its head, its tags or its text.
fn garbage(hostile: &mut Hostile<'_>) -> io::Result<()> {
    let mut connection = hostile.open()?.patience(Duration::from_millis(500))?;
    let mut request = hostile.request.to_vec();
    for _ in 0..=hostile.below(20) {
        let within = if hostile.below(2) == 0 {
            300
        } else {
            request.len()
        };
        let at = hostile.below(within);
        request[at] = u8::try_from(hostile.below(256)).unwrap_or_default();
    }
    connection.call(&request)?;
    Ok(())
}
