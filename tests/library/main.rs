//! The library as a file: what it exports, how programs link to it, how it is installed, and what it logs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod exports;
mod install;
mod link;
mod readme;
mod sources;
mod trace;

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;
use ws2spi_tests::{compiler, place, run};

const LIMIT: Duration = Duration::from_secs(60);

/// The program that every way of linking must be able to run.
fn program() -> PathBuf {
    place::root().join("tests/library/program.c")
}

/// The compiler as a careful user calls it.
fn cc() -> compiler::C {
    compiler::C::new("cc").std("c99").args(compiler::STRICT)
}

/// Runs a program made of [`program`], which must do its work.
fn serves(command: &mut Command) -> Output {
    let output = run::success(command, LIMIT).unwrap();
    assert_eq!(output.stdout, b"hello, 6 bytes\n");
    output
}
