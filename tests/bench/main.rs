//! `cargo bench -p ws2spi-tests`: what the library costs beside the same C code on plain POSIX calls.
//!
//! The work is in rows.c, compiled twice and measured by bench.c, each row in a process of its own, in slices that take
//! turns between the two sides. The ratio is the median over the pairs of neighbouring slices, beside it the quartiles:
//! where they lie far apart the machine was busy. The table is Markdown.
//!
//!     cargo bench -p ws2spi-tests -- [--quick] [--row NAME]...
//!
//! `--quick` shows that every row runs; its figures say nothing. A row beyond its budget is no failure, one that does not
//! run is.

mod machine;
mod rows;
mod statistics;

use rows::{ROWS, Row, Unit};
use statistics::Quartiles;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use ws2spi_tests::{compiler, library, place, run};

/// A row that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// How much of it is measured.
struct Effort {
    slices: usize,
    microseconds: usize,
    /// Processes for the rows that a process can do only once.
    processes: usize,
}

const FULL: Effort = Effort {
    slices: 51,
    microseconds: 10_000,
    processes: 21,
};

const QUICK: Effort = Effort {
    slices: 3,
    microseconds: 300,
    processes: 3,
};

fn main() -> ExitCode {
    let mut effort = &FULL;
    let mut chosen = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo's own.
            "--bench" => {}
            "--quick" => effort = &QUICK,
            "--row" => {
                let name = arguments.next().unwrap_or_default();
                let Some(row) = ROWS.iter().find(|row| row.name == name) else {
                    return usage();
                };
                chosen.push(row);
            }
            _ => return usage(),
        }
    }
    if chosen.is_empty() {
        chosen.extend(ROWS);
    }
    library::build();
    let program = match compile() {
        Ok(program) => program,
        Err(said) => {
            eprintln!("{said}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}\n", machine::description());
    println!("| work | POSIX | ws2spi | ratio | quartiles | at most | |");
    println!("| --- | ---: | ---: | ---: | :---: | ---: | --- |");
    let mut all_ran = true;
    for row in chosen {
        match measure(&program, row, effort) {
            Ok(pairs) => println!("{}", line(row, &pairs)),
            Err(said) => {
                println!("| {} | | | | | | did not run |", row.title);
                eprintln!("{said}");
                all_ran = false;
            }
        }
    }
    if all_ran {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn usage() -> ExitCode {
    let names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
    eprintln!(
        "cargo bench -p ws2spi-tests -- [--quick] [--row NAME]...\nrows: {}",
        names.join(" ")
    );
    ExitCode::from(2)
}

/// Compiles the C sources as a user would; the program.
fn compile() -> Result<PathBuf, String> {
    let (folder, scratch) = (place::root().join("tests/bench"), place::scratch("bench"));
    let cc = compiler::C::new("cc")
        .std("gnu11")
        .args(compiler::STRICT)
        .args(["-O2", "-pthread"])
        .include(&folder);
    let (posix, ws2spi, program) = (
        scratch.join("posix.o"),
        scratch.join("ws2spi.o"),
        scratch.join("bench"),
    );
    let rows = folder.join("rows.c");
    cc.clone().args(["-DPOSIX"]).compile(&rows, &posix)?;
    cc.clone().ws2spi().compile(&rows, &ws2spi)?;
    cc.args([&posix, &ws2spi])
        .args(library::link())
        .compile(&folder.join("bench.c"), &program)?;
    Ok(program)
}

/// Two figures per slice; the first is missing where only the library is measured.
type Pair = (Option<f64>, f64);

fn measure(program: &Path, row: &Row, effort: &Effort) -> Result<Vec<Pair>, String> {
    let processes = if row.once { effort.processes } else { 1 };
    let mut pairs = Vec::new();
    for _ in 0..processes {
        let output = run::success(
            Command::new(program).args([row.measure, row.work]).args(
                [row.threads, row.processors, effort.slices, effort.microseconds].map(|n| n.to_string()),
            ),
            LIMIT,
        )?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for line in text.lines() {
            pairs.push(pair(line).ok_or_else(|| format!("not two figures: {line}"))?);
        }
    }
    Ok(pairs)
}

fn pair(line: &str) -> Option<Pair> {
    let (first, second) = line.split_once(' ')?;
    let first = if first == "-" {
        None
    } else {
        Some(first.parse().ok()?)
    };
    Some((first, second.parse().ok()?))
}

/// A row of the table.
fn line(row: &Row, pairs: &[Pair]) -> String {
    let both: Vec<(f64, f64)> = pairs.iter().filter_map(|&(a, b)| Some((a?, b))).collect();
    let median = |values: Vec<f64>| Quartiles::of(values).map(|quartiles| row.unit.show(quartiles.median));
    let ours = median(pairs.iter().map(|pair| pair.1).collect()).unwrap_or_default();
    let theirs = median(both.iter().map(|pair| pair.0).collect()).unwrap_or_default();
    let mut line = format!("| {} | ", row.title);
    let judged = match row.unit {
        // The cost of what the two differ by.
        Unit::Difference | Unit::Bytes => {
            let difference = Quartiles::of(both.iter().map(|(a, b)| b - a).collect());
            let shown = difference.as_ref().map(|found| row.unit.show(found.median));
            let _ = write!(
                line,
                "{} | {} | ",
                if row.unit == Unit::Bytes { &theirs } else { "" },
                shown.unwrap_or_default()
            );
            line.push_str(" | ");
            difference
        }
        _ => {
            let ratio = Quartiles::of(both.iter().map(|(a, b)| b / a).collect());
            let shown = ratio.as_ref().map(|found| format!("{:.3}", found.median));
            let _ = write!(line, "{theirs} | {ours} | {} | ", shown.unwrap_or_default());
            ratio
        }
    };
    let _ = match (&judged, row.unit) {
        (Some(found), Unit::Bytes) if found.low == found.high => write!(line, "| "),
        (Some(found), Unit::Difference | Unit::Bytes) => {
            write!(
                line,
                "{} to {} | ",
                row.unit.show(found.low),
                row.unit.show(found.high)
            )
        }
        (Some(found), _) => write!(line, "{:.3} to {:.3} | ", found.low, found.high),
        (None, _) => write!(line, "| "),
    };
    let Some((budget, found)) = row.budget.zip(judged) else {
        line.push_str("| |");
        return line;
    };
    let over = found.median - budget;
    let bytes = row.unit == Unit::Bytes;
    let _ = match bytes {
        true => write!(line, "{} | ", row.unit.show(budget)),
        false => write!(line, "{budget:.2} | "),
    };
    let _ = match (over > 0.0, bytes) {
        (false, _) => write!(line, "within |"),
        (true, true) => write!(line, "over by {} |", row.unit.show(over)),
        (true, false) => write!(line, "over by {over:.3} |"),
    };
    line
}
