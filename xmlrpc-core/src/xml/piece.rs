use core::ops::Range;

/// The name of the elements around a piece.
const ELEMENT: &str = "a";

/// A part of a document as a document of its own, which roxmltree reads.
///
/// The elements that are open where it begins are opened again before it, under a name that costs
/// little, and those that are open where it ends are closed behind it. What has to be repaired is
/// written anew, and what means nothing may be left out. Nothing is copied where all of a document
/// is one piece and stays as it is.
pub(super) struct Piece<'a> {
    text: &'a str,
    /// Where the piece begins in the text.
    start: usize,
    /// What the text is up to `copied`, if it differs from it.
    written: String,
    copied: usize,
    /// How many of the elements that are open where it begins are still open.
    outer: usize,
    /// How many elements are open where it ends.
    inner: usize,
    /// Pairs of offsets, here and in the text, from which on both run in step.
    steps: Vec<(u32, u32)>,
}

impl<'a> Piece<'a> {
    pub(super) fn new(text: &'a str, start: usize) -> Self {
        Self {
            text,
            start,
            written: String::new(),
            copied: start,
            outer: 0,
            inner: 0,
            steps: vec![(0, short(start))],
        }
    }

    /// Begins the next piece within so many elements, some of which declare namespaces: those at
    /// the depths, by the attributes, of `declarations`.
    pub(super) fn begin<'b>(
        &mut self,
        start: usize,
        outer: usize,
        declarations: impl Iterator<Item = (usize, &'b str)>,
    ) {
        self.start = start;
        self.copied = start;
        self.outer = outer;
        self.written.clear();
        let mut declarations = declarations.peekable();
        for depth in 0..outer {
            self.written.extend(["<", ELEMENT]);
            while let Some((_, attribute)) = declarations.next_if(|(of, _)| *of == depth) {
                self.written.extend([" ", attribute]);
            }
            self.written.push('>');
        }
        self.steps.clear();
        self.steps.push((short(self.written.len()), short(start)));
    }

    /// Puts `replacement` in the place of the bytes of the text from `start` to `end`.
    pub(super) fn replace(&mut self, start: usize, end: usize, replacement: &str) {
        self.written.push_str(&self.text[self.copied..start]);
        self.written.push_str(replacement);
        self.steps.push((short(self.written.len()), short(end)));
        self.copied = end;
    }

    /// Goes past the closing tag of the innermost element that was open where the piece begins.
    pub(super) fn close(&mut self, depth: usize, name: Range<usize>) {
        self.outer = depth;
        self.replace(name.start, name.end, ELEMENT);
    }

    /// Ends the piece, with the names of the elements that are open there, from the outermost on.
    pub(super) fn end(&mut self, end: usize, open: &[(u32, u32)]) {
        let end = end.max(self.copied);
        self.inner = open.len();
        let is_changed = self.head() > 0 || self.steps.len() > 1;
        if is_changed || !open.is_empty() {
            self.written.push_str(&self.text[self.copied..end]);
        }
        self.copied = end;
        for (index, name) in open.iter().enumerate().rev() {
            let name = if index < self.outer {
                ELEMENT
            } else {
                &self.text[widened(*name)]
            };
            self.written.extend(["</", name, ">"]);
        }
    }

    /// What roxmltree is to read.
    pub(super) fn as_str(&self) -> &str {
        if self.written.is_empty() {
            &self.text[self.start..self.copied]
        } else {
            &self.written
        }
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// The bytes that open the elements around it.
    pub(super) fn head(&self) -> usize {
        self.steps.first().map_or(0, |(new, _)| *new as usize)
    }

    /// Whether the element at a depth was open where the piece begins.
    pub(super) fn is_within(&self, depth: usize) -> bool {
        depth < self.outer
    }

    pub(super) fn inner(&self) -> usize {
        self.inner
    }

    /// The offset in the text of an offset here.
    pub(super) fn original(&self, offset: usize) -> usize {
        let after = self
            .steps
            .partition_point(|(new, _)| *new as usize <= offset);
        along(self.steps[after.saturating_sub(1)], offset)
    }

    pub(super) fn originals(&self) -> Originals<'_> {
        Originals { steps: &self.steps }
    }
}

/// The way back to the text, for offsets that come in order.
pub(super) struct Originals<'a> {
    /// From the last step before the offset at hand on.
    steps: &'a [(u32, u32)],
}

impl Originals<'_> {
    pub(super) fn original(&mut self, offset: usize) -> usize {
        while let [_, next, ..] = self.steps
            && next.0 as usize <= offset
        {
            self.steps = &self.steps[1..];
        }
        self.steps
            .first()
            .map_or(offset, |step| along(*step, offset))
    }

    /// Where a range begins in the text, if it is there in one piece.
    pub(super) fn in_one_piece(&mut self, start: usize, end: usize) -> Option<usize> {
        let original = self.original(start);
        let next = self.steps.get(1);
        next.is_none_or(|(new, _)| *new as usize >= end)
            .then_some(original)
    }
}

fn along((new, old): (u32, u32), offset: usize) -> usize {
    old as usize + offset.saturating_sub(new as usize)
}

/// Documents of 4 GiB and more are refused before anything else is done with them.
pub(super) fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

pub(super) fn widened((start, end): (u32, u32)) -> Range<usize> {
    start as usize..end as usize
}
