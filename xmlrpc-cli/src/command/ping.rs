//! `xmlrpc ping`

use std::time::{Duration, Instant};

use clap::Args;
use clap_complete::ArgValueCompleter;
use xmlrpc_core::client::ClientErrorKind;

use crate::{
    complete,
    connection::Connection,
    failure::{Failure, TRANSPORT},
    output::{self, Output},
};

const EXAMPLES: &str = "\
Examples:
  xmlrpc ping http://localhost:8000
  xmlrpc ping @seedbox --count 20 --interval 0 system.client_version";

/// Measures how long calls take. A fault is a response as well.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PingArgs {
    /// The URL of the server, or @NAME of the configuration.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    server: String,
    /// The method that is called, without arguments.
    #[arg(default_value = "system.listMethods", add = ArgValueCompleter::new(complete::methods))]
    method: String,
    /// The number of calls.
    #[arg(short, long, default_value_t = 5, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// The time between calls.
    #[arg(short, long, default_value_t = 0.2, value_name = "SECONDS")]
    interval: f64,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl PingArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let server = self.connection.connect(&self.server)?;
        let interval = Duration::try_from_secs_f64(self.interval)
            .map_err(|_| Failure::usage("the interval must be a number of seconds"))?;
        let shows_lines = !self.output.is_json();
        let mut times = Vec::new();
        let mut failed = 0_u32;
        for number in 1..=self.count {
            if number > 1 {
                tokio::time::sleep(interval).await;
            }
            let started = Instant::now();
            let result = server.call(&self.method, &[]).await;
            let took = started.elapsed();
            let problem = result
                .err()
                .filter(|error| error.kind() != ClientErrorKind::Fault);
            match problem {
                None => {
                    times.push(took);
                    if shows_lines {
                        let bytes = server
                            .client
                            .transport()
                            .last()
                            .map_or(0, |it| it.body.len());
                        let size = output::size(bytes);
                        output::print(&format!(
                            "{number}: {:.3} ms, {size}\n",
                            milliseconds(took)
                        ))?;
                    }
                }
                Some(error) => {
                    failed += 1;
                    // Without any response, the last problem is the error of the command.
                    let failure = Failure::from(&error);
                    if times.is_empty() && number == self.count {
                        return Err(failure);
                    }
                    if shows_lines {
                        output::print(&format!(
                            "{number}: {}\n",
                            crate::escape::line(&crate::failure::client_text(&error))
                        ))?;
                    }
                }
            }
        }
        times.sort_unstable();
        output::print(&self.summary(&server.url, &times, failed))?;
        Ok(if failed > 0 { TRANSPORT } else { 0 })
    }

    fn summary(&self, url: &str, times: &[Duration], failed: u32) -> String {
        let minimum = times.first().copied().unwrap_or_default();
        let maximum = times.last().copied().unwrap_or_default();
        let median = median(times);
        let [minimum, median, maximum] = [minimum, median, maximum].map(milliseconds);
        if self.output.is_json() {
            let (url, method) = (crate::json::string(url), crate::json::string(&self.method));
            return format!(
                "{{\n  \"url\": {url},\n  \"method\": {method},\n  \"responses\": {},\n  \"failed\": {failed},\n  \
                 \"minimum_milliseconds\": {minimum:.3},\n  \"median_milliseconds\": {median:.3},\n  \
                 \"maximum_milliseconds\": {maximum:.3}\n}}\n",
                times.len()
            );
        }
        let failed = match failed {
            0 => String::new(),
            count => format!(", {count} failed"),
        };
        format!(
            "{} responses{failed}: minimum {minimum:.3} ms, median {median:.3} ms, maximum {maximum:.3} ms\n",
            times.len()
        )
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The median of sorted times.
fn median(times: &[Duration]) -> Duration {
    let middle = times.len() / 2;
    match times.get(middle) {
        None => Duration::ZERO,
        Some(upper) if times.len() % 2 == 1 => *upper,
        Some(upper) => {
            let lower = times.get(middle.wrapping_sub(1)).unwrap_or(upper);
            (*lower + *upper) / 2
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::median;

    #[test]
    fn medians() {
        let times = |list: &[u64]| {
            list.iter()
                .map(|it| Duration::from_millis(*it))
                .collect::<Vec<_>>()
        };
        for (list, expected) in [(&[][..], 0), (&[5], 5), (&[1, 3], 2), (&[1, 2, 9], 2)] {
            assert_eq!(median(&times(list)), Duration::from_millis(expected));
        }
    }
}
