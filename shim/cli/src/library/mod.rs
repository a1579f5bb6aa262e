//! libws2spi.so, loaded when the command runs, and its functions made safe.
//!
//! What is called here is what the headers declare: each type is the prototype's. All `unsafe` of the command is in
//! this folder.

mod catalog;
pub(crate) mod foreign;
mod functions;
pub(crate) mod process;
mod search;
mod sockets;
mod winsock;

pub(crate) use catalog::{NameSpace, OrderFailure, text};

use crate::failure::{Failure, Result};
use functions::Functions;
use std::path::{Path, PathBuf};

/// The loaded library. It stays loaded until the process ends: providers and threads may hold on to it.
pub(crate) struct Library {
    functions: Functions,
    file: PathBuf,
}

impl Library {
    /// Finds and loads the library. What it has to say beyond codes, such as where a catalog is damaged, goes to
    /// standard error, unless the user has chosen otherwise.
    pub(crate) fn load() -> Result<Self> {
        if std::env::var_os("WS2SPI_LOG").is_none() {
            process::set_variable("WS2SPI_LOG", "error");
        }
        let place = search::find()?;
        let functions = Functions::load(&place).map_err(|reason| {
            Failure::problem(format!("the library cannot be loaded: {reason}"))
                .advise("install it, or name it by its absolute path in WS2SPI_LIBRARY")
        })?;
        let file = functions.file().unwrap_or(place);
        Ok(Self { functions, file })
    }

    /// Where it was loaded from.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Whether it exports a function of that name.
    pub(crate) fn exports(&self, name: &str) -> bool {
        self.functions.has(name)
    }
}
