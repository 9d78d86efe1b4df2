//! Chooses an endpoint: the power of two choices.

use std::sync::Arc;

use tokio::time::Instant;

use super::{endpoint::Endpoint, load::LoadMetric, random::Random};

/// Picks two endpoints at random among those that are allowed, and returns the one with less load.
pub(super) fn one_of_two<'a>(
    endpoints: &'a [Arc<Endpoint>],
    is_allowed: impl Fn(&Endpoint) -> bool,
    metric: LoadMetric,
    random: &Random,
    now: Instant,
) -> Option<&'a Arc<Endpoint>> {
    let allowed = || endpoints.iter().filter(|endpoint| is_allowed(endpoint));
    let count = allowed().count();
    let one = random.below(count);
    // One of the others, each with the same probability.
    let other = (one + 1 + random.below(count.saturating_sub(1))) % count.max(1);
    let one = allowed().nth(one);
    if count < 2 {
        return one;
    }
    // An endpoint may have been set aside meanwhile.
    let (Some(one), Some(other)) = (one, allowed().nth(other)) else {
        return one.or_else(|| allowed().next());
    };
    let (cost, other_cost) = (one.cost(metric, now), other.cost(metric, now));
    Some(if other_cost.is_less_than(cost) {
        other
    } else {
        one
    })
}
