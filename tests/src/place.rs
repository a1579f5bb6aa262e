//! Where things are in the workspace.

use std::path::{Path, PathBuf};

/// The workspace's root.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The C headers, as a user's `-I` names them.
pub fn include() -> PathBuf {
    root().join("include")
}

/// Where this profile's libraries and programs are built (`target/debug`): this program is there, or in `deps`.
pub fn built() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this program");
    let built = program
        .ancestors()
        .skip(1)
        .find(|folder| folder.join("deps").is_dir());
    built.expect("target/<profile>").to_owned()
}

/// The directory `name` under `target/tmp`, made if it is not there. What a failed test compiled stays in it.
pub fn scratch(name: &str) -> PathBuf {
    let dir = built().with_file_name("tmp").join(name);
    std::fs::create_dir_all(&dir).expect("a folder under target/tmp");
    dir
}

/// A file's text.
///
/// # Panics
/// If it cannot be read: the workspace is not whole.
pub fn text(path: &Path) -> String {
    let read = std::fs::read_to_string(path);
    assert!(read.is_ok(), "{}: {read:?}", path.display());
    read.unwrap_or_default()
}
