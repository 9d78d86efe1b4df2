//! The work of a contender.

use std::{hint::black_box, time::Duration};

use super::{
    alloc::{self, Memory},
    clock,
};

/// A contender and its task.
pub(crate) struct Case {
    pub(crate) contender: &'static str,
    pub(crate) task: Box<dyn Task>,
}

/// Work that is repeated.
pub(crate) trait Task {
    /// Does the work once and checks the result. An error says why the contender cannot do it.
    fn check(&mut self) -> Result<Checked, String>;

    /// Does the work `times` times, and returns how long that took.
    fn run(&mut self, times: u32) -> Result<Duration, String>;

    /// The processor time of one operation in microseconds, if it is counted elsewhere.
    fn processor_us(&self) -> Option<f64> {
        None
    }
}

/// The result of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    pub(crate) correct: bool,
    /// The size of the contender's own document: the one it read or wrote.
    pub(crate) bytes: usize,
    /// Unknown for other processes.
    pub(crate) memory: Option<Memory>,
}

/// Whether a result is right, and the size of its document.
pub(crate) struct Verdict(pub(crate) bool, pub(crate) usize);

/// A task in this process: `run` turns an `I` into an `O`, and `judge` checks the `O`.
struct Local<P, F, J> {
    prepare: P,
    run: F,
    judge: J,
    /// How many inputs are prepared at a time.
    chunk: u32,
}

/// A task that consumes its input, which `prepare` makes off the clock.
pub(crate) fn owning<I: 'static, O: 'static>(
    contender: &'static str,
    bytes: usize,
    prepare: impl Fn() -> I + 'static,
    run: impl Fn(I) -> Result<O, String> + 'static,
    judge: impl Fn(O) -> Verdict + 'static,
) -> Case {
    // The inputs should still be in the cache when they are read.
    const PREPARED: usize = 512 << 10;
    let chunk = u32::try_from(PREPARED / bytes.max(1)).map_or(1, |chunk| chunk.max(1));
    let task = Box::new(Local {
        prepare,
        run,
        judge,
        chunk,
    });
    Case { contender, task }
}

/// A task that borrows its input.
pub(crate) fn borrowing<O: 'static>(
    contender: &'static str,
    run: impl Fn() -> Result<O, String> + 'static,
    judge: impl Fn(O) -> Verdict + 'static,
) -> Case {
    let task = Box::new(Local {
        prepare: || (),
        run: move |()| run(),
        judge,
        chunk: u32::MAX,
    });
    Case { contender, task }
}

impl<I, O, P, F, J> Task for Local<P, F, J>
where
    P: Fn() -> I,
    F: Fn(I) -> Result<O, String>,
    J: Fn(O) -> Verdict,
{
    fn check(&mut self) -> Result<Checked, String> {
        // The first run pays for everything that happens once in a process.
        (self.run)((self.prepare)())?;
        let input = (self.prepare)();
        let (output, memory) = alloc::measure(|| (self.run)(input));
        let Verdict(correct, bytes) = (self.judge)(output?);
        Ok(Checked {
            correct,
            bytes,
            memory: Some(memory),
        })
    }

    fn run(&mut self, times: u32) -> Result<Duration, String> {
        let mut inputs = Vec::with_capacity(self.chunk.min(times) as usize);
        let mut elapsed = Duration::ZERO;
        let mut left = times;
        while left > 0 {
            let chunk = left.min(self.chunk);
            inputs.extend((0..chunk).map(|_| (self.prepare)()));
            let start = clock::now();
            for input in inputs.drain(..) {
                black_box((self.run)(black_box(input))?);
            }
            elapsed += clock::now().saturating_sub(start);
            left -= chunk;
        }
        Ok(elapsed)
    }
}
