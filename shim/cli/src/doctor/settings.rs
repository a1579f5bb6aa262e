//! The environment's settings, as they were before this command made its own.

use super::Report;
use std::ffi::OsString;
use std::path::Path;

/// What the library and this command take from the environment, and what each can be, if only certain words.
const KNOWN: [(&str, &[&str]); 6] = [
    ("WS2SPI_BACKLOG", &["strict", "kernel"]),
    ("WS2SPI_CATALOG", &[]),
    ("WS2SPI_GUARD", &["off"]),
    ("WS2SPI_LIBRARY", &[]),
    ("WS2SPI_LOG", &["error", "trace"]),
    ("WS2SPI_LOG_FILE", &[]),
];

/// Every `WS2SPI_...` of the environment.
#[derive(Debug)]
pub(crate) struct Settings(Vec<(String, OsString)>);

pub(crate) fn settings() -> Settings {
    let all = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let mut ours: Vec<_> = all.filter(|(name, _)| name.starts_with("WS2SPI_")).collect();
    ours.sort();
    Settings(ours)
}

impl Settings {
    pub(super) fn look(&self, report: &mut Report) {
        if self.0.is_empty() {
            report.ok("environment", "no WS2SPI_ variable is set");
        }
        for (name, value) in &self.0 {
            let found = value.display().to_string();
            match KNOWN.iter().find(|(known, _)| known == name) {
                None => report.warning(
                    name,
                    found,
                    "nothing has that name: see `ws2spi --help` and the README",
                ),
                Some((_, [])) if !Path::new(value).is_absolute() => {
                    report.warning(
                        name,
                        format!("{found}, which is not absolute"),
                        "name it by its absolute path",
                    );
                }
                Some((_, words)) if !words.is_empty() && !words.contains(&&*found) => report.warning(
                    name,
                    format!("{found}, which says nothing"),
                    &format!("it can be: {}", words.join(", ")),
                ),
                Some(_) => report.ok(name, found),
            }
        }
    }
}
