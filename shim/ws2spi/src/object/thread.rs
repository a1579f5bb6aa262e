//! What the library knows of the calling thread.

use super::socket::Socket;
use super::table::Reference;
use crate::error::{Result, WsaError};
use crate::sys::own;
use crate::sys::socket as kernel;
use crate::sys::wait;
use std::sync::atomic::{AtomicUsize, Ordering, compiler_fence};

/// The thread is in no blocking call.
const NONE: i32 = 0;
/// It is in one that waits for many sockets.
const MANY: i32 = -1;

/// How many threads are inside a callback now, so that the rest need not look whether they are.
static CALLBACKS: AtomicUsize = AtomicUsize::new(0);

/// WSAEINPROGRESS for a thread that calls from inside a callback, or out of its own blocking call (C.7).
#[inline]
pub(crate) fn check_not_in_progress() -> Result<()> {
    let in_progress = own::with(|own| {
        own.blocking.get() != NONE || CALLBACKS.load(Ordering::Relaxed) > 0 && own.callbacks.get() > 0
    });
    if in_progress {
        Err(WsaError::WSAEINPROGRESS)
    } else {
        Ok(())
    }
}

/// Runs one of the program's callbacks; calls that come back from inside it are WSAEINPROGRESS.
pub(crate) fn in_callback<T>(callback: impl FnOnce() -> T) -> T {
    CALLBACKS.fetch_add(1, Ordering::Relaxed);
    own::with(|own| own.callbacks.set(own.callbacks.get() + 1));
    let answer = callback();
    own::with(|own| own.callbacks.set(own.callbacks.get() - 1));
    CALLBACKS.fetch_sub(1, Ordering::Relaxed);
    answer
}

/// Whether the thread is inside a callback.
pub(crate) fn is_in_callback() -> bool {
    own::with(|own| own.callbacks.get() > 0)
}

/// A blocking call of this thread, from its start to its end.
pub(crate) struct BlockingCall<'a>(Option<&'a Socket>);

impl<'a> BlockingCall<'a> {
    /// Starts a call that blocks on `socket`.
    #[inline]
    pub(crate) fn start(socket: &'a Reference) -> Self {
        Self::set(socket.descriptor.raw() + 1);
        Self(Some(socket))
    }

    /// Starts a call that waits for many sockets.
    pub(crate) fn start_on_many() -> Self {
        Self::set(MANY);
        Self(None)
    }

    #[inline]
    fn set(blocking: i32) {
        own::with(|own| {
            own.cancelled.set(false);
            // A handler that comes in between finds no call yet.
            compiler_fence(Ordering::SeqCst);
            own.blocking.set(blocking);
        });
    }

    fn is_cancelled() -> bool {
        own::with(|own| own.cancelled.get())
    }

    /// WSAEINTR once WSPCancelBlockingCall was called (WSPCancelBlockingCall.3).
    pub(crate) fn check_not_cancelled(&self) -> Result<()> {
        if Self::is_cancelled() {
            Err(WsaError::WSAEINTR)
        } else {
            Ok(())
        }
    }

    /// WSAEINTR once another thread has closed the handle (WSPCloseSocket.2).
    #[inline]
    pub(crate) fn check_open(&self, socket: &Reference) -> Result<()> {
        if socket.is_closed() {
            Err(WsaError::WSAEINTR)
        } else {
            Ok(())
        }
    }
}

impl Drop for BlockingCall<'_> {
    #[inline]
    fn drop(&mut self) {
        own::with(|own| own.blocking.set(NONE));
        // From here on a handler cancels nothing, so that none comes between the look and the end.
        compiler_fence(Ordering::SeqCst);
        if let (true, Some(socket)) = (Self::is_cancelled(), self.0) {
            socket.options.apply_timeouts(&socket.descriptor);
        }
    }
}

/// Whether the thread is in a blocking call: a signal handler or hook may ask.
pub(crate) fn is_blocking() -> bool {
    own::with(|own| own.blocking.get() != NONE)
}

/// Whether the thread's last blocking call was cancelled: it may have done a part of its work before.
pub(crate) fn was_cancelled() -> bool {
    BlockingCall::is_cancelled()
}

/// Ends the thread's blocking call; WSAEINVAL if it is in none.
///
/// Runs in a signal handler: it only sets flags and calls the kernel. A handler may have come just before the call
/// reached the kernel, or let it start again (SA_RESTART), so the socket's timeouts become the shortest there are;
/// the end of the cancelled call puts them back.
pub(crate) fn cancel_blocking_call() -> Result<()> {
    let blocking = own::with(|own| own.blocking.get());
    if blocking == NONE {
        // A call that was cancelled before may just be putting its socket's timeouts back.
        return Err(WsaError::WSAEINVAL);
    }
    own::with(|own| own.cancelled.set(true));
    match blocking {
        MANY => wait::end_poll(),
        after_fd => kernel::end_waits(after_fd - 1),
    }
    Ok(())
}

/// The code of the thread's latest failure, for the functions that have nowhere else to leave it: of Winsock's API, of
/// the extension functions and of the kernel calls that go with them. There is one for all of them (NEED-K4).
///
/// May be asked in a signal handler.
pub(crate) fn last_error() -> u32 {
    own::with(|own| own.last_error.get())
}

/// Leaves `code` for [`last_error`]. May be called in a signal handler.
pub(crate) fn set_last_error(code: u32) {
    own::with(|own| own.last_error.set(code));
}
