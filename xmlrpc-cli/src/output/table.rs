//! Tables.

use unicode_width::UnicodeWidthStr;
use xmlrpc_core::Value;

use super::text;
use crate::{
    escape,
    paint::{Ink, Paint},
};

/// Lists of structs with more members than this are not tables by default.
const MAX_COLUMNS: usize = 24;
/// The least width of a shortened column.
const MIN_WIDTH: usize = 8;
const GAP: &str = "  ";
/// A table that needs more characters, with all spaces, is shortened, or is not a table.
const MAX_SIZE: usize = 64 << 20;
/// Structs whose table would have more cells are shown as one column.
const MAX_CELLS: usize = 1_000_000;
/// The width of such a table if it does not go to a terminal.
const WIDTH: usize = 240;

/// A table, if all elements are structs with nearly the same members and it fits the width.
pub(super) fn similar(elements: &[Value], paint: Paint, width: Option<usize>) -> Option<String> {
    let rows: Option<Vec<_>> = elements.iter().map(|it| it.as_struct()).collect();
    let rows = rows?;
    let names = names(elements, MAX_COLUMNS + 1);
    if names.is_empty() || names.len() > MAX_COLUMNS {
        return None;
    }
    let are_similar = rows.iter().all(|row| 2 * row.len() >= names.len());
    let scalar = |value: &Value| match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Struct(members) => members.is_empty(),
        Value::String(text) => !text.trim_end().contains('\n'),
        _ => true,
    };
    if !are_similar || !rows.iter().all(|row| row.values().all(scalar)) {
        return None;
    }
    let table = Table::of_structs(elements, &names);
    let least = table.least_width();
    if width.map_or_else(|| table.is_huge(), |width| least > width) {
        return None;
    }
    Some(table.write(paint, width))
}

/// A table of any value: a row for each element of a list or for each member of a struct.
pub(super) fn forced(value: &Value, paint: Paint, width: Option<usize>) -> String {
    let table = match value {
        Value::Array(elements) if elements.is_empty() => return String::new(),
        Value::Array(elements)
            if elements.iter().all(|it| it.as_struct().is_some())
                && names(elements, usize::MAX)
                    .len()
                    .saturating_mul(elements.len())
                    <= MAX_CELLS =>
        {
            Table::of_structs(elements, &names(elements, usize::MAX))
        }
        Value::Array(elements) => Table {
            head: vec!["VALUE".to_owned()],
            rows: elements.iter().map(|it| vec![Cell::of(it)]).collect(),
        },
        Value::Struct(members) => Table {
            head: vec!["NAME".to_owned(), "VALUE".to_owned()],
            rows: members
                .iter()
                .map(|(name, member)| vec![Cell::text(name), Cell::of(member)])
                .collect(),
        },
        scalar => Table {
            head: vec!["VALUE".to_owned()],
            rows: vec![vec![Cell::of(scalar)]],
        },
    };
    let width = width.or_else(|| table.is_huge().then_some(WIDTH));
    table.write(paint, width)
}

/// The names of all members, in the order of their first appearance; at most so many.
fn names(elements: &[Value], most: usize) -> Vec<&str> {
    let mut names = Vec::new();
    let mut known = std::collections::HashSet::new();
    for row in elements.iter().filter_map(Value::as_struct) {
        for name in row.keys() {
            if names.len() < most && known.insert(name) {
                names.push(name);
            }
        }
    }
    names
}

struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

struct Cell {
    text: String,
    ink: Ink,
    is_number: bool,
}

impl Cell {
    fn of(value: &Value) -> Self {
        let ink = match value {
            Value::String(_) => Ink::Text,
            Value::Int(_) | Value::I8(_) | Value::Double(_) => Ink::Number,
            _ => Ink::Word,
        };
        let text = match value {
            Value::String(text) => escape::line(text),
            value => text::line(value, Paint::none()),
        };
        Self {
            text,
            ink,
            is_number: matches!(ink, Ink::Number),
        }
    }

    fn text(text: &str) -> Self {
        Self {
            text: escape::line(text),
            ink: Ink::Text,
            is_number: false,
        }
    }

    fn empty() -> Self {
        Self::text("")
    }
}

impl Table {
    fn of_structs(elements: &[Value], names: &[&str]) -> Self {
        let rows = elements.iter().filter_map(Value::as_struct).map(|row| {
            let cells = names
                .iter()
                .map(|name| row.get(name).map_or_else(Cell::empty, Cell::of));
            cells.collect()
        });
        Self {
            head: names
                .iter()
                .map(|name| escape::line(name).to_uppercase())
                .collect(),
            rows: rows.collect(),
        }
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<_> = self.head.iter().map(|it| it.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.width());
            }
        }
        widths
    }

    /// Whether the spaces could need much more memory than the values.
    fn is_huge(&self) -> bool {
        let width: usize = self.widths().iter().sum();
        width.saturating_mul(self.rows.len()) > MAX_SIZE
    }

    /// The width if all long columns are shortened.
    fn least_width(&self) -> usize {
        let gaps = GAP.len() * self.head.len().saturating_sub(1);
        let widths = self.widths().into_iter().map(|width| width.min(MIN_WIDTH));
        widths.sum::<usize>() + gaps
    }

    fn write(&self, paint: Paint, width: Option<usize>) -> String {
        let mut widths = self.widths();
        if let Some(most) = width {
            let gaps = GAP.len() * widths.len().saturating_sub(1);
            narrow(&mut widths, most.saturating_sub(gaps));
        }
        let are_numbers: Vec<_> = (0..widths.len())
            .map(|column| {
                let mut cells = self.rows.iter().filter_map(|row| row.get(column));
                cells.all(|cell| cell.is_number || cell.text.is_empty())
            })
            .collect();
        let mut out = String::new();
        let head = self.head.iter().map(|text| (text.as_str(), Ink::Head));
        line(&mut out, head, &widths, &are_numbers, paint);
        for row in &self.rows {
            let cells = row.iter().map(|cell| (cell.text.as_str(), cell.ink));
            line(&mut out, cells, &widths, &are_numbers, paint);
        }
        out
    }
}

