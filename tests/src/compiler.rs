//! The C and C++ compilers, as a user calls them.

use crate::{place, run, sanitizer};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// What every test compiles with: a header must not make a strict program warn.
pub const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// A compiler with its options: `C::new("gcc").std("c11").args(STRICT).compile(&source, &program)`.
#[derive(Clone, Debug)]
pub struct C {
    program: OsString,
    args: Vec<OsString>,
}

impl C {
    /// The compiler `program`: `cc`, `gcc`, `g++`, `clang`, `clang++`.
    pub fn new(program: impl Into<OsString>) -> C {
        C {
            program: program.into(),
            args: Vec::new(),
        }
    }

    /// The compiler of the C programs and layers that the tests run, under the sanitizer that was asked for.
    pub fn tests() -> C {
        let sanitizer = sanitizer::chosen();
        let compiler = C::new(if sanitizer.is_some() { "clang" } else { "cc" });
        let flags = sanitizer.iter().flat_map(|sanitizer| sanitizer.compile());
        compiler.std("gnu11").args(STRICT).args(flags)
    }

    /// Whether this compiler is installed.
    pub fn installed(&self) -> bool {
        run::success(Command::new(&self.program).arg("--version"), LIMIT).is_ok()
    }

    /// The language standard, as `-std=` names it.
    pub fn std(self, standard: &str) -> C {
        self.args([format!("-std={standard}")])
    }

    /// More options, in the order given. Libraries (`-l`) belong here too: they are placed after the source.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> C {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// A folder of headers.
    pub fn include(self, folder: &Path) -> C {
        self.args([OsStr::new("-I"), folder.as_os_str()])
    }

    /// The project's own headers.
    pub fn ws2spi(self) -> C {
        self.include(&place::include())
    }

    /// What it is called with, but for files.
    pub fn options(&self) -> &[OsString] {
        &self.args
    }

    /// Compiles `source` to `out`: an object file if it is named `.o`, else a program. The error is what the
    /// compiler said.
    pub fn compile(&self, source: &Path, out: &Path) -> Result<(), String> {
        let object = out.extension() == Some(OsStr::new("o"));
        let mut command = Command::new(&self.program);
        command.args(object.then_some("-c")).arg("-o").arg(out);
        self.finish(command, source)
    }

    /// Checks `source` without making anything of it.
    pub fn check(&self, source: &Path) -> Result<(), String> {
        let mut command = Command::new(&self.program);
        command.arg("-fsyntax-only");
        self.finish(command, source)
    }

    /// The source stands before the options, since a linker takes from a library only what was asked for
    /// before it.
    fn finish(&self, mut command: Command, source: &Path) -> Result<(), String> {
        run::success(command.arg(source).args(&self.args), LIMIT).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_program_compiles_and_a_warning_is_an_error() {
        let dir = place::scratch("compiler");
        let (good, bad, program) = (dir.join("good.c"), dir.join("bad.c"), dir.join("program"));
        fs::write(&good, "int main(void) { return 0; }").unwrap();
        fs::write(&bad, "int main(void) { int unused; return 0; }").unwrap();
        let cc = C::new("cc").std("c99").args(STRICT);
        cc.compile(&good, &program).unwrap();
        run::success(&mut Command::new(&program), LIMIT).unwrap();
        cc.compile(&good, &dir.join("good.o")).unwrap();
        let said = cc.check(&bad).unwrap_err();
        assert!(said.contains("unused"), "{said}");
    }
}
