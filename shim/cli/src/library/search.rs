//! Which file the library is.

use super::process;
use crate::failure::{Failure, Result};
use std::path::{Path, PathBuf};

/// The name that programs ask for.
const SONAME: &str = "libws2spi.so.0";

/// The library to load: the one that the user names, else the one installed or built with this command, else the
/// system's, by its soname.
///
/// A process with other rights than its user's asks the system alone: its environment is not to be trusted, nor is the
/// place of its file, which a link may have moved.
pub(super) fn find() -> Result<PathBuf> {
    if process::is_privileged() {
        return Ok(SONAME.into());
    }
    if let Some(named) = std::env::var_os("WS2SPI_LIBRARY") {
        let named = PathBuf::from(named);
        return if named.is_absolute() {
            Ok(named)
        } else {
            Err(Failure::problem(format!(
                "WS2SPI_LIBRARY is not absolute: {}",
                named.display()
            )))
        };
    }
    let command = std::env::current_exe().ok();
    let beside = command.as_deref().and_then(Path::parent).map(candidates);
    let found = beside.into_iter().flatten().find(|file| file.exists());
    Ok(found.unwrap_or_else(|| SONAME.into()))
}

/// Where the library is when it came together with a command in `folder`.
fn candidates(folder: &Path) -> Vec<PathBuf> {
    let multiarch = format!("{}-linux-gnu", std::env::consts::ARCH);
    let mut places = vec![folder.join(SONAME), folder.join("libws2spi.so")];
    if let Some(prefix) = folder.parent() {
        let libraries = [
            PathBuf::from("lib"),
            "lib64".into(),
            Path::new("lib").join(multiarch),
        ];
        places.extend(libraries.iter().map(|folder| prefix.join(folder).join(SONAME)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_looked_for_beside_the_command_and_in_its_prefix() {
        let places = candidates(Path::new("/opt/ws2spi/bin"));
        for place in [
            "/opt/ws2spi/bin/libws2spi.so",
            "/opt/ws2spi/lib/libws2spi.so.0",
            "/opt/ws2spi/lib64/libws2spi.so.0",
        ] {
            assert!(places.iter().any(|known| known == Path::new(place)), "{place}");
        }
        assert!(places.iter().all(|place| place.is_absolute()));
    }
}
