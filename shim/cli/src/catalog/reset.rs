//! `catalog reset`.

use crate::failure::{Failure, Result};
use crate::store;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Moves the catalog's file away; the library then knows the base provider alone. Nobody needs to be able to read it.
pub(super) fn run(out: &mut dyn Write) -> Result<()> {
    if let Some(file) = store::relative() {
        return Err(
            Failure::problem(format!("WS2SPI_CATALOG is not absolute: {}", file.display()))
                .advise("no catalog is used; name one by its absolute path, or leave the variable out"),
        );
    }
    let Some(place) = store::in_effect().filter(|place| place.file.symlink_metadata().is_ok()) else {
        writeln!(out, "There is no catalog: the base provider is alone already.")?;
        return Ok(());
    };
    let failed = |error: std::io::Error| {
        let failure = Failure::problem(format!("{}: {error}", place.file.display()));
        match error.kind() {
            ErrorKind::PermissionDenied => failure.advise("run as who may change it"),
            _ => failure,
        }
    };
    // A link stays, and what it leads to is moved, as a change by the library replaces that.
    let file = place.file.canonicalize().unwrap_or_else(|_| place.file.clone());
    let turn = turn(&file).map_err(failed)?;
    let backup = free_name(&file).map_err(failed)?;
    fs::rename(&file, &backup).map_err(|error| {
        let _ = fs::remove_file(&backup);
        failed(error)
    })?;
    drop(turn);
    writeln!(out, "The catalog was moved to {}.", backup.display())?;
    if let Some(next) = store::in_effect().filter(|next| next.file != place.file) {
        writeln!(out, "Now {} is in effect, {}.", next.file.display(), next.whose)?;
    }
    Ok(())
}

/// Waits until no process changes the file, and keeps others from it: the library's own lock.
fn turn(file: &Path) -> std::io::Result<File> {
    const O_NOFOLLOW: i32 = libc::O_NOFOLLOW;
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(O_NOFOLLOW)
        .open(with_ending(file, ".lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// Takes the first `FILE.1.bak`, `FILE.2.bak` … that nobody has.
fn free_name(file: &Path) -> std::io::Result<PathBuf> {
    let mut number = 1u32;
    loop {
        let name = with_ending(file, &format!(".{number}.bak"));
        match File::create_new(&name) {
            Ok(_) => return Ok(name),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
