//! Writes MATRIX.md: which test proves which rule. `--check` only says whether it is up to date, and what is covered.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;
use ws2spi_tests::citations::Citations;
use ws2spi_tests::place;
use ws2spi_tests::rules::{Contract, FUNCTIONS, Failure, Section, UPCALLS, is_note};

const HEAD: &str = "\
<!--
Written by `cargo run -p ws2spi-tests --bin matrix`; CI fails when it is stale. Do not edit.

Functions: what each of the interface's functions is today: built, or not built yet (it answers WSAEOPNOTSUPP, or is not
exported).
Rules: each numbered rule of tests/spec/wsp.md, wpu-wsc.md, observed.md and needs.md, with the tests that prove it: those that cite
it, as `TEST(name, \"WSPListen.1\")` in tests/c, in the comment above a Rust test, or in a file of tests/headers and
tests/library. `c/listen::name` is TEST(name, ...) in tests/c/listen.c.
Codes: each pair of function and code in tests/spec/errors.csv, with the tests in which that call fails with that code.

`difference` is explained in DIFFERENCES.md. Where no test stands: `not built` belongs to name spaces, `note` is a remark on
the pages that asks for nothing, and `-` is a gap.
-->

# What is proved
";

const DIFFERENCE: &str = "[difference](DIFFERENCES.md)";

fn main() -> ExitCode {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            eprintln!("matrix: {other} is unknown; only --check is");
            return ExitCode::FAILURE;
        }
    };
    let contract = Contract::read();
    let citations = Citations::read();
    let mut sound = true;
    for (id, tests) in citations.all() {
        // A pair of names that stands in no page is an observation, or part of another table.
        if !id.contains(':') && !contract.has(id) {
            eprintln!(
                "{id} does not exist; cited by {}",
                join(tests.iter().map(String::as_str))
            );
            sound = false;
        }
    }
    let mut matrix = Matrix::default();
    matrix.write(&contract, &citations);
    let path = place::root().join("MATRIX.md");
    if !check {
        fs::write(&path, &matrix.text).expect("MATRIX.md can be written");
    } else if fs::read_to_string(&path).unwrap_or_default() != matrix.text {
        eprintln!("MATRIX.md is stale: run `cargo run -p ws2spi-tests --bin matrix`");
        sound = false;
    }
    print!("{}", matrix.numbers);
    for gap in &matrix.gaps {
        println!("not covered: {gap}");
    }
    match sound {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// What stands behind a rule or failure.
enum Proof {
    Tests(String),
    /// With what is tested of it nevertheless.
    Difference(String),
    NotBuilt,
    Note,
    Gap,
}

#[derive(Default)]
struct Count {
    tests: u32,
    differences: u32,
    not_built: u32,
    notes: u32,
    gaps: u32,
}

impl Count {
    fn add(&mut self, proof: &Proof) {
        *match proof {
            Proof::Tests(_) => &mut self.tests,
            Proof::Difference(_) => &mut self.differences,
            Proof::NotBuilt => &mut self.not_built,
            Proof::Note => &mut self.notes,
            Proof::Gap => &mut self.gaps,
        } += 1;
    }
}

#[derive(Default)]
struct Matrix {
    text: String,
    numbers: String,
    gaps: Vec<String>,
}

impl Matrix {
    fn write(&mut self, contract: &Contract, citations: &Citations) {
        let mut body = String::new();
        let (mut rules, mut codes) = (Count::default(), Count::default());
        for section in &contract.sections {
            self.section(&mut body, &mut rules, section, contract, citations);
        }
        body.push_str("\n# Codes\n");
        let functions: BTreeSet<&str> = contract
            .failures
            .iter()
            .map(|failure| failure.function.as_str())
            .collect();
        for function in functions {
            let failures = contract
                .failures
                .iter()
                .filter(|failure| failure.function == function);
            _ = write!(
                body,
                "\n## {function} fails with\n\n| code | proof |\n| --- | --- |\n"
            );
            for failure in failures {
                let proof = of_failure(failure, contract, citations);
                self.row(&mut body, &mut codes, &failure.id(), &failure.code, &proof);
            }
        }
        let lines = [("rules", &rules), ("codes", &codes)].map(|(what, count)| {
            format!(
                "{what}: {} tested, {} differences, {} not built, {} notes, {} gaps\n",
                count.tests, count.differences, count.not_built, count.notes, count.gaps
            )
        });
        self.numbers = lines.concat();
        self.text = format!(
            "{HEAD}\n{}\n{}# Rules\n{body}",
            lines.join("\n"),
            functions_table(contract)
        );
    }

    fn section(
        &mut self,
        body: &mut String,
        count: &mut Count,
        section: &Section,
        contract: &Contract,
        citations: &Citations,
    ) {
        let (title, file) = (&section.title, section.file);
        _ = write!(
            body,
            "\n## {title}\n\n[tests/spec/{file}](tests/spec/{file})\n\n| rule | proof |\n| --- | --- |\n"
        );
        for (rule, text) in &section.rules {
            let id = rule.id();
            let tests = citations.of(&id);
            let proof = if contract.differences.contains(&id) {
                Proof::Difference(join(tests))
            } else if !tests.is_empty() {
                Proof::Tests(join(tests))
            } else if contract.waits(rule) {
                Proof::NotBuilt
            } else if is_note(text) {
                Proof::Note
            } else {
                Proof::Gap
            };
            self.row(body, count, &id, &id, &proof);
        }
    }

    fn row(&mut self, body: &mut String, count: &mut Count, id: &str, name: &str, proof: &Proof) {
        count.add(proof);
        let shown = match proof {
            Proof::Tests(tests) => tests.clone(),
            Proof::Difference(tests) if tests.is_empty() => String::from(DIFFERENCE),
            Proof::Difference(tests) => format!("{DIFFERENCE}; {tests}"),
            Proof::NotBuilt => String::from("not built"),
            Proof::Note => String::from("note"),
            Proof::Gap => {
                self.gaps.push(String::from(id));
                String::from("-")
            }
        };
        _ = writeln!(body, "| {name} | {shown} |");
    }
}

fn of_failure(failure: &Failure, contract: &Contract, citations: &Citations) -> Proof {
    let tests = citations.of(&failure.id());
    if contract.differences.contains(&failure.id()) {
        Proof::Difference(join(tests))
    } else if contract.failure_waits(failure) {
        Proof::NotBuilt
    } else if !tests.is_empty() {
        Proof::Tests(join(tests))
    } else {
        Proof::Gap
    }
}

fn functions_table(contract: &Contract) -> String {
    let mut table = String::from("\n# Functions\n\n| function | state |\n| --- | --- |\n");
    let catalog = contract
        .sections
        .iter()
        .flat_map(|section| section.title.split(", "))
        .filter(|title| title.starts_with("WSC") && !title.contains(' '));
    for function in FUNCTIONS.into_iter().chain(UPCALLS).chain(catalog) {
        let state = match contract.not_built.contains(function) {
            true => "not built",
            false => "built",
        };
        _ = writeln!(table, "| {function} | {state} |");
    }
    table.push('\n');
    table
}

fn join<'a>(tests: impl IntoIterator<Item = &'a str>) -> String {
    let tests: Vec<String> = tests.into_iter().map(|test| format!("`{test}`")).collect();
    tests.join(", ")
}
