//! What is said of the figures: tables, how they stand against what is asked of them, a page with a chart.

mod chart;
mod judge;
mod page;
mod table;

pub(crate) use judge::{judge, print as print_judgements};
pub(crate) use page::write_docs;
pub(crate) use table::print as print_table;

/// A ratio, with as many decimals as it is worth.
fn ratio(value: f64) -> String {
    match value {
        value if !value.is_finite() => "–".to_owned(),
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 1000.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}
