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
    rows: usize,
}

impl Probe {
    /// Checks on the rows of `table`, after `prelude`. `name` names the trial, and the file.
    pub(crate) fn new(table: &'static str, name: impl Into<String>, prelude: &str) -> Probe {
        let source = format!("{prelude}\n#define CHECK(text, ...) _Static_assert(__VA_ARGS__, text)\n");
        Probe {
            name: name.into(),
            table,
            source,
            rows: 0,
        }
    }

    /// One check: C on one line.
    pub(crate) fn row(&mut self, line: u64, check: &str) {
        assert!(!check.contains('\n'), "a check is one line: {check}");
        writeln!(self.source, "#line {line} \"{}\"\n{check}", self.table).unwrap();
        self.rows += 1;
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
        assert!(self.rows > 0, "{}: no row", self.name);
        let source = self.write();
        match compiler().args(options).check(&source) {
            Ok(()) => Ok(()),
            Err(said) => Err(explain(self.table, &said).into()),
        }
    }

    /// Writes the checks to a file of their own.
    pub(crate) fn write(&self) -> std::path::PathBuf {
        let path = place::scratch("headers").join(format!("{}.c", self.name.replace([':', ' ', '/'], "_")));
        fs::write(&path, &self.source).unwrap();
        path
    }
}

/// The compiler for checks: they use GNU C (`__typeof__`), and are not themselves written to compile without warnings.
pub(crate) fn compiler() -> C {
    C::new("gcc").std("gnu11").args(["-w"]).ws2spi()
}

/// The errors among what the compiler said, the rows' own first, each row once per message.
fn explain(table: &str, said: &str) -> String {
    let mut rows: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    let mut others = Vec::new();
    for line in said.lines().filter(|line| line.contains("error:")) {
        let labelled = line.strip_prefix(table).and_then(|rest| rest.strip_prefix(':'));
        match labelled.and_then(|rest| rest.split(':').next()?.parse().ok()) {
            Some(row) => {
                let message = line.split_once("error: ").map_or(line, |(_, message)| message);
                let messages = rows.entry(row).or_default();
                if !messages.contains(&message) {
                    messages.push(message);
                }
            }
            None => others.push(line),
        }
    }
    if rows.is_empty() && others.is_empty() {
        return said.to_owned();
    }
    let mut text = format!("{} rows of {table} do not hold\n", rows.len());
    for (row, messages) in rows {
        writeln!(text, "{table}:{row}: {}", messages.join("; ")).unwrap();
    }
    others.iter().for_each(|line| text = format!("{text}{line}\n"));
    text
}
