//! `cargo bench -p ws2spi-tests`: what the library costs beside the same C code on plain POSIX calls.
//!
//! The work is in rows.c, servers.c and events.c, compiled once per side, and measured by bench.c, each row in a process of its
//! own, in slices that take turns between the two sides. The ratio is the median over the pairs of neighbouring slices,
//! beside it the quartiles: where they lie far apart the machine was busy. The table is Markdown. The servers of uring.c
//! stand beside the library's, to show what another back-end could give.
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
            Ok(Found::Pairs(pairs)) => println!("{}", line(row, &pairs)),
            Ok(Found::Missing(why)) => println!("| {} | | | | | | left out: {why} |", row.title),
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
    let posix = cc.clone().args(["-DPOSIX"]);
    let ws2spi = cc.clone().ws2spi();
    let winsock = ws2spi.clone().args(["-DWINSOCK"]);
    let mut objects = Vec::new();
    for (source, side, cc) in [
        ("rows", "posix", &posix),
        ("rows", "ws2spi", &ws2spi),
        ("rows", "winsock", &winsock),
        ("catalog", "both", &ws2spi),
        ("servers", "posix", &posix),
        ("servers", "ws2spi", &ws2spi),
        ("events", "posix", &posix),
        ("events", "ws2spi", &ws2spi),
        ("uring", "posix", &posix),
        ("clients", "both", &cc),
        ("process", "both", &cc),
    ] {
        let object = scratch.join(format!("{source}-{side}.o"));
        cc.compile(&folder.join(format!("{source}.c")), &object)?;
        objects.push(object);
    }
    let program = scratch.join("bench");
    cc.args(objects)
        .args(library::link())
        .compile(&folder.join("bench.c"), &program)?;
    let layers = ws2spi
        .args(["-shared", "-fPIC", "-Wl,-Bsymbolic"])
        .args(library::link());
    for (name, number) in ["pass", "count"]
        .into_iter()
        .flat_map(|name| (1..=LAYERS).map(move |n| (name, n)))
    {
        let source = place::root().join(format!("tests/lsp/{name}.c"));
        layers.compile(&source, &scratch.join(format!("{name}-{number}.so")))?;
    }
    Ok(program)
}

/// Each layer of a chain is a library of its own.
const LAYERS: u32 = 3;

/// Two figures per slice; the first is missing where only the library is measured.
type Pair = (Option<f64>, f64);

enum Found {
    Pairs(Vec<Pair>),
    /// The machine lacks what is to be measured.
    Missing(String),
}

fn measure(program: &Path, row: &Row, effort: &Effort) -> Result<Found, String> {
    let processes = if row.once { effort.processes } else { 1 };
    let mut pairs = Vec::new();
    let scratch = place::scratch("bench");
    let catalog = scratch.join("catalog.toml");
    for _ in 0..processes {
        // Each process installs what it needs.
        let _ = std::fs::remove_file(&catalog);
        let output = run::success(
            Command::new(program)
                .args([row.measure, row.work])
                .args(
                    [row.threads, row.processors, effort.slices, effort.microseconds].map(|n| n.to_string()),
                )
                .env("WS2SPI_CATALOG", &catalog)
                .env("BENCH_LAYERS", &scratch)
                .env("LSP_COUNT_FILE", "/dev/null"),
            LIMIT,
        )?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if let Some(why) = text.strip_prefix("missing ") {
            return Ok(Found::Missing(why.trim_end().to_owned()));
        }
        for line in text.lines() {
            pairs.push(pair(line).ok_or_else(|| format!("not two figures: {line}"))?);
        }
    }
    Ok(Found::Pairs(pairs))
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
    let of_both = |compare: fn(f64, f64) -> f64| {
        Quartiles::of(pairs.iter().filter_map(|&(a, b)| Some(compare(a?, b))).collect())
    };
    let theirs = of_both(|theirs, _| theirs);
    let ours = Quartiles::of(pairs.iter().map(|pair| pair.1).collect());
    let show = |value: f64| row.unit.show(value);
    let median = |found: &Option<Quartiles>| found.as_ref().map(|found| show(found.median));
    let (cost, found, spread) = match row.unit {
        Unit::Difference => {
            let cost = of_both(|without, with| with - without);
            let spread = cost.as_ref().map(|cost| cost.spread(show));
            ([None, median(&cost), None], None, spread)
        }
        Unit::Bytes => {
            let excess = of_both(|theirs, ours| ours - theirs);
            ([median(&theirs), median(&ours), None], excess, None)
        }
        Unit::Time | Unit::Times => {
            let ratio = of_both(|theirs, ours| ours / theirs);
            let shown = ratio.as_ref().map(|ratio| format!("{:.3}", ratio.median));
            let spread = match &ratio {
                Some(ratio) => Some(ratio.spread(|ratio| format!("{ratio:.3}"))),
                None => ours.as_ref().map(|ours| ours.spread(show)),
            };
            ([median(&theirs), median(&ours), shown], ratio, spread)
        }
    };
    let budget = |value: f64| match row.unit {
        Unit::Bytes => show(value),
        _ => format!("{value:.2}"),
    };
    let verdict = |(most, found): (f64, Quartiles)| {
        let over = found.median - most;
        match row.unit {
            _ if over <= 0.0 => String::from("within"),
            Unit::Bytes => format!("over by {}", show(over)),
            _ => format!("over by {over:.3}"),
        }
    };
    let [posix, ws2spi, ratio] = cost.map(Option::unwrap_or_default);
    let cells = [
        row.title.to_owned(),
        posix,
        ws2spi,
        ratio,
        spread.unwrap_or_default(),
        row.budget.map(budget).unwrap_or_default(),
        row.budget.zip(found).map(verdict).unwrap_or_default(),
    ];
    format!("| {} |", cells.join(" | "))
}
