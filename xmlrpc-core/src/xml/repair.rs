/// A text that is written anew with a few places changed, and the way back to the old one.
#[derive(Debug)]
pub(super) struct Repair {
    text: String,
    /// Pairs of offsets, new and old, from which on both texts run in step.
    steps: Vec<(u32, u32)>,
}

impl Repair {
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The offset in the old text of an offset in the new one.
    pub(super) fn original(&self, offset: usize) -> usize {
        let after = self
            .steps
            .partition_point(|(new, _)| *new as usize <= offset);
        match after.checked_sub(1).map(|index| self.steps[index]) {
            Some((new, old)) => old as usize + (offset - new as usize),
            None => offset,
        }
    }
}

/// Collects changes from left to right; copies nothing as long as there are none.
pub(super) struct Repairer<'a> {
    text: &'a str,
    copied: usize,
    repair: Option<Repair>,
}

impl<'a> Repairer<'a> {
    pub(super) fn new(text: &'a str, start: usize) -> Self {
        Self {
            text,
            copied: start,
            repair: None,
        }
    }

    /// Puts `replacement` in the place of the bytes from `start` to `end`.
    pub(super) fn replace(&mut self, start: usize, end: usize, replacement: &str) {
        let (text, copied) = (self.text, self.copied);
        let Repair { text: new, steps } = self.repair.get_or_insert_with(|| Repair {
            text: String::with_capacity(text.len()),
            steps: vec![(0, short(copied))],
        });
        new.push_str(&text[copied..start]);
        new.push_str(replacement);
        steps.push((short(new.len()), short(end)));
        self.copied = end;
    }

    pub(super) fn finish(self, end: usize) -> Option<Repair> {
        let mut repair = self.repair?;
        repair.text.push_str(&self.text[self.copied..end]);
        Some(repair)
    }
}

/// Documents of 4 GiB and more are refused before anything else is done with them.
pub(super) fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
