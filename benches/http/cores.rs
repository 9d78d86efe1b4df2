//! One processor for the servers, and another for the clients.

/// Numbers of processors; none if the process may not use two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    pub(crate) client: Option<usize>,
    pub(crate) server: Option<usize>,
}

impl Cores {
    /// The first and the last processor that this process may use. Two threads of one core usually have
    /// neighbouring numbers.
    #[cfg(target_os = "linux")]
    pub(crate) fn find() -> Self {
        use rustix::thread::{CpuSet, sched_getaffinity};

        let allowed = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        let client = cores.next();
        let server = cores.next_back();
        Self {
            client: client.filter(|_| server.is_some()),
            server,
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn find() -> Self {
        Self {
            client: None,
            server: None,
        }
    }

    pub(crate) fn describe(self) -> String {
        match (self.client, self.server) {
            (Some(client), Some(server)) => {
                format!("servers on processor {server}, clients on processor {client}")
            }
            _ => "servers and clients share processors, because two are not available: \
                  throughput is that of both together"
                .to_owned(),
        }
    }
}

/// Binds this thread, and those that it starts later, to a processor.
pub(crate) fn pin(core: Option<usize>) -> Result<(), String> {
    #[cfg(target_os = "linux")]
    if let Some(core) = core {
        let mut set = rustix::thread::CpuSet::new();
        set.set(core);
        return rustix::thread::sched_setaffinity(None, &set).map_err(|it| it.to_string());
    }
    let _ = core;
    Ok(())
}
