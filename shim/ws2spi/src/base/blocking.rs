//! Calls that may block.
//!
//! Normally the kernel does the blocking: one system call, as in POSIX; closing the socket wakes it by shutdown(2).
//! Some calls wait in slices instead, and look around between them: those of a host with a blocking hook
//! (WPUQueryBlockingCallback), those on a socket that other handles or processes share, which must not be shut down
//! when one of them closes it, those on one whose descriptor never blocks, and those for a connection that another
//! thread may put into the socket's own queue.

use super::lifecycle;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::object::thread::{self, BlockingCall};
use crate::sys::errno::{self, Errno};
use crate::sys::time;
use crate::sys::wait::{self, Interest};
use crate::upcall::BlockingHook;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a wait in slices goes without looking around.
pub(crate) const SLICE: Duration = Duration::from_millis(20);

/// Runs `call` until it ends other than by a signal. On a blocking socket the thread counts as blocked meanwhile:
/// WSPCancelBlockingCall and closing the handle end the call with WSAEINTR. EINTR is never seen otherwise.
///
/// `call` is given MSG_DONTWAIT when the waiting is done here, else 0.
#[inline]
pub(crate) fn uninterrupted<T>(
    socket: &Reference,
    operation: Operation,
    mut call: impl FnMut(i32) -> errno::Result<T>,
) -> Result<T> {
    if socket.state.has(State::NONBLOCKING) {
        loop {
            match call(0) {
                Err(Errno(libc::EINTR)) => {}
                outcome => return outcome.map_err(|errno| WsaError::from_errno(operation, errno)),
            }
        }
    }
    let limit = limit(socket, operation);
    if waits_in_slices(socket) {
        return in_slices(socket, operation, limit, call);
    }
    let blocking = BlockingCall::start(socket);
    loop {
        let outcome = call(0);
        blocking.check_open(socket)?;
        match outcome {
            Err(Errno(libc::EINTR)) => {
                blocking.check_not_cancelled()?;
                // The kernel would wait as long again.
                if limit.is_some() {
                    return in_slices(socket, operation, limit, call);
                }
            }
            // The descriptor has come to be polled before the kernel could wait.
            Err(Errno(libc::EAGAIN)) if socket.state.has(State::POLLED) => {
                return in_slices(socket, operation, limit, call);
            }
            Err(Errno(libc::EAGAIN)) => {
                blocking.check_not_cancelled()?;
                // The kernel's timeout is over; but Windows has none for accept, and another thread's cancelled call
                // may have ended this one.
                if timeout(socket, operation).is_some() {
                    return Err(WsaError::WSAETIMEDOUT);
                }
            }
            outcome => return outcome.map_err(|errno| WsaError::from_errno(operation, errno)),
        }
    }
}

/// SO_RCVTIMEO or SO_SNDTIMEO, whichever `operation` keeps to.
pub(crate) fn timeout(socket: &Reference, operation: Operation) -> Option<Duration> {
    let milliseconds = match operation {
        Operation::Receive => socket.options.receive_timeout.load(Ordering::Relaxed),
        Operation::Send => socket.options.send_timeout.load(Ordering::Relaxed),
        _ => 0,
    };
    (milliseconds != 0).then(|| Duration::from_millis(milliseconds.into()))
}

/// When a call that begins now and keeps to the timeout of `operation` is to end.
#[inline]
pub(crate) fn limit(socket: &Reference, operation: Operation) -> Option<Duration> {
    timeout(socket, operation).map(|timeout| time::monotonic() + timeout)
}

/// Whether the kernel must not do the blocking.
pub(crate) fn waits_in_slices(socket: &Reference) -> bool {
    socket.is_shared() || socket.state.has(State::POLLED) || upcall_hook(socket).is_some()
}

fn upcall_hook(socket: &Reference) -> Option<BlockingHook> {
    BlockingHook::query(socket.protocol.catalog_entry)
}

