//! Files, as far as they are sent.

use super::errno::{Errno, Result};
use super::raw::syscall;
use super::socket::Descriptor;

/// How many bytes a regular file has; ESPIPE for everything else.
pub(crate) fn size(file: &Descriptor) -> Result<u64> {
    // SAFETY: a stat of zeros is one, and lives until the call returns.
    let found = unsafe {
        let mut found: libc::stat = std::mem::zeroed();
        if libc::fstat(file.raw(), &raw mut found) != 0 {
            return Err(Errno::last());
        }
        found
    };
    if found.st_mode & libc::S_IFMT != libc::S_IFREG {
        return Err(Errno(libc::ESPIPE));
    }
    Ok(found.st_size as u64)
}

/// The current byte offset.
pub(crate) fn position(file: &Descriptor) -> Result<u64> {
    // SAFETY: no memory is involved.
    unsafe { syscall!(SYS_lseek, file.raw(), 0, libc::SEEK_CUR) }.map(|position| position as u64)
}

/// Makes `position` the current byte offset.
pub(crate) fn set_position(file: &Descriptor, position: u64) -> Result<()> {
    // SAFETY: no memory is involved.
    unsafe { syscall!(SYS_lseek, file.raw(), position, libc::SEEK_SET) }.map(drop)
}

/// `sendfile(2)` from `offset` on: how many bytes went. It waits as the socket's descriptor does, and never raises
/// SIGPIPE.
pub(crate) fn send(socket: &Descriptor, file: &Descriptor, offset: u64, count: usize) -> Result<usize> {
    let mut offset = offset as libc::off_t;
    without_sigpipe(|| {
        // SAFETY: the offset lives until the call returns.
        unsafe { syscall!(SYS_sendfile, socket.raw(), file.raw(), &raw mut offset, count) }
    })
}

/// The kernel's set of signals with SIGPIPE alone, and its size.
const SIGPIPE: u64 = 1 << (libc::SIGPIPE - 1);
const SET_SIZE: usize = size_of::<u64>();

/// Runs a call that would send SIGPIPE to the calling thread: the signal is kept out, and taken back.
fn without_sigpipe<T>(call: impl FnOnce() -> T) -> T {
    let (set, mut before, mut pending) = (SIGPIPE, 0u64, 0u64);
    // SAFETY: the sets live until the calls return.
    unsafe {
        let _ = syscall!(
            SYS_rt_sigprocmask,
            libc::SIG_BLOCK,
            &raw const set,
            &raw mut before,
            SET_SIZE
        );
        if before & SIGPIPE != 0 {
            // One that waits already is the program's.
            let _ = syscall!(SYS_rt_sigpending, &raw mut pending, SET_SIZE);
        }
    }
    let answer = call();
    let at_once = [0i64; 2];
    // SAFETY: the sets and the time live until the calls return; nothing is told of the signal.
    unsafe {
        if pending & SIGPIPE == 0 {
            let _ = syscall!(
                SYS_rt_sigtimedwait,
                &raw const set,
                0usize,
                &raw const at_once,
                SET_SIZE
            );
        }
        let _ = syscall!(
            SYS_rt_sigprocmask,
            libc::SIG_SETMASK,
            &raw const before,
            0usize,
            SET_SIZE
        );
    }
    answer
}

/// `pread(2)`; fewer bytes than there is room for at the end of the file.
pub(crate) fn read_at(file: &Descriptor, offset: u64, bytes: &mut [u8]) -> Result<usize> {
    // SAFETY: the kernel writes at most as many bytes as there is room for.
    unsafe { syscall!(SYS_pread64, file.raw(), bytes.as_mut_ptr(), bytes.len(), offset) }
}
