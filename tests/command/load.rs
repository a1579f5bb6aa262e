//! Which library the command loads.

use crate::{bad, command, good};
use object::{Object as _, ObjectSymbol as _};
use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;
use ws2spi_tests::{library, place};

/// The file that the demo says it uses.
fn used(command: &mut Command) -> String {
    let said = good(command);
    let line = said.lines().next().unwrap_or_default();
    let file = line.strip_prefix("An echo server on the functions of ");
    String::from(file.and_then(|rest| rest.split(',').next()).unwrap())
}

/// A copy of command and library, as an installation has them.
fn install(name: &str, libraries: &str, file: &str) -> (Command, String) {
    let prefix = place::scratch("command").join(name);
    let _ = std::fs::remove_dir_all(&prefix);
    let bin = prefix.join("bin");
    let library = prefix.join(libraries).join(file);
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::create_dir_all(library.parent().unwrap()).unwrap();
    let copied = bin.join("ws2spi");
    std::fs::copy(library::command(), &copied).unwrap();
    std::fs::copy(library::folder().join("libws2spi.so"), &library).unwrap();
    let mut installed = command(&["demo"]);
    let environment: Vec<_> = installed.get_envs().map(|(name, _)| name.to_owned()).collect();
    installed = Command::new(copied);
    installed.arg("demo");
    for name in environment {
        installed.env_remove(name);
    }
    (installed, library.canonicalize().unwrap().display().to_string())
}

#[test]
fn the_library_beside_the_command_is_used() {
    let (mut command, library) = install("beside", "bin", "libws2spi.so");
    assert_eq!(used(&mut command), library);
}

#[test]
fn the_library_of_the_commands_prefix_is_used() {
    let multiarch = format!("lib/{}-linux-gnu", std::env::consts::ARCH);
    for folder in ["lib", "lib64", &multiarch] {
        let (mut command, library) = install("prefix", folder, "libws2spi.so.0");
        let used = std::fs::canonicalize(used(&mut command)).unwrap();
        assert_eq!(used.display().to_string(), library);
    }
}

/// A command that was copied away alone asks the system for the soname.
#[test]
fn without_a_library_of_its_own_the_systems_is_used() {
    let (mut command, _) = install("alone", "elsewhere", "libws2spi.so.0");
    let folder = place::scratch("command").join("alone/elsewhere");
    let used = used(command.env("LD_LIBRARY_PATH", &folder));
    assert_eq!(Path::new(&used), folder.join("libws2spi.so.0"));
    let (mut command, _) = install("nowhere", "elsewhere", "libws2spi.so.0");
    let said = bad(command.env_remove("LD_LIBRARY_PATH"), 1);
    assert!(
        said.contains("libws2spi.so.0") && said.contains("WS2SPI_LIBRARY"),
        "{said}"
    );
}

#[test]
fn the_user_may_name_the_library() {
    let (_, library) = install("named", "somewhere", "my.so");
    assert_eq!(used(command(&["demo"]).env("WS2SPI_LIBRARY", &library)), library);
    let said = bad(command(&["demo"]).env("WS2SPI_LIBRARY", "libws2spi.so.0"), 1);
    assert!(said.contains("WS2SPI_LIBRARY is not absolute"), "{said}");
    let said = bad(command(&["demo"]).env("WS2SPI_LIBRARY", "/nonexistent.so"), 1);
    assert!(said.contains("/nonexistent.so"), "{said}");
}

/// A set-id process trusts neither the environment nor the folder that its file is in: a link may have moved it.
#[test]
fn a_set_id_command_asks_the_system_alone() {
    let (mut demo, library) = install("set-id", "bin", "libws2spi.so.0");
    assert_eq!(used(&mut demo), library);
    let copied = place::scratch("command").join("set-id/bin/ws2spi");
    const NOBODY: u32 = 65534;
    let is_set = chown(&copied, Some(NOBODY), None).is_ok()
        && std::fs::set_permissions(&copied, std::fs::Permissions::from_mode(0o4755)).is_ok();
    if !is_set || !is_privileged(&copied) {
        println!("skipped: this user cannot make a set-id program of another's");
        return;
    }
    let ended = crate::end(demo.env("WS2SPI_LIBRARY", &library));
    assert!(!ended.out.contains(&library), "{}", ended.out);
    let mut list = Command::new(&copied);
    let said = bad(list.args(["catalog", "--catalog", "/tmp/x", "list"]), 1);
    assert!(said.contains("uses the system's catalog only"), "{said}");
}

/// Whether the kernel gives the program more rights than this process has: the loader then preloads nothing for it, and
/// says nothing about it.
fn is_privileged(program: &Path) -> bool {
    let mut version = Command::new(program);
    let ended = crate::end(
        version
            .arg("--version")
            .env("LD_PRELOAD", "/nonexistent/library.so"),
    );
    ended.err.is_empty()
}

/// There is one engine in a process, the loaded library's: the command has none of its functions.
#[test]
fn the_command_holds_no_engine() {
    let bytes = std::fs::read(library::command()).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let symbols = file.symbols().chain(file.dynamic_symbols());
    let names: BTreeSet<&str> = symbols.filter_map(|symbol| symbol.name().ok()).collect();
    assert!(names.contains("main"), "the command has lost its symbols");
    let exports = place::text(&place::root().join("shim/ws2spi/exports.txt"));
    let taken: Vec<_> = exports.lines().filter(|name| names.contains(name)).collect();
    assert!(taken.is_empty(), "{taken:?}");
}
