//! The sample layers of tests/lsp, built as their authors would build them.

use crate::{compiler, library, place, sanitizer};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Builds every `tests/lsp/NAME.c` to `NAME.so`, once; the folder that they are in, `target/tmp/lsp`. The error is what
/// the compiler said.
pub fn build() -> Result<&'static Path, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        library::build();
        let folder = place::scratch(&sanitizer::chosen().map_or(String::from("lsp"), |sanitizer| {
            format!("lsp-{}", sanitizer.folder())
        }));
        let sources = place::root().join("tests/lsp");
        for entry in std::fs::read_dir(sources).map_err(|error| error.to_string())? {
            let source = entry.map_err(|error| error.to_string())?.path();
            if let Some(name) = source
                .file_stem()
                .filter(|_| source.extension().is_some_and(|it| it == "c"))
            {
                let object = folder.join(name).with_extension("o");
                compiler().compile(&source, &object)?;
                // One is what becomes of those who leave it out.
                let apart = (name != "bad_hidden").then_some("-Wl,-Bsymbolic");
                linker()
                    .args(apart)
                    .compile(&object, &folder.join(name).with_extension("so"))?;
            }
        }
        Ok(folder)
    });
    built.as_deref().map_err(Clone::clone)
}

fn compiler() -> compiler::C {
    compiler::C::tests().args(["-g", "-O2", "-fPIC"]).ws2spi()
}

/// The layers are static inside, so that the library's functions of the same names do not get in their way; -Bsymbolic
/// is for those who name theirs WSPSend. A step of its own, in which clang cannot bring a sanitizer's run-time library: that
/// is the program's.
fn linker() -> compiler::C {
    // What is missing is found when it is linked.
    let whole = sanitizer::chosen().is_none().then_some("-Wl,-z,defs");
    compiler::C::new("cc")
        .args(["-shared", "-pthread"])
        .args(whole)
        .args(library::link_layer())
}