/// Shortens the widest columns until all together have this width.
fn narrow(widths: &mut [usize], most: usize) {
    let mut excess = widths.iter().sum::<usize>().saturating_sub(most);
    while excess > 0 {
        let widest = widths.iter().copied().max().unwrap_or(0);
        if widest <= MIN_WIDTH {
            break;
        }
        let second = widths
            .iter()
            .copied()
            .filter(|it| *it < widest)
            .max()
            .unwrap_or(0);
        let target = second.max(MIN_WIDTH);
        for width in widths.iter_mut().filter(|it| **it == widest) {
            let step = (widest - target).min(excess);
            *width -= step;
            excess -= step;
        }
    }
}

fn line<'a>(
    out: &mut String,
    cells: impl Iterator<Item = (&'a str, Ink)>,
    widths: &[usize],
    are_numbers: &[bool],
    paint: Paint,
) {
    let last = widths.len().saturating_sub(1);
    let start = out.len();
    for (index, (text, ink)) in cells.enumerate() {
        let width = widths.get(index).copied().unwrap_or(0);
        let text = shortened(text, width);
        let space = " ".repeat(width.saturating_sub(text.width()));
        if index > 0 {
            out.push_str(GAP);
        }
        let is_number = are_numbers.get(index).copied().unwrap_or(false);
        if is_number {
            out.push_str(&space);
        }
        out.push_str(&paint.text(ink, &text));
        if !is_number && index < last {
            out.push_str(&space);
        }
    }
    let end = out[start..].trim_end_matches(' ').len();
    out.truncate(start + end);
    out.push('\n');
}

/// The text with at most this width, with `…` at the end if it is shortened.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for char in text.chars() {
        short.push(char);
        if short.width() > width.saturating_sub(1) {
            short.pop();
            break;
        }
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{Value, value};

    use super::{forced, narrow, similar};
    use crate::paint::Paint;

    #[test]
    fn wide_columns_are_shortened() {
        let value = value!([{"id": 1, "text": "a long text that does not fit"}, {"id": 2, "text": "日本語のテキスト"}]);
        let elements = value.as_array().unwrap();
        let table = similar(elements, Paint::none(), Some(20)).unwrap();
        assert_eq!(
            table,
            "ID  TEXT\n 1  a long text tha…\n 2  日本語のテキスト\n"
        );
        assert_eq!(similar(elements, Paint::none(), Some(9)), None);
        let mut widths = [5, 100, 50];
        narrow(&mut widths, 60);
        assert_eq!(widths.iter().sum::<usize>(), 60);
        assert_eq!(widths[0], 5);
    }

    /// A short response must not become a text that fills the memory.
    #[test]
    fn huge_tables() {
        let row = |text: &str| value!({"id": 1, "text": text, "next": 2});
        let long = "x".repeat(1 << 20);
        let mut rows = vec![row("a"); 63];
        rows.push(row(&long));
        let fits = super::MAX_SIZE / ((1 << 20) + 6);
        assert_eq!(fits, 63);
        assert!(similar(&rows[1..], Paint::none(), None).is_some());
        assert_eq!(similar(&rows, Paint::none(), None), None);
        let shortened = forced(&Value::from(rows), Paint::none(), None);
        assert!(shortened.len() < 100_000 && shortened.contains('…'));
        // One column for each struct.
        for (count, columns) in [(1000, 1000), (1001, 1)] {
            let structs = (0..count).map(|number| {
                let name = format!("n{number}");
                Value::Struct([(name, Value::from(1))].into_iter().collect())
            });
            let table = forced(&structs.collect::<Vec<_>>().into(), Paint::none(), None);
            let head = table.lines().next().unwrap();
            assert_eq!(head.split_whitespace().count(), columns);
        }
    }

    #[test]
    fn any_value_can_be_a_table() {
        let cases: [(Value, &str); 5] = [
            (value!([1, "a\nb"]), "VALUE\n1\na\\nb\n"),
            (
                value!({"a": 1, "b": [1, 2]}),
                "NAME  VALUE\na     1\nb     [2 elements]\n",
            ),
            (value!(5), "VALUE\n    5\n"),
            (value!([]), ""),
            (value!([{"a": 1}, {"b": "x"}]), "A  B\n1\n   x\n"),
        ];
        for (value, expected) in cases {
            assert_eq!(forced(&value, Paint::none(), None), expected);
        }
    }
}