/// [`uninterrupted`] for what goes on with a call that is to end at `limit`.
pub(crate) fn uninterrupted_until<T>(
    socket: &Reference,
    operation: Operation,
    limit: Option<Duration>,
    call: impl FnMut(i32) -> errno::Result<T>,
) -> Result<T> {
    if limit.is_some() && !socket.state.has(State::NONBLOCKING) {
        in_slices(socket, operation, limit, call)
    } else {
        uninterrupted(socket, operation, call)
    }
}

/// [`uninterrupted`] for calls that the kernel must not block.
#[cold]
fn in_slices<T>(
    socket: &Reference,
    operation: Operation,
    limit: Option<Duration>,
    mut call: impl FnMut(i32) -> errno::Result<T>,
) -> Result<T> {
    let events = if operation == Operation::Send {
        libc::POLLOUT
    } else {
        libc::POLLIN
    };
    let blocking = BlockingCall::start(socket);
    loop {
        // accept(2) takes no flag that keeps it from waiting.
        if operation == Operation::Accept {
            wait_for(socket, &blocking, events, limit)?;
        }
        match call(libc::MSG_DONTWAIT) {
            Err(Errno(libc::EINTR)) => blocking.check_not_cancelled()?,
            Err(Errno(libc::EAGAIN)) => wait_for(socket, &blocking, events, limit)?,
            outcome => return outcome.map_err(|errno| WsaError::from_errno(operation, errno)),
        }
        blocking.check_open(socket)?;
    }
}

/// Waits until `socket` has one of `events`; WSAETIMEDOUT at `limit`; WSAEINTR when the call was cancelled, the hook
/// said so, or the handle was closed.
pub(crate) fn wait_for(
    socket: &Reference,
    blocking: &BlockingCall,
    events: i16,
    limit: Option<Duration>,
) -> Result<()> {
    let hook = upcall_hook(socket);
    loop {
        let left = limit.map(|limit| limit.saturating_sub(time::monotonic()));
        // A call that the kernel does not block may be cancelled just before the wait.
        let looks_around =
            hook.is_some() || limit.is_some() || socket.changes_unseen() || socket.state.has(State::POLLED);
        let slice = if looks_around {
            Some(left.map_or(SLICE, |left| left.min(SLICE)))
        } else {
            left
        };
        let found = wait::poll(&mut [Interest::new(&socket.descriptor, events)], slice);
        blocking.check_not_cancelled()?;
        blocking.check_open(socket)?;
        match found {
            Ok(1..) => return Ok(()),
            // Who waits for a connection looks into the socket's own queue again.
            Ok(0) | Err(Errno(libc::EINTR)) if socket.own_listener().is_some() => return Ok(()),
            Ok(0) | Err(Errno(libc::EINTR)) => {}
            // A wait that cannot be is not to be tried for ever.
            Err(errno) => return Err(WsaError::from_errno(Operation::Receive, errno)),
        }
        if left == Some(Duration::ZERO) {
            return Err(WsaError::WSAETIMEDOUT);
        }
        if hook.is_some_and(|hook| !hook.run()) {
            return Err(WsaError::WSAEINTR);
        }
        blocking.check_not_cancelled()?;
    }
}

/// Waits a moment for what other threads of the process do; ends as [`wait_for`] does.
#[cold]
pub(crate) fn pause(socket: &Reference, blocking: &BlockingCall) -> Result<()> {
    // Unlike a sleep it is over when a signal comes.
    let _ = wait::poll(&mut [], Some(SLICE));
    blocking.check_not_cancelled()?;
    blocking.check_open(socket)?;
    if upcall_hook(socket).is_some_and(|hook| !hook.run()) {
        return Err(WsaError::WSAEINTR);
    }
    blocking.check_not_cancelled()
}

/// WSPCancelBlockingCall: ends the blocking call that this thread is in, from its hook or from a signal handler.
pub(crate) fn cancel() -> Result<()> {
    lifecycle::check_started()?;
    thread::cancel_blocking_call()
}
