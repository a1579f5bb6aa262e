//! A C file of checks, one line per row of a table. Each line is labelled with the table's name and the row's line, so
//! the compiler's own messages name every row that does not hold, all of them in one run.

use libtest_mimic::{Failed, Trial};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use ws2spi_tests::compiler::C;
use ws2spi_tests::place;

/// The ways to compile in which a table must hold: structure sizes must not depend on how wide wchar_t is (NEED-H4).
pub(crate) const WAYS: [(&str, &[&str]); 2] = [("plain", &[]), ("short-wchar", &["-fshort-wchar"])];

pub(crate) struct Probe {
    name: String,
    table: &'static str,
    source: String,
    /// What each row is about, by its line.
    rows: BTreeMap<u64, String>,
}

impl Probe {
    /// Checks on the rows of `table`, after `prelude`. `name` names the trial, and the file.
    pub(crate) fn new(table: &'static str, name: impl Into<String>, prelude: &str) -> Probe {
        let source = format!("{prelude}\n");
        Probe {
            name: name.into(),
            table,
            source,
            rows: BTreeMap::new(),
        }
    }

    /// One row's check: C on one line. `about` names the row.
    pub(crate) fn row(&mut self, line: u64, about: &str, check: &str) {
        assert!(!check.contains('\n'), "a check is one line: {check}");
        writeln!(self.source, "#line {line} \"{}\"\n{check}", self.table).unwrap();
        self.rows.insert(line, about.to_owned());
    }

    /// Preprocessor lines between checks.
    pub(crate) fn directive(&mut self, line: &str) {
        writeln!(self.source, "{line}").unwrap();
    }

    /// A trial that compiles the checks with `options`.
    pub(crate) fn trial(self, options: &'static [&'static str]) -> Trial {
        Trial::test(self.name.clone(), move || self.check(options))
    }

    fn check(&self, options: &[&str]) -> Result<(), Failed> {
        assert!(!self.rows.is_empty(), "{}: no row", self.name);
        let source = self.write();
        match compiler().args(options).check(&source) {
            Ok(()) => Ok(()),
            Err(said) => Err(self.explain(&said).into()),
        }
    }

    /// Writes the checks to a file of their own.
    pub(crate) fn write(&self) -> std::path::PathBuf {
        let path = place::scratch("headers").join(format!("{}.c", self.name.replace([':', ' ', '/'], "_")));
        fs::write(&path, &self.source).unwrap();
        path
    }

    /// The errors among what the compiler said, the rows' own first, each row once.
    fn explain(&self, said: &str) -> String {
        let mut rows: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        let mut others = Vec::new();
        for (place, message) in said.lines().filter_map(|line| line.split_once("error: ")) {
            let labelled = place
                .strip_prefix(self.table)
                .and_then(|rest| rest.strip_prefix(':'));
            match labelled.and_then(|rest| rest.split(':').next()?.parse().ok()) {
                Some(row) => rows.entry(row).or_default().push(message),
                None => others.push(format!("{place}{message}\n")),
            }
        }
        if rows.is_empty() && others.is_empty() {
            return said.to_owned();
        }
        let mut text = format!("{} rows of {} do not hold\n", rows.len(), self.table);
        for (row, mut messages) in rows {
            // What follows from the first mistake in a row says nothing more.
            messages.dedup();
            messages.sort_by_key(|message| {
                message.contains("is not an integer") || message.contains("expected spec")
            });
            let about = self.rows.get(&row).map_or("", String::as_str);
            writeln!(text, "{}:{row}: {about}: {}", self.table, messages[0]).unwrap();
        }
        text + &others.concat()
    }
}

/// C that compiles only if `condition` holds; `text` says what then fails.
pub(crate) fn demand(text: &str, condition: &str) -> String {
    format!("_Static_assert({condition}, \"{text}\"); ")
}

/// The compiler for checks: they use GNU C (`__typeof__`), are not written to compile without warnings, and mean the
/// place of a macro where it is used.
pub(crate) fn compiler() -> C {
    C::new("gcc")
        .std("gnu11")
        .args(["-w", "-ftrack-macro-expansion=0"])
        .ws2spi()
}
