//! Which catalog is in effect, and whether it can be used.

use super::{Report, probe};
use crate::catalog::broken_chains;
use crate::library::Library;
use crate::store;

/// Whether the catalog can be used.
pub(super) fn look(library: &Library, report: &mut Report) -> bool {
    const ABOUT: &str = "catalog";
    if let Some(file) = store::relative() {
        report.problem(
            ABOUT,
            format!("WS2SPI_CATALOG is not absolute: {}", file.display()),
            "name it by its absolute path: no program can start Winsock with this one",
        );
        return false;
    }
    let exists = store::in_effect().filter(|place| place.file.symlink_metadata().is_ok());
    let place = match (&exists, store::to_change()) {
        (Some(place), _) => format!("{}, {}", place.file.display(), place.whose),
        (None, Some(place)) => format!(
            "none, so the base provider alone; a change makes {}, {}",
            place.file.display(),
            place.whose
        ),
        (None, None) => String::from("none, and no place for one: HOME is not set"),
    };
    for hidden in store::hidden() {
        report.warning(
            ABOUT,
            format!(
                "{}, {}, counts for nothing beside {place}",
                hidden.file.display(),
                hidden.whose
            ),
            "use one of them: move the other away",
        );
    }
    // In another process, since the library tells where a file is damaged on standard error.
    if let Err(why) = probe::ask(&["inner-catalog"]) {
        report.problem(
            ABOUT,
            format!("{place}: {}", why.said),
            "correct it, or begin again with `ws2spi catalog reset`",
        );
        return false;
    }
    let entries = match library.protocols() {
        Ok(entries) => entries,
        Err(failure) => {
            report.problem(ABOUT, failure.what(), "try `ws2spi catalog check`");
            return false;
        }
    };
    match exists {
        Some(_) => report.ok(ABOUT, format!("{place}: sound, {} entries", entries.len())),
        None => report.ok(ABOUT, place),
    }
    for broken in broken_chains(&entries) {
        report.problem(
            ABOUT,
            broken,
            "remove it (`ws2spi catalog remove ID`), and install its layer again if it is wanted",
        );
    }
    true
}
