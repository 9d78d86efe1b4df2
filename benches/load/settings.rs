//! The settings of a server process, which are its arguments: `header=2000 offload=off`.

use std::time::Duration;

/// The bounds of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    /// `axum::serve`, and an endpoint without the bounds that can be switched off.
    Control,
    /// `xmlrpc_axum::serve`.
    Production,
    /// `xmlrpc_axum::serve`, but nothing decodes large documents.
    Undecoded,
}

impl Setup {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Production => "production",
            Self::Undecoded => "undecoded",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Control, Self::Production, Self::Undecoded]
            .into_iter()
            .find(|it| it.name() == name)
    }
}

/// A setting that is not mentioned has its default.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) setup: Setup,
    values: Vec<(String, u64)>,
}

impl Settings {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let name = arguments.next().unwrap_or_default();
        let setup = Setup::named(&name).ok_or_else(|| format!("unknown server {name:?}"))?;
        let parse = |argument: String| {
            let (key, value) = argument.split_once('=')?;
            Some((key.to_owned(), value.parse().ok()?))
        };
        let values: Option<Vec<_>> = arguments.map(parse).collect();
        let values = values.ok_or("a setting is a name, `=` and a number")?;
        Ok(Self { setup, values })
    }

    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        let mut values = self.values.iter();
        values.find(|(it, _)| it == key).map(|(_, value)| *value)
    }

    pub(crate) fn size(&self, key: &str) -> Option<usize> {
        self.number(key).and_then(|it| usize::try_from(it).ok())
    }

    /// A time in milliseconds.
    pub(crate) fn time(&self, key: &str) -> Option<Duration> {
        self.number(key).map(Duration::from_millis)
    }

    pub(crate) fn is_on(&self, key: &str) -> bool {
        self.number(key) == Some(1)
    }
}
