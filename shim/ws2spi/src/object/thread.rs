//! What the library knows of the calling thread.

use super::table::Reference;
use crate::error::{Result, WsaError};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Kept small, constant and without a destructor, so that it can be read at any time, also while a thread ends.
struct Thread {
    /// The descriptor of the blocking call that the thread is in, or -1.
    blocking: Cell<i32>,
    /// The blocking call was cancelled (WSPCancelBlockingCall).
    cancelled: Cell<bool>,
    /// How many of the program's callbacks the thread is inside of.
    callbacks: Cell<u32>,
}

thread_local! {
    static THREAD: Thread = const {
        Thread { blocking: Cell::new(-1), cancelled: Cell::new(false), callbacks: Cell::new(0) }
    };
}

/// How many threads are inside a callback now, so that the rest need not look whether they are.
static CALLBACKS: AtomicUsize = AtomicUsize::new(0);

/// WSAEINPROGRESS for a thread that calls from inside a callback, or out of its own blocking call (C.7).
#[inline]
pub(crate) fn check_not_in_progress() -> Result<()> {
    let in_progress = THREAD
        .try_with(|thread| {
            thread.blocking.get() >= 0 || CALLBACKS.load(Ordering::Relaxed) > 0 && thread.callbacks.get() > 0
        })
        .unwrap_or(false);
    if in_progress {
        Err(WsaError::WSAEINPROGRESS)
    } else {
        Ok(())
    }
}

/// Runs one of the program's callbacks; calls that come back from inside it are WSAEINPROGRESS.
pub(crate) fn in_callback<T>(callback: impl FnOnce() -> T) -> T {
    CALLBACKS.fetch_add(1, Ordering::Relaxed);
    let _ = THREAD.try_with(|thread| thread.callbacks.set(thread.callbacks.get() + 1));
    let answer = callback();
    let _ = THREAD.try_with(|thread| thread.callbacks.set(thread.callbacks.get() - 1));
    CALLBACKS.fetch_sub(1, Ordering::Relaxed);
    answer
}

/// Whether the thread is inside a callback.
pub(crate) fn is_in_callback() -> bool {
    THREAD
        .try_with(|thread| thread.callbacks.get() > 0)
        .unwrap_or(false)
}

/// A blocking call of this thread, from its start to its end.
pub(crate) struct BlockingCall(());

impl BlockingCall {
    #[inline]
    pub(crate) fn start(socket: &Reference) -> Self {
        let _ = THREAD.try_with(|thread| {
            thread.cancelled.set(false);
            thread.blocking.set(socket.descriptor.raw());
        });
        Self(())
    }

    /// WSAEINTR once the call was cancelled, or its socket closed by another thread.
    pub(crate) fn check(&self, socket: &Reference) -> Result<()> {
        if self.is_cancelled() || socket.is_closed() {
            Err(WsaError::WSAEINTR)
        } else {
            Ok(())
        }
    }

    /// Whether WSPCancelBlockingCall has ended the call.
    pub(crate) fn is_cancelled(&self) -> bool {
        THREAD.try_with(|thread| thread.cancelled.get()).unwrap_or(false)
    }
}

impl Drop for BlockingCall {
    #[inline]
    fn drop(&mut self) {
        let _ = THREAD.try_with(|thread| thread.blocking.set(-1));
    }
}

/// Marks the thread's blocking call as cancelled; WSAEINVAL if it is in none.
pub(crate) fn cancel_blocking_call() -> Result<()> {
    let cancelled = THREAD.try_with(|thread| {
        let blocked = thread.blocking.get() >= 0;
        thread.cancelled.set(blocked);
        blocked
    });
    if cancelled.unwrap_or(false) {
        Ok(())
    } else {
        Err(WsaError::WSAEINVAL)
    }
}
