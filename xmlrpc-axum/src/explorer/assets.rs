//! The files of the page. They are in the binary, and each is made ready once for all endpoints.

use std::sync::{Arc, OnceLock};

use super::document::Document;

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
        let (document, media_type, text) = match self {
            Self::Script => (
                &SCRIPT,
                "text/javascript; charset=utf-8",
                include_str!("assets/explorer.js"),
            ),
            Self::Style => (
                &STYLE,
                "text/css; charset=utf-8",
                include_str!("assets/explorer.css"),
            ),
            Self::Icon => (&ICON, "image/svg+xml", include_str!("assets/icon.svg")),
        };
        let document = document.get_or_init(|| Arc::new(Document::new(media_type, text.into())));
        Arc::clone(document)
    }
}
