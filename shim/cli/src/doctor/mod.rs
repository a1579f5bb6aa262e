//! `ws2spi doctor`: what is in order, what may become a problem, and what is one.

mod catalog;
mod installation;
pub(crate) mod probe;
mod providers;
mod settings;
mod system;

pub(crate) use settings::{Settings, settings};

use crate::failure::{Failure, Result};
use serde::Serialize;
use std::io::Write;
use std::process::ExitCode;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    Warning,
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    level: Level,
    /// What was looked at.
    about: String,
    found: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

/// What was found, in the order in which it was looked at.
#[derive(Default, Debug)]
struct Report(Vec<Finding>);

impl Report {
    fn ok(&mut self, about: &str, found: impl Into<String>) {
        self.add(Level::Ok, about, found, None);
    }

    fn warning(&mut self, about: &str, found: impl Into<String>, advice: &str) {
        self.add(Level::Warning, about, found, Some(advice));
    }

    fn problem(&mut self, about: &str, found: impl Into<String>, advice: &str) {
        self.add(Level::Problem, about, found, Some(advice));
    }

    fn add(&mut self, level: Level, about: &str, found: impl Into<String>, advice: Option<&str>) {
        self.0.push(Finding {
            level,
            about: about.into(),
            found: found.into(),
            advice: advice.map(String::from),
        });
    }

    /// "a problem", "2 problems"; nothing for none.
    fn count(&self, level: Level, word: &str) -> Option<String> {
        match self.0.iter().filter(|finding| finding.level == level).count() {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        }
    }

    fn print(&self, out: &mut dyn Write) -> Result<()> {
        for finding in &self.0 {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Problem => "problem",
            };
            writeln!(out, "{level:<8} {}: {}", finding.about, finding.found)?;
            if let Some(advice) = &finding.advice {
                writeln!(out, "         → {advice}")?;
            }
        }
        let counts = [
            self.count(Level::Problem, "problem"),
            self.count(Level::Warning, "warning"),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        match counts.as_slice() {
            [] => writeln!(out, "All is well.")?,
            counts => writeln!(out, "{}.", counts.join(", "))?,
        }
        Ok(())
    }
}

/// Looks at everything.
pub(crate) fn run(settings: &Settings, json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let mut report = Report::default();
    let library = installation::library(&mut report);
    installation::headers(&mut report);
    if let Some(library) = &library
        && catalog::look(library, &mut report)
    {
        providers::look(library, &mut report)?;
    }
    system::limits(&mut report);
    settings.look(&mut report);
    if json {
        let text = serde_json::to_string_pretty(&report.0);
        writeln!(
            out,
            "{}",
            text.map_err(|error| Failure::problem(error.to_string()))?
        )?;
    } else {
        report.print(out)?;
    }
    let has_problem = report.0.iter().any(|finding| finding.level == Level::Problem);
    Ok(ExitCode::from(u8::from(has_problem)))
}
