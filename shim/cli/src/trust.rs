//! Who could change a file: the library loads a provider, and reads a catalog, only where nobody can but root and the
//! user.

use crate::library::process;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Says what is wrong with a file, or with a folder or link on the way to it, if others can change it.
pub(crate) fn check(file: &Path) -> Result<(), String> {
    let real = file
        .canonicalize()
        .map_err(|error| format!("{}: {error}", file.display()))?;
    // The way as it is written has the links, and that without links what they lead through.
    let ways = [file, &real];
    let steps = ways.into_iter().flat_map(|way| way.ancestors());
    steps
        .filter(|step| !step.as_os_str().is_empty())
        .try_for_each(look_at)
}

fn look_at(step: &Path) -> Result<(), String> {
    const WRITABLE_BY_OTHERS: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let complain = |what: String| Err(format!("{}: {what}", step.display()));
    let found = match fs::symlink_metadata(step) {
        Ok(found) => found,
        Err(error) => return complain(error.to_string()),
    };
    let user = process::user();
    if found.uid() != 0 && found.uid() != user {
        return complain(format!("belongs to user {}, not to root or you", found.uid()));
    }
    // In a sticky folder, such as /tmp, each can remove only what is theirs. A link's own mode means nothing.
    let is_harmless = found.is_symlink() || found.is_dir() && found.mode() & STICKY != 0;
    if found.mode() & WRITABLE_BY_OTHERS != 0 && !is_harmless {
        return complain(format!(
            "can be changed by others (mode {:04o})",
            found.mode() & 0o7777
        ));
    }
    Ok(())
}
