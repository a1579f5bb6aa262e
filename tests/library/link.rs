//! Programs that do not name the library when they are linked.

use crate::{cc, program, serves};
use std::process::Command;
use ws2spi_tests::{library, place, run};

/// A program linked with its WSP* symbols left undefined runs when the library is preloaded, and only then.
#[test]
fn a_program_without_the_library_runs_with_it_preloaded() {
    library::build();
    let made = place::scratch("library").join("undefined");
    // Without a procedure linkage table the linker keeps the undefined names as names.
    cc().ws2spi()
        .args([
            "-fno-plt",
            "-rdynamic",
            "-Wl,--unresolved-symbols=ignore-in-object-files",
        ])
        .compile(&program(), &made)
        .unwrap();
    let preload = library::folder().join("libws2spi.so");
    serves(Command::new(&made).env("LD_PRELOAD", &preload));
    let alone = run::output(&mut Command::new(&made), crate::LIMIT).unwrap();
    assert!(!alone.status.success(), "it runs without the library");
}

/// A program linked the usual way, as the tests in tests/c are.
#[test]
fn a_program_runs_with_the_shared_library() {
    library::build();
    let made = place::scratch("library").join("shared");
    cc().ws2spi()
        .args(library::link())
        .compile(&program(), &made)
        .unwrap();
    serves(&mut Command::new(&made));
}
