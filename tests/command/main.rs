//! The command `ws2spi`, run as a user runs it, on the real library and a catalog of the test's own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod catalog;
mod demo;
mod doctor;
mod error;
mod load;
mod packaging;
mod place;
mod tour;

use std::process::Command;
use std::time::Duration;
use ws2spi_tests::{library, run};

const LIMIT: Duration = Duration::from_secs(60);

/// How a run ended.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The command with these arguments, without what the tests' own environment says to it.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(library::command());
    command.args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WS2SPI_")) {
        command.env_remove(name);
    }
    command
}

fn end(command: &mut Command) -> Ended {
    let output = run::output(command, LIMIT).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// What the command prints when all is well, and says nothing on standard error.
fn good(command: &mut Command) -> String {
    let ended = end(command);
    assert_eq!(
        (ended.code, &*ended.err),
        (Some(0), ""),
        "{command:?}\n{}",
        ended.out
    );
    ended.out
}

/// What the command says when it fails with that exit code.
fn bad(command: &mut Command, code: i32) -> String {
    let ended = end(command);
    assert_eq!(ended.code, Some(code), "{command:?}\n{}{}", ended.out, ended.err);
    ended.err
}

/// Help tells of every command, and of the exit codes; so does no argument at all, as a mistake.
#[test]
fn help_shows_the_commands() {
    let help = good(&mut command(&["--help"]));
    for word in ["catalog", "doctor", "demo", "error", "Examples:", "Exit codes:"] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
    assert!(bad(&mut command(&[]), 2).contains("Usage: ws2spi"));
}

#[test]
fn the_version_is_the_workspaces() {
    let version = good(&mut command(&["--version"]));
    assert_eq!(version, format!("ws2spi {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_is_not_known_is_a_usage_error() {
    assert!(bad(&mut command(&["katalog"]), 2).contains("katalog"));
}

/// A reader that goes away, such as `head`, is no failure.
#[test]
fn nobody_needs_to_read_to_the_end() {
    let mut shell = Command::new("bash");
    let script = "set -o pipefail; \"$0\" error WSAENETDOWN | true";
    let output = run::success(shell.args(["-c", script]).arg(library::command()), LIMIT).unwrap();
    assert!(output.stderr.is_empty());
}
