//! WSPListen.
//!
//! Winsock refuses a connection that arrives at a full queue, and resets those that a smaller backlog has no room for.
//! Linux by itself drops the request, and the client hangs and tries again. So for an exact backlog the library
//! closes the door itself ([`queue`]): a watching thread ([`watch`]) sees the queue fill up, takes the connections
//! over, and lets the socket leave the LISTEN state while it keeps its port, so that the kernel answers with a reset.
//! When WSPAccept makes room, the socket listens again.

mod backlog;
pub(crate) mod queue;
mod watch;

use super::{enter, sharing};
use crate::abi::{AF_UNIX, SOCKET};
use crate::error::{Operation, Result, WsaError};
use crate::object::listener::Listener;
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::sys::info;
use crate::sys::log::setting;
use crate::sys::socket as kernel;
use crate::sys::tcp;
use backlog::{Backlog, Policy};
use once_cell::race::OnceBox;

/// WSPListen: makes a bound socket accept connections, or changes the backlog of one that does.
pub(crate) fn listen(handle: SOCKET, asked: i32) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    let state = socket.state.get();
    if state.intersects(State::CONNECTED | State::CONNECTING) {
        return Err(WsaError::WSAEISCONN);
    }
    if !state.contains(State::BOUND) {
        return Err(WsaError::WSAEINVAL);
    }
    let backlog = Backlog::new(asked, policy(), info::most_connections());
    // A queue shared with another process, and one of AF_UNIX, which cannot be opened again, stay with the kernel.
    let exact =
        matches!(backlog, Backlog::Exact(_)) && socket.protocol.family != AF_UNIX && !socket.is_shared();
    let count = backlog.count();
    let listening = state.contains(State::LISTENING);
    if !listening {
        sharing::allow_rebinding(&socket);
        if exact {
            // Behind a full queue the port is listened on again while accepted connections hold it.
            let _ = sharing::reuse_time_wait(&socket, true);
        }
        leave_to_kernel(&socket, count)?;
        socket.state.set(State::LISTENING);
    }
    if !exact && socket.listener.get().is_none() && (!listening || has_room(&socket, count)) {
        return if listening {
            leave_to_kernel(&socket, count)
        } else {
            Ok(())
        };
    }
    let listener = socket.listener.get_or_init(|| Box::new(Listener::new()));
    if listener.is_ours() {
        queue::change(&socket, listener, count as usize, exact)
    } else {
        leave_to_kernel(&socket, count)
    }
}

/// Whether a queue that the kernel keeps holds no more than `count`, so that nobody is to be reset. It never holds more
/// than the most that the host gives.
fn has_room(socket: &Socket, count: u32) -> bool {
    count >= info::most_connections()
        || tcp::queued_connections(&socket.descriptor).is_ok_and(|queued| queued <= count)
}

/// `WS2SPI_BACKLOG`, as it was at the first call.
fn policy() -> Policy {
    static POLICY: OnceBox<Policy> = OnceBox::new();
    *POLICY.get_or_init(|| Box::new(Policy::from_setting(setting("WS2SPI_BACKLOG").as_deref())))
}

/// Has the kernel listen with its own queue; it admits one connection more than it is told.
fn leave_to_kernel(socket: &Socket, count: u32) -> Result<()> {
    kernel::listen(&socket.descriptor, count.saturating_sub(1) as i32)
        .map_err(|errno| WsaError::from_errno(Operation::Listen, errno))
}

/// Before another process gets the socket: its queue goes back to the kernel, which they share.
pub(crate) fn share_queue(socket: &Reference) {
    queue::leave_to_kernel(socket);
}

/// Before a fork: the kernel's queue will be shared with the child, so no process may keep connections to itself.
pub(crate) fn before_fork() {
    watch::before_fork();
}

/// In the child of a fork: neither the watching thread nor those whose calls held references are here.
pub(crate) fn in_forked_child() {
    watch::in_forked_child();
    table::forget_other_threads();
}
