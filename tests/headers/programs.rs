//! The programs in `tests/headers/c`: each need of real sources (NEED-H1 to NEED-H19) as a program that
//! compiles in every language variant without a warning, and ends well if it has a `main`. A line
//! `// must not compile: MACRO` asks that the program with that macro defined is refused.

use crate::matrix::{LANGUAGES, OPTIONS};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use ws2spi_tests::{place, run};

/// The standards in which programs also run; in the others it is enough that they compile.
const RUN: [&str; 2] = ["c11", "c++17"];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let suffix = path.extension().unwrap().to_str().unwrap();
        for language in LANGUAGES.into_iter().filter(|language| language.suffix == suffix) {
            let (path, text) = (path.clone(), text.clone());
            let check = move || {
                let folder = format!("headers/programs/{}_{}", language.compiler, language.standard);
                let program = place::scratch(&folder)
                    .join(path.file_name().unwrap())
                    .with_extension("");
                for options in options(&text) {
                    let compiler = language.strict(options);
                    if has_main(&text) && RUN.contains(&language.standard) {
                        compiler.compile(&path, &program)?;
                        run::success(&mut Command::new(&program), Duration::from_secs(30))?;
                    } else {
                        compiler.check(&path)?;
                    }
                    for mistake in mistakes(&text) {
                        if compiler
                            .clone()
                            .args([format!("-D{mistake}")])
                            .check(&path)
                            .is_ok()
                        {
                            return Err(format!("{} compiles with {mistake}", path.display()).into());
                        }
                    }
                }
                Ok::<(), Failed>(())
            };
            trials.push(language.trial(format!("program: {name}"), check));
        }
    }
    trials
}

fn sources() -> Vec<PathBuf> {
    let folder = place::root().join("tests/headers/c");
    let mut sources: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    sources.retain(|path: &PathBuf| is_source(path));
    sources.sort();
    sources
}

fn is_source(path: &Path) -> bool {
    path.extension()
        .is_some_and(|suffix| suffix == "c" || suffix == "cpp")
}

/// Where the plain names are POSIX's, only a program that says so itself means ours.
fn options(text: &str) -> impl Iterator<Item = &'static [&'static str]> {
    let prefixed = text.contains("WS2SPI_USE_WS_PREFIX");
    OPTIONS
        .into_iter()
        .filter(move |options| prefixed || !options.contains(&"-DWS2SPI_USE_WS_PREFIX"))
}

fn mistakes(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("// must not compile: "))
        .map(str::trim)
        .collect()
}

fn has_main(text: &str) -> bool {
    text.contains("int main(")
}
