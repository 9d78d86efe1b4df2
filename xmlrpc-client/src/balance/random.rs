//! Random numbers for choices and pauses. They need not be unpredictable.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// `SplitMix64`: <https://prng.di.unimi.it/splitmix64.c>.
pub(super) struct Random {
    state: AtomicU64,
}

impl Random {
    pub(super) fn new() -> Self {
        Self {
            state: AtomicU64::new(RandomState::new().hash_one(0)),
        }
    }

    fn next(&self) -> u64 {
        const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.state.fetch_add(GAMMA, Relaxed).wrapping_add(GAMMA);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, or 0 if `end` is 0.
    pub(super) fn below(&self, end: usize) -> usize {
        // The product of two 64-bit numbers fits, and its upper half is less than `end`.
        let product = u128::from(self.next()) * end as u128;
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from 0.5 to 1.
    pub(super) fn half_to_one(&self) -> f64 {
        let share = f64::from((self.next() >> 32) as u32) / f64::from(u32::MAX);
        0.5 + share / 2.0
    }
}
