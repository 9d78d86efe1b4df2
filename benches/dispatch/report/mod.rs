//! What is said of the figures: tables, how they stand against what is asked of them, a page.

#[path = "../../codec/report/judgement.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod judgement;
#[path = "../../codec/report/machine.rs"]
mod machine;
#[path = "../../codec/report/markdown.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod markdown;
#[path = "../../growth/report/sheet.rs"]
mod sheet;

mod allocations;
mod judge;
mod page;
mod table;

pub(crate) use judge::judge;
pub(crate) use page::write_docs;

use crate::figures::Figures;
use judgement::Judgement;

pub(crate) fn print(figures: &Figures, judgements: &[Judgement]) {
    for table in table::all(figures) {
        table.print();
    }
    judgement::print(judgements);
}
