//! Colours, which appear only where the output shows them.

use std::borrow::Cow;

use owo_colors::{OwoColorize, Style};

/// What a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ink {
    /// The name of a member or a method.
    Name,
    /// A string.
    Text,
    Number,
    /// `true`, `false`, `nil`.
    Word,
    /// A heading.
    Head,
    /// Less important.
    Faint,
    /// A fault or an error.
    Bad,
}

/// Whether texts get colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// No colours.
    pub(crate) fn none() -> Self {
        Self { on: false }
    }

    /// Colours if standard output shows them: a terminal, without `NO_COLOR`.
    pub(crate) fn stdout() -> Self {
        let choice = anstream::AutoStream::choice(&std::io::stdout());
        Self {
            on: choice != anstream::ColorChoice::Never,
        }
    }

    /// The same for standard error.
    pub(crate) fn stderr() -> Self {
        let choice = anstream::AutoStream::choice(&std::io::stderr());
        Self {
            on: choice != anstream::ColorChoice::Never,
        }
    }

    /// The text in the colour of what it is.
    pub(crate) fn text(self, ink: Ink, text: &str) -> Cow<'_, str> {
        if !self.on {
            return Cow::Borrowed(text);
        }
        let style = match ink {
            Ink::Name => Style::new().cyan(),
            Ink::Text => Style::new().green(),
            Ink::Number => Style::new().yellow(),
            Ink::Word => Style::new().magenta(),
            Ink::Head => Style::new().bold(),
            Ink::Faint => Style::new().dimmed(),
            Ink::Bad => Style::new().red().bold(),
        };
        Cow::Owned(text.style(style).to_string())
    }
}
