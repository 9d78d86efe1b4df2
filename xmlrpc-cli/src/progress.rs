//! The progress of long transfers, on a terminal.

use std::{
    io::{self, IsTerminal},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use xmlrpc_core::client::Progress;

/// Shorter transfers show nothing.
const AFTER: Duration = Duration::from_millis(500);

/// A bar on standard error, which appears after half a second and disappears at the end.
#[derive(Clone)]
pub(crate) struct Bar {
    shared: Option<Arc<Mutex<State>>>,
}

struct State {
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar, if standard error is a terminal.
    pub(crate) fn new() -> Self {
        let shows = io::stderr().is_terminal()
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let state = || State {
            started: Instant::now(),
            bar: None,
        };
        Self {
            shared: shows.then(|| Arc::new(Mutex::new(state()))),
        }
    }

    /// Takes the reports of a call.
    pub(crate) fn report(&self) -> impl FnMut(Progress) + Send + 'static {
        let shared = self.shared.clone();
        move |progress| {
            if let Some(shared) = &shared {
                let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
                state.show(progress);
            }
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(shared) = &self.shared {
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
        }
    }
}

impl State {
    fn show(&mut self, progress: Progress) {
        if self.started.elapsed() < AFTER {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let target = ProgressDrawTarget::stderr_with_hz(10);
            ProgressBar::with_draw_target(None, target)
        });
        let is_sending = progress.sent < progress.to_send;
        let (what, at, length) = if is_sending {
            ("sending", progress.sent, Some(progress.to_send))
        } else {
            ("receiving", progress.received, progress.to_receive)
        };
        let template = match length {
            Some(_) => "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}",
            None => "{msg} {bytes}, {bytes_per_sec}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        if let Some(length) = length {
            bar.set_length(length);
        }
        bar.set_position(at);
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
