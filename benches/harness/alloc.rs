//! An allocator that counts while `measure` runs.

#![allow(
    unsafe_code,
    reason = "`GlobalAlloc` is an unsafe trait; each method passes its arguments unchanged to another allocator"
)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering::Relaxed},
};

/// The memory that a piece of work took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// Calls of `alloc`, `alloc_zeroed` and `realloc`.
    pub(crate) allocations: u64,
    /// The maximum of live bytes, above those that were live before. A `realloc` counts the
    /// difference of the sizes.
    pub(crate) peak: u64,
}

/// Counts what `work` allocates. Its result is still alive when the counting ends.
pub(crate) fn measure<R>(work: impl FnOnce() -> R) -> (R, Memory) {
    for counter in [&LIVE, &PEAK] {
        counter.store(0, Relaxed);
    }
    ALLOCATIONS.store(0, Relaxed);
    COUNTING.store(true, Relaxed);
    let result = work();
    COUNTING.store(false, Relaxed);
    let memory = Memory {
        allocations: ALLOCATIONS.load(Relaxed),
        peak: u64::try_from(PEAK.load(Relaxed)).unwrap_or_default(),
    };
    (result, memory)
}

/// Counts for as long as this process lives. Call it before anything else.
pub(crate) fn count_from_now() {
    COUNTING.store(true, Relaxed);
}

/// The bytes that are live, of those that were counted, and the maximum so far.
pub(crate) fn live() -> (isize, isize) {
    (LIVE.load(Relaxed), PEAK.load(Relaxed))
}

// Off while the clock runs: counting would slow down those that allocate more.
static COUNTING: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);

/// The allocator. A benchmark that counts makes it its `#[global_allocator]`. It takes memory from another one.
pub(crate) struct Counting<A = System>(pub(crate) A);

impl Counting {
    pub(crate) const fn new() -> Self {
        Self(System)
    }
}

fn count(bytes: isize) {
    if COUNTING.load(Relaxed) {
        let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
        PEAK.fetch_max(live, Relaxed);
    }
}

fn allocated(bytes: isize) {
    if COUNTING.load(Relaxed) {
        ALLOCATIONS.fetch_add(1, Relaxed);
        count(bytes);
    }
}

#[allow(
    clippy::cast_possible_wrap,
    reason = "no allocation has more than `isize::MAX` bytes"
)]
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counting<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocated(layout.size() as isize);
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        allocated(layout.size() as isize);
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        allocated(size as isize - layout.size() as isize);
        unsafe { self.0.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { self.0.dealloc(pointer, layout) }
    }
}
