//! A C file of checks, one line per row of a table. Each line is labelled with the table's name and the row's
//! line, so the compiler's own messages name every row that does not hold, all of them in one run.

use crate::table::rows;
use libtest_mimic::{Failed, Trial};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use ws2spi_tests::compiler::C;
use ws2spi_tests::place;

/// The ways to compile in which a table must hold: structure sizes must not depend on how wide wchar_t is
/// (NEED-H4), and what the plain names mean is what the `WS_` names mean where the plain ones are left to
/// POSIX (NEED-H9).
pub(crate) const WAYS: [(&str, &[&str]); 3] = [
    ("plain", &[]),
    ("short-wchar", &["-fshort-wchar"]),
    ("WS_ names", &[WS_PREFIX]),
];

const WS_PREFIX: &str = "-DWS2SPI_USE_WS_PREFIX";

pub(crate) struct Probe {
    name: String,
    table: &'static str,
    prelude: String,
    checks: String,
    /// What each row is about, by its line.
    rows: BTreeMap<u64, String>,
}

impl Probe {
    /// Checks on the rows of `table`, after `prelude`. `name` names the trial, and the file.
    pub(crate) fn new(table: &'static str, name: impl Into<String>, prelude: &str) -> Probe {
        Probe {
            name: name.into(),
            table,
            prelude: prelude.to_owned(),
            checks: String::new(),
            rows: BTreeMap::new(),
        }
    }

    /// One row's check: C on one line. `about` names the row.
    pub(crate) fn row(&mut self, line: u64, about: &str, check: &str) {
        assert!(!check.contains('\n'), "a check is one line: {check}");
        writeln!(self.checks, "#line {line} \"{}\"\n{check}", self.table).unwrap();
        self.rows.insert(line, about.to_owned());
    }

    /// Preprocessor lines between checks.
    pub(crate) fn directive(&mut self, line: &str) {
        writeln!(self.checks, "{line}").unwrap();
    }

    /// Whether there is nothing to check.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A trial that compiles the checks with `options`.
    pub(crate) fn trial(self, options: &'static [&'static str]) -> Trial {
        Trial::test(self.name.clone(), move || self.check(options))
    }

    fn check(&self, options: &[&str]) -> Result<(), Failed> {
        assert!(!self.is_empty(), "{}: no row", self.name);
        let names = if options.contains(&WS_PREFIX) {
            self.ws_names()?
        } else {
            String::new()
        };
        let source = self.write("c", &[&self.prelude, &names, &self.checks])?;
        match compiler().args(options).check(&source) {
            Ok(()) => Ok(()),
            Err(said) => Err(self.explain(&said).into()),
        }
    }

    fn write(&self, suffix: &str, parts: &[&str]) -> Result<PathBuf, Failed> {
        let name = self.name.replace([':', ' ', '/'], "_");
        let path = place::scratch("headers").join(format!("{name}.{suffix}"));
        fs::write(&path, parts.join("\n"))?;
        Ok(path)
    }

    /// Macros that give each plain name, which is POSIX's now, the meaning of its `WS_` original: for the
    /// names that are such macros where the plain ones are Winsock's, and for the functions that libc has
    /// too.
    fn ws_names(&self) -> Result<String, Failed> {
        let source = self.write("names.c", &[&self.prelude])?;
        let macros = source.with_extension("txt");
        compiler().args(["-E", "-dM"]).compile(&source, &macros)?;
        // Structures have members that are called like functions.
        let functions = if self.table == "prototypes.csv" {
            functions_of_libc()
        } else {
            Vec::new()
        };
        let mut names: BTreeSet<String> = functions.into_iter().collect();
        for line in fs::read_to_string(&macros)?.lines() {
            if let [_, name, original] = line.split(' ').collect::<Vec<_>>()[..]
                && original.strip_prefix("WS_") == Some(name)
            {
                names.insert(name.to_owned());
            }
        }
        Ok(names
            .iter()
            .map(|name| format!("#undef {name}\n#define {name} WS_{name}\n"))
            .collect())
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

/// Functions that are libc's own here: they do the same there.
pub(crate) const LIBC_SERVES: [&str; 4] = ["htonl", "htons", "ntohl", "ntohs"];

/// The functions of the table that libc has under the same name, to do something else.
fn functions_of_libc() -> Vec<String> {
    let functions = rows("prototypes.csv")
        .into_iter()
        .map(|row| row["function"].to_owned());
    functions
        .filter(|name| !LIBC_SERVES.contains(&name.as_str()) && in_libc(name))
        .collect()
}

/// Whether libc, with which this process is linked, has a symbol of that name.
pub(crate) fn in_libc(symbol: &str) -> bool {
    let symbol = CString::new(symbol).expect("a name");
    // SAFETY: the name is a C string, and is not kept.
    !unsafe { libc::dlsym(libc::RTLD_DEFAULT, symbol.as_ptr()) }.is_null()
}

/// The compiler for checks: they use GNU C (`__typeof__`), are not written to compile without warnings, and
/// mean the place of a macro where it is used.
pub(crate) fn compiler() -> C {
    C::new("gcc")
        .std("gnu11")
        .args(["-w", "-ftrack-macro-expansion=0"])
        .ws2spi()
}
