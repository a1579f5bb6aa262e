//! Who else could have put a file where it is, or could change it: nobody but root and the user may.

use super::process;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// More symbolic links on one way than the kernel follows.
const LINKS: u32 = 40;

const WRITABLE_BY_OTHERS: u32 = 0o022;
const STICKY: u32 = 0o1000;

/// Checks that only root and the process's user can change what `path` names, or put something else in its place: the
/// path is absolute, and it, every folder on the way, and every symbolic link and what that leads through belong to one
/// of them and are writable by nobody else. A folder that all may write, but where each can remove only what is theirs
/// (sticky, as /tmp is), does no harm.
///
/// A set-id process does not trust the user who started it.
///
/// The message says what is wrong, with the path, to somebody who can mend it.
///
/// # Errors
/// What is wrong.
pub fn check(path: &Path) -> Result<(), String> {
    if !path.is_absolute() {
        return Err(format!("{}: not an absolute path", path.display()));
    }
    let mut at = PathBuf::from("/");
    let mut to_go = Vec::new();
    let mut links = 0;
    look_at(&at)?;
    push(&mut to_go, path);
    while let Some(step) = to_go.pop() {
        if step == ".." {
            // What is walked so far has no links in it.
            at.pop();
            continue;
        }
        at.push(step);
        if !look_at(&at)?.is_symlink() {
            continue;
        }
        links += 1;
        if links > LINKS {
            return Err(format!("{}: too many symbolic links", path.display()));
        }
        let target = fs::read_link(&at).map_err(|error| format!("{}: {error}", at.display()))?;
        at.pop();
        if target.is_absolute() {
            at = PathBuf::from("/");
        }
        push(&mut to_go, &target);
    }
    Ok(())
}

/// Adds the steps of a path to those that are still to go, the last of which is the next.
fn push(to_go: &mut Vec<OsString>, path: &Path) {
    to_go.extend(path.components().rev().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsString::from("..")),
        _ => None,
    }));
}

/// Checks one file, folder or link, and says which it is.
fn look_at(path: &Path) -> Result<fs::FileType, String> {
    let found = fs::symlink_metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let kind = found.file_type();
    if !owns(&found) {
        return Err(format!(
            "{}: belongs to user {}, who is neither root nor the user of this process",
            path.display(),
            found.uid()
        ));
    }
    let sticky_folder = kind.is_dir() && found.mode() & STICKY != 0;
    // A link's own mode means nothing: who may replace it is its folder's to say.
    if found.mode() & WRITABLE_BY_OTHERS != 0 && !kind.is_symlink() && !sticky_folder {
        return Err(format!(
            "{}: can be changed by others than its owner (mode {:04o}); `chmod go-w` it",
            path.display(),
            found.mode() & 0o7777
        ));
    }
    Ok(kind)
}

/// Whether it belongs to root or to the process's user.
pub(super) fn owns(found: &fs::Metadata) -> bool {
    is_trusted(found.uid(), process::users(), process::is_set_id())
}

/// Whether what belongs to `owner` is trusted by a process that runs as `effective` and was started by `real`.
fn is_trusted(owner: u32, (effective, real): (u32, u32), set_id: bool) -> bool {
    owner == 0 || owner == effective && !(set_id && effective == real)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A folder of the test's own, gone with it. Under the workspace's target, as /tmp may be anything.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let base = std::env::temp_dir()
                .canonicalize()
                .expect("a folder for temporary files");
            let path = base.join(format!("ws2spi-trust-{}-{name}", std::process::id()));
            fs::create_dir(&path).expect("a new folder");
            set_mode(&path, 0o755);
            Self(path)
        }

        fn file(&self, name: &str, mode: u32) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, "x").expect("a new file");
            set_mode(&path, mode);
            path
        }

        fn folder(&self, name: &str, mode: u32) -> PathBuf {
            let path = self.0.join(name);
            fs::create_dir(&path).expect("a new folder");
            set_mode(&path, mode);
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a new mode");
    }

    #[track_caller]
    fn refused(path: &Path, named: &Path, why: &str) {
        let said = check(path).expect_err("trusted");
        assert!(
            said.starts_with(&*named.to_string_lossy()) && said.contains(why),
            "{said}"
        );
    }

    #[test]
    fn ones_own_file_is_trusted() {
        let folder = Folder::new("own");
        let file = folder.file("file", 0o644);
        assert_eq!(check(&file), Ok(()));
        assert!(check(&folder.0.join("x/../file")).is_err());
        folder.folder("x", 0o700);
        assert_eq!(check(&folder.0.join("x/../file")), Ok(()));
    }

    #[test]
    fn a_relative_path_is_not() {
        refused(Path::new("Cargo.toml"), Path::new("Cargo.toml"), "absolute");
        refused(Path::new(""), Path::new(""), "absolute");
    }

    #[test]
    fn what_others_can_write_is_not() {
        let folder = Folder::new("writable");
        for mode in [0o666, 0o664, 0o646] {
            let file = folder.file("file", mode);
            refused(&file, &file, "chmod go-w");
        }
    }

    #[test]
    fn nor_what_lies_where_others_can_write() {
        let folder = Folder::new("place");
        let (open, inner) = (folder.folder("open", 0o777), folder.folder("open/inner", 0o755));
        let file = folder.file("open/inner/file", 0o644);
        refused(&file, &open, "chmod go-w");
        // Where each can remove only what is theirs, it is.
        set_mode(&open, 0o1777);
        assert_eq!(check(&file), Ok(()));
        set_mode(&inner, 0o775);
        refused(&file, &inner, "chmod go-w");
    }

    #[test]
    fn a_link_is_followed_and_what_it_leads_through_counts() {
        let folder = Folder::new("link");
        let open = folder.folder("open", 0o777);
        let file = folder.file("open/file", 0o644);
        folder.file("good", 0o644);
        let (good, bad, round) = (
            folder.0.join("to-good"),
            folder.0.join("to-bad"),
            folder.0.join("round"),
        );
        symlink("./good", &good).expect("a link");
        symlink(&file, &bad).expect("a link");
        symlink("round", &round).expect("a link");
        assert_eq!(check(&good), Ok(()));
        refused(&bad, &open, "chmod go-w");
        refused(&round, &round, "too many");
        // A link in a folder of others', however good what it leads to.
        let there = open.join("link");
        symlink(folder.0.join("good"), &there).expect("a link");
        refused(&there, &open, "chmod go-w");
    }

    #[test]
    fn what_is_not_there_is_not_trusted() {
        let folder = Folder::new("absent");
        refused(
            &folder.0.join("none/file"),
            &folder.0.join("none"),
            "No such file",
        );
        let file = folder.file("file", 0o644);
        refused(&file.join("below"), &file.join("below"), "Not a directory");
    }

    #[test]
    fn only_root_and_the_user_are_trusted() {
        for set_id in [false, true] {
            assert!(is_trusted(0, (1000, 1000), set_id));
            assert!(is_trusted(0, (0, 1000), set_id));
            assert!(!is_trusted(1001, (1000, 1000), set_id));
            assert!(!is_trusted(1000, (0, 1000), set_id));
            assert!(!is_trusted(1000, (1001, 1000), set_id));
            // Set-user-id, to a user who is not root: its own files are that user's.
            assert!(is_trusted(1001, (1001, 1000), set_id));
        }
        assert!(is_trusted(1000, (1000, 1000), false));
        // Set-group-id, or a file with capabilities: the user is the one who started it.
        assert!(!is_trusted(1000, (1000, 1000), true));
    }
}
