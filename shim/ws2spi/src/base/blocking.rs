//! Calls that may block. The kernel does the blocking: one system call, as in POSIX.

use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::object::thread::{self, BlockingCall};
use crate::sys::errno::{self, Errno};

/// Runs `call` until it ends other than by a signal. On a blocking socket the thread counts as blocked meanwhile:
/// WSPCancelBlockingCall and closing the socket end the call with WSAEINTR. EINTR is never seen otherwise.
#[inline]
pub(crate) fn uninterrupted<T>(
    socket: &Reference,
    operation: Operation,
    mut call: impl FnMut() -> errno::Result<T>,
) -> Result<T> {
    if socket.state.has(State::NONBLOCKING) {
        loop {
            match call() {
                Err(Errno(libc::EINTR)) => {}
                outcome => return outcome.map_err(|errno| WsaError::from_errno(operation, errno)),
            }
        }
    }
    let blocking = BlockingCall::start(socket);
    loop {
        let outcome = call();
        blocking.check(socket)?;
        match outcome {
            Err(Errno(libc::EINTR)) => {}
            outcome => return outcome.map_err(|errno| WsaError::from_errno(operation, errno)),
        }
    }
}

/// WSPCancelBlockingCall: ends the blocking call that this thread is in, from its hook or from a signal handler.
pub(crate) fn cancel() -> Result<()> {
    super::lifecycle::check_started()?;
    thread::cancel_blocking_call()
}
