//! A small file that many processes read and now and then one replaces: who reads never waits and never sees half of
//! it.

use super::trust;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// All may read it, as all have a use for it; its owner may write it.
const MODE: u32 = 0o644;

/// Reads the whole file; `None` if there is none. More than `limit` bytes are `FileTooLarge`; what is no regular file
/// is `InvalidInput`.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = OpenOptions::new()
        .read(true)
        // Not to wait for the other end of a pipe.
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path);
    let file = match file {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(Some(bytes))
}

/// The right to replace the file, which one thread of all processes has at a time.
pub(crate) struct Turn {
    /// Beside the file, since that itself is replaced.
    lock: File,
    path: PathBuf,
}

/// Waits for the right to replace the file, which need not exist yet. A symbolic link is not replaced, but what it
/// leads to.
pub(crate) fn turn(path: &Path) -> io::Result<Turn> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        // Who cannot write the file must not hold up those who can.
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(with_ending(&path, ".lock"))?;
    // Who has put it there could hold it for ever.
    if !trust::owns(&lock.metadata()?) {
        return Err(ErrorKind::PermissionDenied.into());
    }
    loop {
        match lock.lock() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(()) => return Ok(Turn { lock, path }),
        }
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

impl Turn {
    /// Puts a file with these bytes in the place of the old one, all at once. If that fails the old one stays.
    pub(crate) fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let new = with_ending(&self.path, ".new");
        // What a process left behind that ended in the middle.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let done = self
            .write(&new, bytes)
            .and_then(|()| fs::rename(&new, &self.path));
        if done.is_err() {
            let _ = fs::remove_file(&new);
        }
        done?;
        // The name lasts, too. It is there already, so a folder that cannot be synchronised is no failure.
        if let Some(folder) = self.path.parent() {
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    fn write(&self, new: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(MODE)
            .open(new)?;
        let mode = fs::metadata(&self.path).map_or(MODE, |old| old.permissions().mode() & 0o777);
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Not left to the descriptor's end: a child that was forked meanwhile has a copy of it.
        let _ = self.lock.unlock();
    }
}
