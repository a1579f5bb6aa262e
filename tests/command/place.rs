//! A catalog and providers of a test's own.

use crate::command;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use ws2spi_tests::{compiler, lsp, place};

/// A folder that only this user can change, as the library wants it, which a test has for itself.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new(test: &str) -> Self {
        let folder = place::scratch("command").join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        set_mode(&folder, 0o755);
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The catalog's file, in a folder that the first change makes.
    pub(crate) fn catalog(&self) -> PathBuf {
        self.file("etc/catalog.toml")
    }

    /// `ws2spi catalog …` on this place's catalog.
    pub(crate) fn run(&self, arguments: &[&str]) -> Command {
        let mut command = command(&["catalog"]);
        command.arg("--catalog").arg(self.catalog()).args(arguments);
        command
    }

    /// `ws2spi doctor …` on this place's catalog.
    pub(crate) fn doctor(&self, arguments: &[&str]) -> Command {
        let mut command = command(&["doctor"]);
        command.arg("--catalog").arg(self.catalog()).args(arguments);
        command
    }

    /// A copy of a layer of tests/lsp.
    pub(crate) fn layer(&self, name: &str) -> String {
        let copy = self.file(&format!("{name}.so"));
        fs::copy(lsp::build().unwrap().join(format!("{name}.so")), &copy).unwrap();
        set_mode(&copy, 0o755);
        copy.display().to_string()
    }

    /// Makes a provider of tests/command/provider.c, with these options. It is not linked to the library, so that the
    /// library need not be there.
    pub(crate) fn provider(&self, name: &str, options: &[&str]) -> String {
        let made = self.file(&format!("{name}.so"));
        compiler::C::new("cc")
            .std("c11")
            .args(compiler::STRICT)
            .ws2spi()
            .args(["-shared", "-fPIC"])
            .args(options)
            .compile(&place::root().join("tests/command/provider.c"), &made)
            .unwrap();
        set_mode(&made, 0o755);
        made.display().to_string()
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
