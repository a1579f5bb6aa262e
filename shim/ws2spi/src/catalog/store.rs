//! Where the catalog is kept.
//!
//! `WS2SPI_CATALOG` names the file, by an absolute path: another would mean something else in every folder, and cannot be
//! used. Else it is the user's (`$XDG_CONFIG_HOME/ws2spi/catalog.toml`, by default under
//! `~/.config`) if there is one, else the system's (`/etc/ws2spi/catalog.toml`), else there is the base provider alone.
//! The first change then makes the system's for root, the user's for others. A set-id process knows only the system's.
//!
//! Only a file that nobody but root and the user can change is used (`sys::trust`).

use super::{Catalog, Failure, NameSpace, file};
use crate::sys::{log, process, published, trust};
use crate::trace;
use once_cell::race::OnceBox;
use std::fs::{self, DirBuilder};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

const SYSTEM: &str = "/etc/ws2spi/catalog.toml";

/// A file with more than all entries could fill.
const MOST_BYTES: u64 = 16 << 20;

/// Where a catalog may be, best first, as far as this process looks.
struct Places {
    named: Option<PathBuf>,
    user: Option<PathBuf>,
}

impl Places {
    fn here() -> Self {
        let absolute = |name: &str| {
            log::setting(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let configuration =
            absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
        Self {
            named: log::path_setting("WS2SPI_CATALOG").filter(|path| !path.as_os_str().is_empty()),
            user: configuration.map(|folder| folder.join("ws2spi/catalog.toml")),
        }
    }

    /// The catalog in effect, if any.
    fn existing(&self) -> Option<PathBuf> {
        if self.named.is_some() {
            return self.named.clone();
        }
        let exists = |path: &PathBuf| fs::symlink_metadata(path).is_ok();
        let user = self.user.clone().filter(exists);
        user.or_else(|| Some(PathBuf::from(SYSTEM)).filter(exists))
    }

    /// The one that a change goes to.
    fn to_change(&self) -> Option<PathBuf> {
        self.existing().or_else(|| match process::users() {
            (0, _) => Some(PathBuf::from(SYSTEM)),
            _ => self.user.clone(),
        })
    }
}

/// The name-space providers that were there when the process first looked: what is changed later is for programs that
/// start later (W.5).
static NAME_SPACES: OnceBox<Vec<NameSpace>> = OnceBox::new();

/// The catalog as it is now.
pub(super) fn read() -> Result<Catalog, Failure> {
    Places::here().existing().map_or_else(
        || {
            let catalog = Catalog::built_in();
            remember(&catalog);
            Ok(catalog)
        },
        |path| read_file(&path),
    )
}

/// The name-space providers of this process.
pub(super) fn name_spaces() -> Result<&'static [NameSpace], Failure> {
    match NAME_SPACES.get() {
        Some(known) => Ok(known),
        None => read().map(|catalog| remember(&catalog)),
    }
}

fn remember(catalog: &Catalog) -> &'static [NameSpace] {
    NAME_SPACES.get_or_init(|| Box::new(catalog.name_spaces.clone()))
}

/// Changes the catalog. While `change` works on it nobody else changes it; a change that is refused leaves the file as
/// it was.
pub(super) fn change<T>(change: impl FnOnce(&mut Catalog) -> Result<T, Failure>) -> Result<T, Failure> {
    let Some(path) = Places::here().to_change() else {
        trace::message(format_args!(
            "there is no place for a catalog: set HOME, or name a file by WS2SPI_CATALOG"
        ));
        return Err(Failure::Denied);
    };
    change_file(&path, change)
}

fn change_file<T>(
    path: &Path,
    change: impl FnOnce(&mut Catalog) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = |error: Error| failure(path, &error);
    check_absolute(path)?;
    if let Some(folder) = path.parent() {
        make_folders(folder).map_err(failed)?;
        trust::check(folder).or_else(|why| distrusted(&why))?;
    }
    let turn = published::turn(path).map_err(failed)?;
    let mut catalog = read_file(path)?;
    let before = catalog.clone();
    let answer = change(&mut catalog)?;
    if catalog != before {
        let text = file::write(&catalog).ok_or(Failure::System)?;
        if text.len() as u64 > MOST_BYTES {
            return Err(Failure::NoMemory);
        }
        turn.replace(text.as_bytes()).map_err(failed)?;
    }
    Ok(answer)
}

/// Makes what there is not yet of a catalog's folder. A umask that lets the group write would make one that is not
/// trusted. Root's catalogs are for all to read, a user's own are nobody else's.
fn make_folders(folder: &Path) -> Result<(), Error> {
    let mode = if process::users().0 == 0 { 0o755 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(folder)
}

fn read_file(path: &Path) -> Result<Catalog, Failure> {
    let catalog = parse_file(path)?;
    remember(&catalog);
    Ok(catalog)
}

fn parse_file(path: &Path) -> Result<Catalog, Failure> {
    check_absolute(path)?;
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(Catalog::built_in());
    }
    trust::check(path).or_else(|why| distrusted(&why))?;
    match published::read(path, MOST_BYTES) {
        Ok(None) => Ok(Catalog::built_in()),
        Ok(Some(bytes)) => file::read(&bytes).map_err(|wrong| {
            let line = wrong.line.map_or_else(String::new, |line| format!(":{line}"));
            trace::message(format_args!(
                "{}{line}: {}; correct it, or move the file away to begin with the base provider alone",
                path.display(),
                wrong.what
            ));
            Failure::Unusable
        }),
        Err(error) => Err(failure(path, &error)),
    }
}

/// A relative path is that of no catalog, whether there is a file or not.
fn check_absolute(path: &Path) -> Result<(), Failure> {
    if path.is_absolute() {
        Ok(())
    } else {
        distrusted(&format!("{}: not an absolute path", path.display()))
    }
}

fn distrusted<T>(why: &str) -> Result<T, Failure> {
    trace::message(format_args!("{why}; the catalog is not used"));
    Err(Failure::Unusable)
}

/// What the kernel said of the file or its folder.
fn failure(path: &Path, error: &Error) -> Failure {
    trace::message(format_args!("{}: {error}", path.display()));
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Failure::Denied,
        ErrorKind::OutOfMemory => Failure::NoMemory,
        ErrorKind::FileTooLarge | ErrorKind::InvalidInput | ErrorKind::IsADirectory => Failure::Unusable,
        _ => Failure::System,
    }
}
