//! Ten documents of a tenth, which together take as much memory as the whole one.
//!
//! If one small document is read over and over, the processor learns it by heart: it predicts all branches,
//! and has the text, the stack and all values in the nearest cache.

use core::{hint::black_box, mem::MaybeUninit};
use std::time::Duration;

use bytes::Bytes;
use xmlrpc_core::{Error, Limits};

use crate::{
    harness::{
        alloc, clock,
        task::{Case, Checked, Task},
    },
    reading::{Made, Read},
    shape::Shape,
    timed::{Reading, body, ends},
};

pub(crate) const TIMES: usize = 10;

pub(crate) fn tenths(shape: Shape, bytes: usize, limits: Limits) -> Reading {
    let make = |nth| Bytes::from(shape.make(bytes, nth));
    let tenths = Tenths {
        documents: (0..TIMES).map(make).collect(),
        read: shape.read,
        limits,
        stack: (STACK_OF_A_BYTE * bytes).min(STACK),
    };
    let mut all = tenths.documents.iter();
    let first = all.next().map_or("", |first| tenths.ends(first));
    let same = all.all(|other| tenths.ends(other) == first);
    Reading {
        case: Case {
            contender: "",
            task: Box::new(tenths),
        },
        ends: if same { first } else { "in several ways" },
    }
}

struct Tenths {
    documents: Vec<Bytes>,
    read: Read,
    limits: Limits,
    /// The part of the stack that each document has for itself.
    stack: usize,
}

/// What the deepest document, one of arrays, needs for each byte, and the maximum for any document.
const STACK_OF_A_BYTE: usize = 72;
const STACK: usize = 16 << 20;

impl Tenths {
    fn ends(&self, document: &Bytes) -> &'static str {
        ends((self.read)(document.clone(), &self.limits))
    }

    /// Reads each document once. The data stays until all have been read, and the time includes dropping it.
    fn read(&self) -> Duration {
        let bodies: Vec<_> = self.documents.iter().map(|it| body(it)).collect();
        let mut made: Vec<Result<Made, Error>> = Vec::with_capacity(bodies.len());
        let mut elapsed = Duration::ZERO;
        for (nth, body) in bodies.into_iter().enumerate() {
            let mut body = Some(body);
            further_down(nth * self.stack, &mut || {
                let body = body.take().unwrap_or_default();
                let start = clock::now();
                made.push(black_box((self.read)(black_box(body), &self.limits)));
                elapsed += clock::now().saturating_sub(start);
            });
        }
        let start = clock::now();
        drop(black_box(made));
        elapsed + clock::now().saturating_sub(start)
    }
}

impl Task for Tenths {
    fn check(&mut self) -> Result<Checked, String> {
        let ((), memory) = alloc::measure(|| _ = self.read());
        Ok(Checked {
            correct: true,
            bytes: self.documents.iter().map(Bytes::len).sum(),
            memory: Some(memory),
        })
    }

    fn run(&mut self, times: u32) -> Result<Duration, String> {
        Ok((0..times).map(|_| self.read()).sum())
    }
}

/// Runs `work` further down the stack, on bytes that the documents before have not used.
fn further_down(bytes: usize, work: &mut dyn FnMut()) {
    const STEP: usize = 16 << 10;
    let room = [MaybeUninit::<u8>::uninit(); STEP];
    match bytes.checked_sub(STEP) {
        Some(rest) => further_down(rest, work),
        None => work(),
    }
    black_box(&room);
}
