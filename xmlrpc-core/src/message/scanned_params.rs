use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_core::Deserialize;

use crate::{
    Error,
    de::{Reader, read_value},
    xml::Scanner,
};

/// The parameters of a call, scanned one after the other.
pub(super) struct ScannedParams<'de> {
    scanner: Scanner<'de>,
    /// Whether each value is in a `<param>`, and the end of the document follows.
    in_params: bool,
    /// Whether values could not be counted. Then the other reader must read the document, even if
    /// this one can read each value: whoever asked for the number got a wrong one.
    miscounted: AtomicBool,
}

impl Clone for ScannedParams<'_> {
    fn clone(&self) -> Self {
        Self {
            scanner: self.scanner.clone(),
            in_params: self.in_params,
            miscounted: AtomicBool::new(self.miscounted.load(Relaxed)),
        }
    }
}

impl<'de> ScannedParams<'de> {
    #[inline]
    pub(super) fn new(scanner: Scanner<'de>, in_params: bool) -> Self {
        Self {
            scanner,
            in_params,
            miscounted: AtomicBool::new(false),
        }
    }

    /// Goes to the next value, if there is one.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        let is_within = !self.in_params || self.scanner.tag(b"<param>");
        if is_within && self.scanner.is_at(b"<value") {
            return Ok(true);
        }
        // A `<param>` must contain a value.
        let may_end = !(is_within && self.in_params);
        if may_end && self.is_at_end() {
            return Ok(false);
        }
        Err(self.scanner.stopped())
    }

    pub(super) fn read<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        let value = read_value(&mut self.scanner)?;
        self.end_value()?;
        Ok(value)
    }

    #[inline]
    fn end_value(&mut self) -> Result<(), Error> {
        if !self.in_params || self.scanner.end_tag(b"</param>") {
            return Ok(());
        }
        Err(self.scanner.stopped())
    }

    /// Skips the remaining values, and returns their number.
    fn skip(&mut self) -> Result<usize, Error> {
        let mut count = 0;
        while self.advance()? {
            self.scanner.skip_value()?;
            self.end_value()?;
            count += 1;
        }
        Ok(count)
    }

    /// The number of remaining values, if the scanner can read them.
    #[inline]
    pub(super) fn count(&self) -> Option<usize> {
        if self.is_at_end() {
            return Some(0);
        }
        let count = self.clone().skip().ok();
        if count.is_none() {
            self.miscounted.store(true, Relaxed);
        }
        count
    }

    #[inline]
    fn is_at_end(&self) -> bool {
        let end: &[u8] = if self.in_params {
            b"</params>"
        } else {
            b"</data>"
        };
        self.scanner.is_at(end)
    }

    /// Whether the scanner can read the rest of the document.
    pub(super) fn is_complete(&mut self) -> bool {
        if self.miscounted.load(Relaxed) {
            return false;
        }
        if !self.is_at_end() && self.skip().is_err() {
            return false;
        }
        let scanner = &mut self.scanner;
        if !self.in_params {
            return !scanner.is_stopped();
        }
        scanner.end_tag(b"</params>") && scanner.end_tag(b"</methodCall>") && scanner.is_at_end()
    }
}
