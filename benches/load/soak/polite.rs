//! Well-behaved calls that are larger than those of the probe.

use std::{net::SocketAddr, thread, time::Duration};

use super::workers::Workers;
use crate::{documents, wire::Connection};

/// Calls with a text of 20 kB, and multicalls of 20 entries, on a new connection every 50 calls.
pub(crate) fn call(address: SocketAddr, workers: &Workers, seed: u64) {
    let text = documents::text(20_000);
    let multicall = documents::multicall("add", &[2, 3], 20);
    workers.repeat(|| {
        let calls = || -> Result<(), String> {
            let failed = |error: std::io::Error| error.to_string();
            let mut connection = Connection::open(address).map_err(failed)?;
            for turn in seed..seed + 50 {
                if !workers.run() {
                    break;
                }
                let is_multicall = turn % 2 == 0;
                let request = if is_multicall { &multicall } else { &text };
                let response = connection.call(request).map_err(failed)?;
                let sums = memchr::memmem::find_iter(&response.body, b">5<").count();
                if !response.is_success() || (is_multicall && sums != 20) {
                    return Err(format!("{} {}", response.head, response.text()));
                }
                thread::sleep(Duration::from_millis(5));
            }
            Ok(())
        };
        if let Err(error) = calls() {
            workers.add_error(error);
        }
    });
}
