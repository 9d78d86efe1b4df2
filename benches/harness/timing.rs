//! Times tasks in turns, so that a busy machine slows all of them down alike.

use std::time::Duration;

use super::task::Task;

/// How many rounds there are, and how long they take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rounds: u32,
    /// The time of a task in a round. A slower task runs once.
    pub(crate) slice: Duration,
    /// The total time of a task, unless it has fewer samples than `min_samples`.
    pub(crate) budget: Duration,
    pub(crate) min_samples: usize,
}

impl Pace {
    pub(crate) const FULL: Self = Self {
        rounds: 101,
        slice: Duration::from_millis(1),
        budget: Duration::from_millis(400),
        min_samples: 5,
    };

    pub(crate) const QUICK: Self = Self {
        rounds: 15,
        slice: Duration::from_millis(1),
        budget: Duration::from_millis(60),
        min_samples: 1,
    };
}

struct Runner<'a> {
    task: &'a mut dyn Task,
    times: u32,
    used: Duration,
    /// The time of one run, by round.
    samples: Vec<(usize, f64)>,
}

/// The time of each task in nanoseconds: the median of the calmer half of its rounds.
///
/// If other processes share caches and cores, all tasks have slow and fast rounds, and plain medians may
/// compare a slow one with a fast one. A round is calm for all tasks or for none, so no task is favoured.
pub(crate) fn time(tasks: &mut [&mut dyn Task], pace: Pace) -> Result<Vec<f64>, String> {
    let mut runners = Vec::new();
    for task in tasks {
        runners.push(Runner::new(&mut **task, pace)?);
    }
    let mut order: Vec<usize> = (0..runners.len()).collect();
    for round in 0..pace.rounds as usize {
        // A task finds caches and heap as its predecessor left them. So another task begins each
        // round, and every second round goes backwards.
        let first = round % order.len().max(1);
        order.rotate_left(first);
        order.reverse();
        for index in &order {
            let runner = &mut runners[*index];
            if runner.used < pace.budget || runner.samples.len() < pace.min_samples {
                runner.run(round)?;
            }
        }
    }
    let calm = calm_first(&runners, pace.rounds as usize);
    Ok(runners
        .into_iter()
        .map(|runner| runner.median(&calm))
        .collect())
}

/// The rounds, calmest first: those in which the tasks were closest to their own best times.
fn calm_first(runners: &[Runner<'_>], rounds: usize) -> Vec<usize> {
    let mut slowness = vec![(0.0, 0.0); rounds];
    for runner in runners {
        let best = runner
            .samples
            .iter()
            .map(|(_, ns)| *ns)
            .fold(f64::INFINITY, f64::min);
        for (round, ns) in &runner.samples {
            let (sum, count) = &mut slowness[*round];
            *sum += ns / best;
            *count += 1.0;
        }
    }
    let mut calm: Vec<usize> = (0..rounds).collect();
    let mean = |round: usize| slowness[round].0 / slowness[round].1;
    calm.sort_by(|one, other| mean(*one).total_cmp(&mean(*other)));
    calm
}

impl<'a> Runner<'a> {
    fn new(task: &'a mut dyn Task, pace: Pace) -> Result<Self, String> {
        // The second estimate uses the number of runs from the first one, with a warm cache.
        let times = times_in(pace.slice / 4, task.run(1)?, 1);
        let times = times_in(pace.slice, task.run(times)?, times);
        Ok(Self {
            task,
            times,
            used: Duration::ZERO,
            samples: Vec::with_capacity(pace.rounds as usize),
        })
    }

    fn run(&mut self, round: usize) -> Result<(), String> {
        // Once off the clock, to warm the cache.
        self.task.run(1)?;
        let elapsed = self.task.run(self.times)?;
        self.used += elapsed;
        let ns = nanoseconds(elapsed) / f64::from(self.times);
        self.samples.push((round, ns));
        Ok(())
    }

    /// The median of the calmer half of the rounds in which the task ran.
    fn median(&self, calm: &[usize]) -> f64 {
        let sample = |round: &usize| self.samples.iter().find(|(of, _)| of == round);
        let samples = calm.iter().filter_map(sample).map(|(_, ns)| *ns);
        median(samples.take(self.samples.len().div_ceil(2)).collect())
    }
}

/// How often a task can run within `slice`, if `times` runs took `elapsed`.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a u32"
)]
fn times_in(slice: Duration, elapsed: Duration, times: u32) -> u32 {
    let one = nanoseconds(elapsed).max(1.0) / f64::from(times);
    (nanoseconds(slice) / one).clamp(1.0, 1e6) as u32
}

fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

pub(crate) fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    let middle = samples.len() / 2;
    match samples.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => samples[middle],
        _ => f64::midpoint(samples[middle - 1], samples[middle]),
    }
}
