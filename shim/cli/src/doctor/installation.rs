//! The library, and what programs are compiled with.

use super::Report;
use crate::library::Library;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Loads the library and starts its base provider.
pub(super) fn library(report: &mut Report) -> Option<Library> {
    const ABOUT: &str = "library";
    const ADVICE: &str =
        "install it (packaging/install.sh), or name it by its absolute path in WS2SPI_LIBRARY";
    let library = match Library::load() {
        Ok(library) => library,
        Err(failure) => {
            report.problem(ABOUT, failure.what(), ADVICE);
            return None;
        }
    };
    let place = library.file().display().to_string();
    let started = library.start().and_then(|provider| {
        let description = String::from(provider.description());
        provider.cleanup()?;
        Ok(description)
    });
    match (started, version(library.file())) {
        (Err(failure), _) => {
            report.problem(ABOUT, format!("{place}: {}", failure.what()), ADVICE);
            return None;
        }
        (Ok(_), Some(version)) if version != VERSION => report.warning(
            ABOUT,
            format!("{place} is version {version}, and this command {VERSION}"),
            "install both from one version",
        ),
        (Ok(description), version) => {
            let version = version.unwrap_or_else(|| String::from("not installed, so without a version"));
            report.ok(ABOUT, format!("{place} ({version}): {description}"));
        }
    }
    Some(library)
}

/// The version in the name of the file that the library's links lead to: `libws2spi.so.0.1.0`.
fn version(library: &Path) -> Option<String> {
    let file = library.canonicalize().ok()?;
    let version = file.file_name()?.to_str()?.strip_prefix("libws2spi.so.")?;
    version.contains('.').then(|| version.into())
}

/// What pkg-config says, and whether the headers are there.
pub(super) fn headers(report: &mut Report) {
    const ABOUT: &str = "headers";
    let version = match pkg_config(&["--modversion"]) {
        Ok(version) => version,
        Err(why) => {
            let advice = "programs that are installed do not need them; to compile one, install pkg-config and the \
                          headers, or set PKG_CONFIG_PATH to the folder of ws2spi.pc";
            report.warning(ABOUT, why, advice);
            return;
        }
    };
    let folder = pkg_config(&["--variable=includedir"]).unwrap_or_default();
    let header = PathBuf::from(&folder).join("ws2spi/ws2spi.h");
    if !header.is_file() {
        report.warning(
            ABOUT,
            format!("ws2spi.pc names {}, which is not there", header.display()),
            "install the headers again (packaging/install.sh)",
        );
    } else if version != VERSION {
        report.warning(
            ABOUT,
            format!(
                "{} is of version {version}, and this command {VERSION}",
                header.display()
            ),
            "install both from one version",
        );
    } else {
        report.ok(
            ABOUT,
            format!("{} ({version}), found by pkg-config", header.display()),
        );
    }
}

fn pkg_config(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("pkg-config").args(arguments).arg("ws2spi").output();
    let output = output.map_err(|error| format!("pkg-config does not run: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from("pkg-config does not know ws2spi"))
    }
}
