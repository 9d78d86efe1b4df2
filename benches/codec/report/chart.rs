//! The chart: time relative to that of `serde_json`, for the documents that are asked about.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use super::ratio;
use crate::{contender::Direction, figures::Figures};

const DOCUMENTS: [&str; 8] = [
    "tiny_call",
    "ints_100000",
    "doubles_100000",
    "structs_1000",
    "structs_1000_python",
    "multicall_1000",
    "text_1mb",
    "text_1mb_escapes",
];

const CONTENDERS: [(&str, RGBColor); 7] = [
    ("ours", RGBColor(0xD5, 0x5E, 0x00)),
    ("serde_json", RGBColor(0x99, 0x99, 0x99)),
    ("serde_xmlrpc", RGBColor(0x00, 0x72, 0xB2)),
    ("dxr", RGBColor(0x56, 0xB4, 0xE9)),
    ("xmlrpc", RGBColor(0x00, 0x9E, 0x73)),
    ("python", RGBColor(0xF0, 0xE4, 0x42)),
    ("xmlrpc_c", RGBColor(0xCC, 0x79, 0xA7)),
];

/// Pixels: of a bar, of the space between documents, of the names at the left, of the whole.
const BAR: i32 = 11;
const GAP: i32 = 12;
const LEFT: i32 = 170;
const WIDTH: i32 = 900;
const TOP: i32 = 60;

/// What the axis spans: times relative to that of `serde_json`.
const LEAST: f64 = 0.2;
const MOST: f64 = 200.0;

pub(super) fn draw(figures: &Figures, path: &Path) -> Result<(), String> {
    try_draw(figures, path).map_err(|error| error.to_string())
}

struct Bar {
    contender: &'static str,
    color: RGBColor,
    ratio: f64,
    correct: bool,
}

fn try_draw(figures: &Figures, path: &Path) -> Result<(), Box<dyn Error>> {
    let groups = groups(figures);
    let height: i32 = groups
        .iter()
        .map(|(_, bars)| BAR * i32::try_from(bars.len()).unwrap_or_default() + GAP)
        .sum();
    let size = (WIDTH.unsigned_abs(), (TOP + height + GAP).unsigned_abs());
    let area = SVGBackend::new(path, size).into_drawing_area();
    area.fill(&WHITE)?;
    let font = |size: i32| ("sans-serif", size).into_font();
    let title =
        "Time relative to serde_json on the same data (log scale, less is better; * wrong answer)";
    area.draw_text(title, &font(15).into(), (10, 10))?;
    for tick in [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0] {
        let x = at(tick);
        let color = if (tick - 1.0_f64).abs() < f64::EPSILON {
            BLACK
        } else {
            RGBColor(221, 221, 221)
        };
        area.draw(&PathElement::new([(x, TOP - 6), (x, TOP + height)], color))?;
        area.draw_text(&tick.to_string(), &font(12).into(), (x - 6, TOP - 22))?;
    }
    let mut y = TOP;
    for (name, bars) in groups {
        area.draw_text(&name, &font(12).into(), (8, y))?;
        for bar in bars {
            let end = at(bar.ratio);
            let body = [(at(LEAST), y + 1), (end, y + BAR)];
            area.draw(&Rectangle::new(body, bar.color.filled()))?;
            let mark = if bar.correct { "" } else { " *" };
            let label = format!("{} {}{mark}", bar.contender, ratio(bar.ratio));
            area.draw_text(&label, &font(10).into(), (end + 4, y + 1))?;
            y += BAR;
        }
        y += GAP;
    }
    area.present()?;
    Ok(())
}

fn groups(figures: &Figures) -> Vec<(String, Vec<Bar>)> {
    let mut groups = Vec::new();
    for direction in [Direction::Decode, Direction::Encode] {
        for document in DOCUMENTS {
            let Some(json) = figures.get(document, direction, "serde_json") else {
                continue;
            };
            let bars = CONTENDERS.iter().filter_map(|(contender, color)| {
                let figure = figures.get(document, direction, contender)?;
                Some(Bar {
                    contender,
                    color: *color,
                    ratio: figure.ns / json.ns,
                    correct: figure.correct,
                })
            });
            groups.push((format!("{} {document}", direction.name()), bars.collect()));
        }
    }
    groups
}

/// Where a ratio is on the axis.
#[allow(
    clippy::cast_possible_truncation,
    reason = "within the width of the chart"
)]
fn at(ratio: f64) -> i32 {
    let span = f64::from(WIDTH - LEFT - 130);
    let share = (ratio.clamp(LEAST, MOST) / LEAST).ln() / (MOST / LEAST).ln();
    LEFT + (share * span) as i32
}
