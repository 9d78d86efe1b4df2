//! Times tasks in turns, so that whatever slows the machine down slows all of them down.

use std::time::Duration;

use crate::task::Task;

/// How long it all takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rounds: u32,
    /// What a task is given of a round; a task that takes longer is done once.
    pub(crate) slice: Duration,
    /// What a task is given in all, if it has been timed often enough.
    pub(crate) budget: Duration,
    pub(crate) often_enough: usize,
}

impl Pace {
    pub(crate) const FULL: Self = Self {
        rounds: 101,
        slice: Duration::from_millis(1),
        budget: Duration::from_millis(400),
        often_enough: 5,
    };

    pub(crate) const QUICK: Self = Self {
        rounds: 15,
        slice: Duration::from_millis(1),
        budget: Duration::from_millis(60),
        often_enough: 1,
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
/// Where other processes share caches and cores, all tasks have slow rounds and fast ones, and two plain
/// medians may be one of each. A round is calm or not for all tasks at once, so this favours none of them.
pub(crate) fn time(tasks: Vec<&mut dyn Task>, pace: Pace) -> Result<Vec<f64>, String> {
    let mut runners = tasks
        .into_iter()
        .map(|task| Runner::new(task, pace))
        .collect::<Result<Vec<_>, String>>()?;
    let mut order: Vec<usize> = (0..runners.len()).collect();
    for round in 0..pace.rounds as usize {
        // Another one begins each time, and half of the time they go backwards: what a task finds in
        // the caches and in the heap is left there by its predecessor.
        let first = round % order.len().max(1);
        order.rotate_left(first);
        order.reverse();
        for index in &order {
            let runner = &mut runners[*index];
            if runner.used < pace.budget || runner.samples.len() < pace.often_enough {
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

/// The rounds, calmest first: those in which the tasks took least, each by its own best time.
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
        // The second estimate is of as many runs as the first one makes out, in a warm cache.
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
        // Once off the clock, for the same reason.
        self.task.run(1)?;
        let elapsed = self.task.run(self.times)?;
        self.used += elapsed;
        let ns = nanoseconds(elapsed) / f64::from(self.times);
        self.samples.push((round, ns));
        Ok(())
    }

    /// Of the calmer half of the rounds that it took part in.
    fn median(&self, calm: &[usize]) -> f64 {
        let sample = |round: &usize| self.samples.iter().find(|(of, _)| of == round);
        let samples = calm.iter().filter_map(sample).map(|(_, ns)| *ns);
        median(samples.take(self.samples.len().div_ceil(2)).collect())
    }
}

/// How often a task can be run within `slice`, if it took `elapsed` to run it so many times.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a u32 holds"
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
