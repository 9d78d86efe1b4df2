//! The files of the page. They are in the binary, and each is made ready once for all endpoints.

use std::sync::{Arc, OnceLock};

use super::{
    document::Document,
    squeeze::{Language, cut, squeezed},
};

/// The script, whose parts are in this order. Each part uses names of the parts before it.
const SCRIPT: &str = concat!(
    include_str!("assets/values.js"),
    include_str!("assets/fields.js"),
    include_str!("assets/response.js"),
    include_str!("assets/export.js"),
    include_str!("assets/page.js"),
    include_str!("assets/forms.js"),
);
const STYLE: &str = include_str!("assets/explorer.css");

// The compiler asks whether long evaluations are intended. Another version of it may count differently.
#[allow(long_running_const_eval)]
const SQUEEZED_SCRIPT: ([u8; SCRIPT.len()], usize) = squeezed(SCRIPT.as_bytes(), Language::Script);
#[allow(long_running_const_eval)]
const SQUEEZED_STYLE: ([u8; STYLE.len()], usize) = squeezed(STYLE.as_bytes(), Language::Style);

// Only these are in the binary.
static SENT_SCRIPT: [u8; SQUEEZED_SCRIPT.1] = cut(&SQUEEZED_SCRIPT.0);
static SENT_STYLE: [u8; SQUEEZED_STYLE.1] = cut(&SQUEEZED_STYLE.0);

/// A file of the page. The query of its URL is its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asset {
    Script,
    Style,
    Icon,
}

impl Asset {
    /// The file with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "explorer.js" => Some(Self::Script),
            "explorer.css" => Some(Self::Style),
            "icon.svg" => Some(Self::Icon),
            _ => None,
        }
    }

    pub(super) fn document(self) -> Arc<Document> {
        static SCRIPT: OnceLock<Arc<Document>> = OnceLock::new();
        static STYLE: OnceLock<Arc<Document>> = OnceLock::new();
        static ICON: OnceLock<Arc<Document>> = OnceLock::new();
        let (document, media_type, text): (_, _, &[u8]) = match self {
            Self::Script => (&SCRIPT, "text/javascript; charset=utf-8", &SENT_SCRIPT),
            Self::Style => (&STYLE, "text/css; charset=utf-8", &SENT_STYLE),
            Self::Icon => (&ICON, "image/svg+xml", include_bytes!("assets/icon.svg")),
        };
        let text = || String::from_utf8_lossy(text).into_owned();
        let document = document.get_or_init(|| Arc::new(Document::new(media_type, text())));
        Arc::clone(document)
    }
}
