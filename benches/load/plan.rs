//! How large the attacks are, and what they may take from the machine.

use std::{fs, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::harness::{Outcome, options::Options};

/// With less free memory than this, the benchmark does not start.
const LEAST_MEMORY: u64 = 2 << 30;
/// A server that takes more than this is ended, and its row says so.
const MOST_MEMORY: u64 = 3 << 29;
/// The number of descriptors that the attacks at the same time may open.
const DESCRIPTORS: u64 = 8192;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Full,
    Quick,
    /// `cargo test`: each attack once, in a small size.
    Test,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    scale: Scale,
    /// The memory that a server may take, in bytes.
    pub(crate) memory: u64,
}

impl Plan {
    /// Looks at the machine, and raises the limit of descriptors of this process and its servers as far as needed.
    pub(crate) fn new(options: &Options) -> Outcome<Self> {
        let free = free_memory()?;
        if free < LEAST_MEMORY {
            let (free, least) = (free >> 20, LEAST_MEMORY >> 20);
            return Err(
                format!("the attacks need {least} MiB of memory, and {free} MiB are free").into(),
            );
        }
        let limit = getrlimit(Resource::Nofile);
        let allowed = limit.maximum.unwrap_or(DESCRIPTORS);
        if allowed < DESCRIPTORS {
            return Err(format!(
                "the attacks need {DESCRIPTORS} file descriptors, and this process may open {allowed}: raise `ulimit -Hn`"
            )
            .into());
        }
        setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(DESCRIPTORS),
                maximum: limit.maximum,
            },
        )?;
        let scale = match (options.is_test, options.quick) {
            (true, _) => Scale::Test,
            (_, true) => Scale::Quick,
            _ => Scale::Full,
        };
        Ok(Self {
            scale,
            memory: MOST_MEMORY.min(free / 2),
        })
    }

    pub(crate) fn pick<T>(self, full: T, quick: T, test: T) -> T {
        match self.scale {
            Scale::Full => full,
            Scale::Quick => quick,
            Scale::Test => test,
        }
    }

    /// So many seconds, and fewer in a quick run and in tests.
    pub(crate) fn seconds(self, full: u64) -> Duration {
        let full = Duration::from_secs(full);
        self.pick(full, full / 3, full / 20)
    }

    /// Whether to show what the same attack does to a server without the bounds.
    pub(crate) fn has_control(self) -> bool {
        self.scale != Scale::Test
    }

    /// Whether to use the server's own time-outs instead of short ones.
    pub(crate) fn has_default_times(self) -> bool {
        self.scale == Scale::Full
    }
}

fn free_memory() -> Outcome<u64> {
    let info = fs::read_to_string("/proc/meminfo")?;
    let line = info.lines().find_map(|it| it.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|it| it.trim().strip_suffix("kB"));
    let kib: u64 = kib
        .ok_or("MemAvailable is not in /proc/meminfo")?
        .trim()
        .parse()?;
    Ok(kib << 10)
}
