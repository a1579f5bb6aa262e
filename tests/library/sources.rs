//! Winsock programs (tests/winsock) compile unchanged, link, and run: as C and as C++, with 32-bit and with 16-bit
//! wchar_t, and beside libc's own sockets.

use crate::LIMIT;
use std::path::{Path, PathBuf};
use std::process::Command;
use ws2spi_tests::{compiler::C, library, place, run};

/// What a porter's makefile has: warnings, but for the pragmas that name Windows' libraries.
const OPTIONS: [&str; 5] = ["-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-pthread"];

const LANGUAGES: [(&str, &str, &[&str]); 4] = [
    ("gcc", "gnu11", &[]),
    ("g++", "c++17", &["-x", "c++"]),
    ("clang", "gnu11", &[]),
    ("clang++", "c++17", &["-x", "c++"]),
];

fn sources() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(place::root().join("tests/winsock")).unwrap();
    let mut sources: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    sources.sort();
    assert!(sources.len() > 3, "{sources:?}");
    sources
}

/// Compiles a source to an object, links that as a program of its language, and runs it.
fn works(source: &Path, (compiler, standard, language): (&str, &str, &[&str]), width: &[&str]) {
    let name = source.file_stem().unwrap().to_str().unwrap();
    let folder = place::scratch(&format!("winsock/{compiler}{}", width.concat()));
    let (object, program) = (folder.join(format!("{name}.o")), folder.join(name));
    // The language is of the source alone.
    let made = C::new(compiler).std(standard).args(OPTIONS).args(width).ws2spi();
    let mut command = Command::new(compiler);
    command.args(language).arg("-c").arg("-o").arg(&object);
    run::success(command.arg(source).args(made.options()), LIMIT).unwrap();
    C::new(compiler)
        .args(["-pthread"])
        .args(library::link())
        .compile(&object, &program)
        .unwrap();
    let output = run::success(&mut Command::new(&program), LIMIT).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.ends_with("done\n"), "{}: {said}", program.display());
}

#[test]
fn winsock_programs_compile_unchanged_and_run() {
    library::build();
    for language in LANGUAGES {
        if !C::new(language.0).installed() {
            println!("{} is not installed", language.0);
            continue;
        }
        for source in sources() {
            works(&source, language, &[]);
            works(&source, language, &["-fshort-wchar"]);
        }
    }
}
