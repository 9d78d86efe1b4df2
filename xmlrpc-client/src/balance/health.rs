//! Whether an endpoint is used, and how it is set aside.

use std::time::Duration;

use tokio::time::Instant;

/// So many failures in a row set an endpoint aside, if each alone does not.
const IN_A_ROW: u32 = 5;

/// The longest `Retry-After` that is followed.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// After the pause, a probe is left to idempotent calls for so long, or for the length of the pause if that
/// is shorter.
const LEFT_TO_IDEMPOTENT: Duration = Duration::from_secs(1);

/// If connecting takes longer than this and fails, it probably does so again.
const SLOW: Duration = Duration::from_millis(200);

/// How long an endpoint is set aside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pauses {
    pub(super) first: Duration,
    pub(super) longest: Duration,
}

impl Pauses {
    /// The pause after so many failed probes. `random` is from 0.5 to 1.
    fn after(self, probes: u32, random: f64) -> Duration {
        let factor = 1_u32.checked_shl(probes).unwrap_or(u32::MAX);
        let pause = self.first.saturating_mul(factor).min(self.longest);
        pause.mul_f64(random)
    }
}

/// What happened to a call, as far as it concerns the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing was sent.
    Unreachable,
    /// The server asks for fewer calls, and perhaps for how long.
    Overloaded(Duration),
    /// A broken connection, or a response that is not XML-RPC. This can happen to one call alone.
    Suspicious,
}

#[derive(Debug, Default)]
pub(super) struct Health {
    /// The failures since the last success.
    in_a_row: u32,
    aside: Option<Aside>,
}

#[derive(Debug)]
struct Aside {
    since: Instant,
    until: Instant,
    /// The number of failed probes.
    probes: u32,
    is_probed: bool,
    failure: Failure,
    /// How long the failure took.
    took: Duration,
    /// Whether a connection could be made in the meantime.
    is_reachable: bool,
    /// Whether an idempotent call was made in the meantime, so that others will probably follow.
    has_idempotent_calls: bool,
}

/// What to expect from an endpoint that is set aside, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prospect {
    /// It was reached, and may serve a call.
    Reached,
    /// It could not be reached, which is soon known.
    FailsSoon,
    /// It could not be reached. Nobody tries at the moment.
    FailsLate,
    /// The same, and a call would only repeat a recent attempt or one that is under way.
    Hopeless,
}

/// A call that may become a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Candidate {
    /// It can go elsewhere afterwards.
    Idempotent,
    Other,
    /// It has no other endpoint.
    Needed,
}

/// How to find out whether an endpoint works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    /// By connecting only. No call is delayed if that takes long.
    Connection,
    Call,
}

/// What a call has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    SetAside(Duration),
    Returned,
}

impl Health {
    pub(super) fn is_ready(&self) -> bool {
        self.aside.is_none()
    }

    /// When the endpoint may be probed.
    pub(super) fn until(&self) -> Option<Instant> {
        self.aside.as_ref().map(|aside| aside.until)
    }

    /// What to expect from it, if it is set aside.
    pub(super) fn prospect(&self, now: Instant) -> Option<Prospect> {
        let aside = self.aside.as_ref()?;
        Some(
            if aside.failure != Failure::Unreachable || aside.is_reachable {
                Prospect::Reached
            } else if aside.took < SLOW {
                Prospect::FailsSoon
            } else if aside.is_probed || now < aside.until {
                Prospect::Hopeless
            } else {
                Prospect::FailsLate
            },
        )
    }

    /// Whether the endpoint may be probed now, and how. Only one probe at a time is allowed.
    ///
    /// If the server was reached before, a call that can go elsewhere afterwards is better. If there are
    /// such calls, others wait a little longer.
    pub(super) fn probe(
        &mut self,
        now: Instant,
        candidate: Candidate,
        can_connect: bool,
    ) -> Option<Probe> {
        let aside = self.aside.as_mut()?;
        aside.has_idempotent_calls |= candidate == Candidate::Idempotent;
        let is_unreachable = aside.failure == Failure::Unreachable;
        let waits = candidate == Candidate::Other && aside.has_idempotent_calls && !is_unreachable;
        let grace = if waits {
            let pause = aside.until.saturating_duration_since(aside.since);
            pause.min(LEFT_TO_IDEMPOTENT)
        } else {
            Duration::ZERO
        };
        let is_due = now >= aside.until && now.saturating_duration_since(aside.until) >= grace;
        if !is_due || aside.is_probed {
            return None;
        }
        aside.is_probed = true;
        Some(if is_unreachable && can_connect && !aside.is_reachable {
            Probe::Connection
        } else {
            Probe::Call
        })
    }

    /// A connection could be made: the next call probes the endpoint.
    pub(super) fn is_reachable(&mut self) {
        if let Some(aside) = &mut self.aside {
            aside.is_reachable = true;
            aside.is_probed = false;
        }
    }

    /// A probe has ended without a result.
    pub(super) fn release(&mut self) {
        if let Some(aside) = &mut self.aside {
            aside.is_probed = false;
        }
    }

    /// A call that began at this time has a response. A call from before the endpoint was set aside says
    /// nothing about the present.
    pub(super) fn succeeded(&mut self, began: Instant) -> Change {
        self.in_a_row = 0;
        match &self.aside {
            Some(aside) if began >= aside.since => {
                self.aside = None;
                Change::Returned
            }
            _ => Change::None,
        }
    }

    pub(super) fn failed(
        &mut self,
        failure: Failure,
        is_probe: bool,
        began: Instant,
        now: Instant,
        pauses: Pauses,
        random: f64,
    ) -> Change {
        let asked = match failure {
            Failure::Overloaded(asked) => asked.min(LONGEST_ASKED),
            Failure::Unreachable => Duration::ZERO,
            Failure::Suspicious => {
                self.in_a_row = self.in_a_row.saturating_add(1);
                if !is_probe && self.in_a_row < IN_A_ROW {
                    return Change::None;
                }
                Duration::ZERO
            }
        };
        let probes = match &self.aside {
            // Calls that fail at the same time are one failure.
            Some(_) if !is_probe => return Change::None,
            Some(aside) => aside.probes.saturating_add(1),
            None => 0,
        };
        let pause = pauses.after(probes, random).max(asked);
        self.aside = Some(Aside {
            since: now,
            // The settings and `LONGEST_ASKED` bound the pause, so this does not overflow.
            until: now.checked_add(pause).unwrap_or(now),
            probes,
            is_probed: false,
            failure,
            took: now.saturating_duration_since(began),
            is_reachable: false,
            has_idempotent_calls: false,
        });
        Change::SetAside(pause)
    }
}
