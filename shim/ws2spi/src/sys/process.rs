//! Other processes.

use super::errno::{Errno, Result};
use super::raw::syscall;
use super::socket::Descriptor;
use std::os::fd::RawFd;

/// A process that is there: a descriptor that becomes readable when it ends, where the kernel has such. ESRCH for one
/// that is not there.
pub(crate) fn open(process: u32) -> Result<Option<Descriptor>> {
    let process = i32::try_from(process)
        .ok()
        .filter(|process| *process > 0)
        .ok_or(Errno(libc::ESRCH))?;
    // SAFETY: no memory is involved.
    match unsafe { syscall!(SYS_pidfd_open, process, 0usize) } {
        Ok(fd) => Ok(Some(Descriptor::from_raw(fd as RawFd))),
        // Too old a kernel, or one that was told not to.
        // SAFETY: no memory is involved, and signal 0 does nothing.
        Err(Errno(libc::ENOSYS | libc::EPERM)) => match unsafe { syscall!(SYS_kill, process, 0usize) } {
            Ok(_) | Err(Errno(libc::EPERM)) => Ok(None),
            Err(errno) => Err(errno),
        },
        Err(Errno(libc::EINVAL | libc::ENOENT)) => Err(Errno(libc::ESRCH)),
        Err(errno) => Err(errno),
    }
}

/// Whether the calling thread is the one that `main` runs on.
pub(crate) fn is_main_thread() -> bool {
    // SAFETY: no memory is involved.
    let (thread, process) = unsafe { (syscall!(SYS_gettid), syscall!(SYS_getpid)) };
    thread == process
}

/// Whether the process has other rights than who started it: that one's environment and files are not to be trusted.
pub(crate) fn is_set_id() -> bool {
    // SAFETY: getauxval only reads what the kernel gave the process.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// The user whose rights the process has, and the one who started it.
pub(crate) fn users() -> (u32, u32) {
    // SAFETY: these always succeed.
    unsafe { (libc::geteuid(), libc::getuid()) }
}

/// A number nobody can guess.
pub(crate) fn random() -> Result<u32> {
    let mut number = 0u32;
    // SAFETY: the four bytes live until the call returns.
    unsafe { syscall!(SYS_getrandom, &raw mut number, size_of::<u32>(), 0usize) }?;
    Ok(number)
}

/// The name of the host; what is no text in it is replaced.
pub(crate) fn host_name() -> Result<String> {
    let mut name = [0u8; 256];
    // SAFETY: the bytes live until the call returns, and the last of them stays 0.
    if unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1) } != 0 {
        return Err(Errno::last());
    }
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    Ok(String::from_utf8_lossy(&name[..end]).into_owned())
}

/// The path of the program that runs, and its arguments with a space between each; what is no text is replaced.
pub(crate) fn command() -> (String, String) {
    let program = std::env::current_exe().unwrap_or_default();
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    (program.to_string_lossy().into_owned(), arguments.join(" "))
}
