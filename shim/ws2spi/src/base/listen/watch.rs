//! The thread that watches listening sockets with an exact backlog while the program does not accept. It exists only
//! while such a socket does, because a second thread makes every system call of the process a little dearer.

use super::queue::{self, Fill};
use crate::abi::SOCKET;
use crate::error::{Result, WsaError};
use crate::object::table::{self, Reference};
use crate::sys::fork;
use crate::sys::watch::{Watch, Watched, start_thread};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// The watch that is in use, if one is.
static CURRENT: Mutex<Weak<Watch>> = Mutex::new(Weak::new());

fn current() -> MutexGuard<'static, Weak<Watch>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long arrivals may gather while a queue is far from full, so that a busy server is not woken for each.
const GATHER: Duration = Duration::from_millis(1);

/// Watches `socket` until what this returns is dropped. WSAENOBUFS when there can be no thread or descriptor for it.
pub(super) fn add(socket: &Reference) -> Result<Watched> {
    let watch = in_use()?;
    watch
        .add_arrivals(&socket.descriptor, socket.handle() as u64)
        .map_err(|_| WsaError::WSAENOBUFS)?;
    Ok(Watched::new(watch, &socket.descriptor))
}

/// The watch in use, or a new one with its thread.
fn in_use() -> Result<Arc<Watch>> {
    let mut current = current();
    if let Some(watch) = current.upgrade() {
        return Ok(watch);
    }
    let (watch, waiter) = Watch::new().map_err(|_| WsaError::WSAENOBUFS)?;
    start_thread("ws2spi-listen", move || {
        while waiter.wait(|key| look_at(key as SOCKET)) {}
    })
    .map_err(|_| WsaError::WSAENOBUFS)?;
    let watch = Arc::new(watch);
    *current = Arc::downgrade(&watch);
    Ok(watch)
}

/// Something has arrived at a listening socket, unless it was closed meanwhile.
fn look_at(handle: SOCKET) {
    let Ok(socket) = table::look_up(handle) else {
        return;
    };
    let Some(listener) = socket.own_listener() else {
        return;
    };
    match queue::stop_requests_if_full(&socket, listener) {
        Fill::FarFromFull => {
            // Nobody's handle is kept open by a sleeping thread.
            drop(socket);
            std::thread::sleep(GATHER);
        }
        Fill::NearFull => {}
        Fill::Full => {
            queue::announce(&socket);
            drop(socket);
            std::thread::sleep(queue::GRACE);
            let Ok(socket) = table::look_up(handle) else {
                return;
            };
            if let Some(listener) = socket.own_listener() {
                queue::shut_if_still_full(&socket, listener);
                queue::announce(&socket);
            }
        }
    }
}

/// Before a fork: every queue goes back to the kernel, which the child shares.
pub(super) fn before_fork() {
    if current().strong_count() > 0 {
        table::all_sockets().for_each(|socket| queue::leave_to_kernel(&socket));
    }
    fork::hold(current());
}

/// In the child of a fork: the watching thread has stayed with the parent.
pub(super) fn in_forked_child() {
    *current() = Weak::new();
}
