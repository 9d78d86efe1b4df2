//! What is said of the figures: tables, how they stand against what is asked of them, a page with a chart.

mod chart;
mod judge;
mod judgement;
mod machine;
mod markdown;
mod page;
mod table;

pub(crate) use judge::judge;
pub(crate) use judgement::print as print_judgements;
use judgement::ratio;
pub(crate) use page::write_docs;
pub(crate) use table::print as print_table;
