//! Which catalog file is meant: the library's rule, and the user's choice.

use crate::arguments::Store;
use crate::failure::{Failure, Result};
use crate::library::process;
use std::env;
use std::path::{Path, PathBuf};

const SYSTEM: &str = "/etc/ws2spi/catalog.toml";

/// A catalog's file, and whose it is.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: PathBuf,
    /// "the user's".
    pub(crate) whose: &'static str,
}

/// Has the library use the catalog that the arguments name. To be called before it is loaded.
pub(crate) fn choose(store: &Store) -> Result<()> {
    let file = match store {
        Store {
            catalog: Some(file), ..
        } => std::path::absolute(file)
            .map_err(|error| Failure::problem(format!("{}: {error}", file.display())))?,
        Store { user: true, .. } => user().ok_or_else(|| {
            Failure::problem("there is no place for a user's catalog").advise("set HOME or XDG_CONFIG_HOME")
        })?,
        Store { system: true, .. } => PathBuf::from(SYSTEM),
        _ => return Ok(()),
    };
    if process::is_privileged() {
        return Err(Failure::problem(
            "a process with other rights than its user's uses the system's catalog only",
        ));
    }
    process::set_variable("WS2SPI_CATALOG", file);
    Ok(())
}

/// A catalog that WS2SPI_CATALOG names by a relative path, which the library refuses.
pub(crate) fn relative() -> Option<PathBuf> {
    let named = places().into_iter().find(|place| place.whose == NAMED)?;
    named.file.is_relative().then_some(named.file)
}

/// The catalog in effect, if there is a file.
pub(crate) fn in_effect() -> Option<Place> {
    places()
        .into_iter()
        .find(|place| place.whose == NAMED || exists(&place.file))
}

/// The catalog that a change goes to.
pub(crate) fn to_change() -> Option<Place> {
    in_effect().or_else(|| {
        let is_root = process::user() == 0;
        places()
            .into_iter()
            .find(|place| (place.whose == SYSTEMS) == is_root)
    })
}

/// Catalogs that exist, and count for nothing since another comes first; where the user has named one, that is meant.
pub(crate) fn hidden() -> Vec<Place> {
    let places = places();
    if places.iter().any(|place| place.whose == NAMED) {
        return Vec::new();
    }
    let existing = places.into_iter().filter(|place| exists(&place.file));
    existing.skip(1).collect()
}

const NAMED: &str = "the named one";
const USERS: &str = "the user's";
const SYSTEMS: &str = "the system's";

/// Where a catalog may be; the first that exists counts, and one that is named in any case.
fn places() -> Vec<Place> {
    let named = env::var_os("WS2SPI_CATALOG")
        .filter(|file| !file.is_empty())
        .map(PathBuf::from);
    let places = [(named, NAMED), (user(), USERS), (Some(SYSTEM.into()), SYSTEMS)];
    places
        .into_iter()
        .filter(|(_, whose)| *whose == SYSTEMS || !process::is_privileged())
        .filter_map(|(file, whose)| Some(Place { file: file?, whose }))
        .collect()
}

fn user() -> Option<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let configuration = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(configuration.join("ws2spi/catalog.toml"))
}

fn exists(file: &Path) -> bool {
    file.symlink_metadata().is_ok()
}
