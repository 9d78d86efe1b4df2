//! The load of one endpoint: its calls in flight and its latency.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

/// After this time without a response, the measured latency has decayed to a third (1/e).
const DECAY: f64 = 10.0;

/// A response counts at least this much, whatever the time since the last one is. So a single peak, such
/// as the first connection, is forgotten after some calls.
const SHARE: f64 = 0.1;

/// The latency of an endpoint without any response yet that has a call in flight. It gets further calls
/// only if all others cost as much.
const UNKNOWN: f64 = 1e12;

/// Latencies below a millisecond count as one.
const SHORT: f64 = 0.001;

/// Latencies that differ by less than this factor are alike: the calls in flight decide. Otherwise all
/// calls of a program that makes one at a time would go to the same of several equal servers.
const ALIKE: f64 = 2.0;

/// How the load of an endpoint is measured. See [`ClientBuilder::balance`](crate::ClientBuilder::balance).
///
/// For each call, the client picks two endpoints at random and uses the one with less load ("the power
/// of two choices").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoadMetric {
    /// The latency, multiplied by the number of calls in flight. The latency is an exponentially weighted
    /// moving average that rises to each peak at once and then decays within seconds. A call in flight
    /// counts with its age, so a server that does not respond any more soon looks slow. If the latencies
    /// differ by less than a factor of two, the calls in flight alone decide. Choose this if the methods
    /// take about the same time.
    #[default]
    PeakEwma,
    /// The number of calls in flight, and of those that were given up in the last seconds, for example
    /// because of a time-out. Choose this if some methods take much longer than others.
    InFlight,
}

#[derive(Default)]
pub(super) struct Load {
    /// When each call in flight began, by its number. The first is the oldest.
    in_flight: BTreeMap<u64, Instant>,
    /// How many calls have begun.
    begun: u64,
    /// The seconds until a response.
    latency: Option<Decaying>,
    /// The calls that were given up.
    given_up: Option<Decaying>,
}

/// What one more call would cost.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    latency: f64,
    in_flight: f64,
}

impl Cost {
    pub(super) fn is_less_than(self, other: Self) -> bool {
        let low = self.latency.min(other.latency);
        let high = self.latency.max(other.latency);
        if high <= ALIKE * low {
            return self.in_flight < other.in_flight;
        }
        self.latency * (self.in_flight + 1.0) < other.latency * (other.in_flight + 1.0)
    }
}

/// A value that decays with time.
#[derive(Clone, Copy)]
struct Decaying {
    value: f64,
    at: Instant,
}

impl Decaying {
    fn at(self, now: Instant) -> f64 {
        self.value * weight(self.at, now)
    }

    fn added(before: Option<Self>, more: f64, now: Instant) -> Self {
        Self {
            value: before.map_or(0.0, |before| before.at(now)) + more,
            at: now,
        }
    }
}

fn weight(since: Instant, now: Instant) -> f64 {
    let elapsed = now.saturating_duration_since(since).as_secs_f64();
    (-elapsed / DECAY).exp()
}

impl Load {
    /// A call begins. Returns its number.
    pub(super) fn begin(&mut self, now: Instant) -> u64 {
        let number = self.begun;
        self.begun += 1;
        self.in_flight.insert(number, now);
        number
    }

    /// A call has ended with a response.
    pub(super) fn responded(&mut self, number: u64, now: Instant) {
        let Some(took) = self.end(number, now) else {
            return;
        };
        let value = match self.latency {
            Some(before) if before.at(now) > took => {
                let weight = weight(before.at, now).min(1.0 - SHARE);
                before.value * weight + took * (1.0 - weight)
            }
            _ => took,
        };
        self.latency = Some(Decaying { value, at: now });
    }

    /// A call was given up, for example because its time-out expired. It would have taken longer than
    /// this, so each such call adds to the latency.
    pub(super) fn given_up(&mut self, number: u64, now: Instant) {
        if let Some(took) = self.end(number, now) {
            self.latency = Some(Decaying::added(self.latency, took, now));
            self.given_up = Some(Decaying::added(self.given_up, 1.0, now));
        }
    }

    /// A call has failed. How long that took says nothing about the load.
    pub(super) fn failed(&mut self, number: u64) {
        self.in_flight.remove(&number);
    }

    /// The endpoint was set aside: what was measured before no longer holds.
    pub(super) fn forget(&mut self) {
        self.latency = None;
        self.given_up = None;
    }

    fn end(&mut self, number: u64, now: Instant) -> Option<f64> {
        let began = self.in_flight.remove(&number)?;
        Some(now.saturating_duration_since(began).as_secs_f64())
    }

    #[expect(clippy::cast_precision_loss, reason = "so many calls never run")]
    pub(super) fn cost(&self, metric: LoadMetric, now: Instant) -> Cost {
        let in_flight = self.in_flight.len() as f64;
        if metric == LoadMetric::InFlight {
            // A server that never responds would look idle after each time-out.
            let given_up = self.given_up.map_or(0.0, |given_up| given_up.at(now));
            return Cost {
                latency: 1.0,
                in_flight: in_flight + given_up.round(),
            };
        }
        let latency = match self.latency {
            Some(latency) => latency.at(now).max(self.age(now)).max(SHORT),
            None if self.in_flight.is_empty() => 0.0,
            None => UNKNOWN,
        };
        Cost { latency, in_flight }
    }

    /// How many seconds ago the oldest call in flight began.
    fn age(&self, now: Instant) -> f64 {
        let oldest = self.in_flight.first_key_value();
        oldest.map_or(0.0, |(_, began)| {
            now.saturating_duration_since(*began).as_secs_f64()
        })
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    pub(super) fn begun(&self) -> u64 {
        self.begun
    }

    pub(super) fn latency(&self, now: Instant) -> Option<Duration> {
        let seconds = self.latency?.at(now);
        Duration::try_from_secs_f64(seconds).ok()
    }
}
