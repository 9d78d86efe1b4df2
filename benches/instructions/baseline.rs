//! The counts that are in the repository.

use std::{fs, path::Path};

use crate::callgrind;

/// The counts of the paths, and what they were made with.
pub(crate) struct Baseline {
    versions: String,
    counts: Vec<(String, u64)>,
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
}

impl Baseline {
    pub(crate) fn new(counts: Vec<(&str, u64)>) -> Result<Self, String> {
        let counts = counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count));
        Ok(Self {
            versions: callgrind::versions()?,
            counts: counts.collect(),
        })
    }

    pub(crate) fn load() -> Result<Self, String> {
        let path = path();
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut lines = text.lines();
        let versions = lines.next().unwrap_or_default().trim_start_matches("# ");
        let counts = lines.map(|line| {
            let (name, count) = line.split_once(' ')?;
            Some((name.to_owned(), count.trim().parse().ok()?))
        });
        let counts: Option<Vec<_>> = counts.collect();
        Ok(Self {
            versions: versions.to_owned(),
            counts: counts.ok_or_else(|| format!("{} is no baseline", path.display()))?,
        })
    }

    pub(crate) fn save(&self) -> Result<(), String> {
        let mut text = format!("# {}\n", self.versions);
        for (name, count) in &self.counts {
            let line = format!("{name:<28}{count:>12}\n");
            print!("  {line}");
            text += &line;
        }
        fs::write(path(), text).map_err(|error| error.to_string())
    }

    /// Prints how these counts stand against `baseline`; whether none is too high.
    pub(crate) fn compare(&self, baseline: &Self, tolerance: f64) -> bool {
        if self.versions != baseline.versions {
            println!("the baseline was made with {}", baseline.versions);
            println!("these counts are made with {}", self.versions);
        }
        let mut is_good = true;
        for (name, count) in &self.counts {
            let known = baseline.counts.iter().find(|(known, _)| known == name);
            let Some((_, known)) = known else {
                println!("  {name:<28}{count:>12}           not in the baseline");
                is_good = false;
                continue;
            };
            let change = float(*count) / float(*known) - 1.0;
            let verdict = if change > tolerance {
                is_good = false;
                "FAIL"
            } else if change < -tolerance {
                "better: save it"
            } else {
                ""
            };
            let line = format!(
                "  {name:<28}{count:>12}{:>+9.2} %  {verdict}",
                change * 100.0
            );
            println!("{}", line.trim_end());
        }
        is_good
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "no path takes 2^53 instructions"
)]
fn float(count: u64) -> f64 {
    count as f64
}
