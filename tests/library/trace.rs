//! The trace channel in a process that runs with more rights than its user.

use crate::install;
use crate::serves;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;
use ws2spi_tests::place;

/// WS2SPI_LOG and WS2SPI_LOG_FILE are the environment's, which a set-id program does not trust. Statically linked, as
/// the loader would not find the library for it.
#[test]
fn a_set_id_program_logs_nothing() {
    let scratch = place::scratch("trace");
    let (program, log) = (scratch.join("set-id"), scratch.join("log"));
    install::link_statically(&program);
    let traced = |program: &_| {
        let _ = std::fs::remove_file(&log);
        let output = serves(
            Command::new(program)
                .env("WS2SPI_LOG", "trace")
                .env("WS2SPI_LOG_FILE", &log),
        );
        assert!(output.stderr.is_empty());
        std::fs::read_to_string(&log).unwrap_or_default()
    };
    assert!(
        traced(&program).contains("Call WSPStartup("),
        "the program's own user hears of it"
    );
    const NOBODY: u32 = 65534;
    let is_set = chown(&program, Some(NOBODY), None).is_ok()
        && std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o4755)).is_ok();
    if !is_set || !is_privileged(&program) {
        println!("skipped: this user cannot make a set-id program of another's");
        return;
    }
    assert_eq!(traced(&program), "");
}

/// Whether the kernel gives the program more rights than this process has: the loader then preloads nothing for it, and
/// says nothing about it.
fn is_privileged(program: &Path) -> bool {
    let output = serves(Command::new(program).env("LD_PRELOAD", "/nonexistent/library.so"));
    output.stderr.is_empty()
}
