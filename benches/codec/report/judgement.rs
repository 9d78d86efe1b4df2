//! What is asked of the figures, and whether it holds.

/// Something that is asked, and what was measured.
pub(crate) struct Judgement {
    pub(crate) what: String,
    /// Nothing where a figure that it takes was not measured.
    pub(crate) measured: Option<f64>,
    pub(crate) bound: Bound,
}

#[derive(Clone, Copy)]
pub(crate) enum Bound {
    AtMost { floor: f64, aim: f64 },
    AtLeast { floor: f64 },
}

impl Judgement {
    pub(crate) fn verdict(&self) -> &'static str {
        match (self.measured, self.bound) {
            (None, _) => "not measured",
            (Some(it), Bound::AtMost { aim, .. }) if it <= aim => "pass, aim reached",
            (Some(it), Bound::AtMost { floor, .. }) if it <= floor => "pass",
            (Some(it), Bound::AtLeast { floor }) if it >= floor => "pass",
            _ => "FAIL",
        }
    }

    pub(crate) fn columns(&self) -> [String; 4] {
        let asked = match self.bound {
            Bound::AtMost { floor, aim } if aim < floor => {
                format!("≤ {} (aim {})", ratio(floor), ratio(aim))
            }
            Bound::AtMost { floor, .. } => format!("≤ {}", ratio(floor)),
            Bound::AtLeast { floor } => format!("≥ {}", ratio(floor)),
        };
        let measured = self.measured.map_or("–".to_owned(), ratio);
        [
            self.what.clone(),
            measured,
            asked,
            self.verdict().to_owned(),
        ]
    }
}

pub(crate) fn print(judgements: &[Judgement]) {
    if judgements.iter().all(|it| it.measured.is_none()) {
        return;
    }
    println!("\nagainst what is asked");
    for judgement in judgements {
        let [what, measured, asked, verdict] = judgement.columns();
        println!("  {what:<82}{measured:>9}  {asked:<20}{verdict}");
    }
}

pub(crate) const fn at_most(floor: f64) -> Bound {
    Bound::AtMost { floor, aim: floor }
}

/// A ratio, with as many decimals as it is worth.
pub(crate) fn ratio(value: f64) -> String {
    match value {
        value if !value.is_finite() => "–".to_owned(),
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 1000.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}
