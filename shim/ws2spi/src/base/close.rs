//! WSPCloseSocket.

use super::{enter, sharing};
use crate::abi::SOCKET;
use crate::error::{Result, WsaError};
use crate::object::options::Linger;
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::object::thread::BlockingCall;
use crate::overlapped::{cancel, selection};
use crate::sys::info;
use crate::sys::socket as kernel;
use crate::sys::tcp;
use crate::sys::time;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// WSPCloseSocket: ends the handle; the socket goes with its last user.
pub(crate) fn close(handle: SOCKET) -> Result<()> {
    let socket = enter(handle)?;
    let blocks = !socket.state.has(State::NONBLOCKING);
    if !blocks && !socket.is_shared() && lingers(&socket).is_some() {
        // The handle stays valid, and nothing has begun (WSPCloseSocket.8).
        return Err(WsaError::WSAEWOULDBLOCK);
    }
    if !socket.close() {
        return Err(WsaError::WSAENOTSOCK);
    }
    end_requests(&socket);
    if socket.state.has(State::CONNECTED) {
        sharing::allow_rebinding(&socket);
    }
    if blocks
        && !socket.goes_on()
        && let Some(limit) = lingers(&socket)
    {
        linger(&socket, limit);
    }
    if socket.options.linger() == Linger::Abort && !socket.stays_here() {
        kernel::reset_on_close(&socket.descriptor);
    }
    wake_users(&socket);
    Ok(())
}

/// How long closing is to wait, if it must: SO_LINGER has a time, and data is under way that the program has not
/// already begun to finish by WSPShutdown (WSPCloseSocket.9).
fn lingers(socket: &Reference) -> Option<Duration> {
    let Linger::Wait(limit) = socket.options.linger() else {
        return None;
    };
    let state = socket.state.get();
    let open = state & (State::CONNECTED | State::SHUT_SEND | State::RESET) == State::CONNECTED;
    let unsent = || info::unsent_bytes(&socket.descriptor).is_ok_and(|bytes| bytes > 0);
    (open && unsent()).then_some(limit)
}

/// Ends sending and waits until the peer has everything; when the time is over, the connection is reset
/// (WSPCloseSocket.7).
fn linger(socket: &Reference, limit: Duration) {
    let call = BlockingCall::start(socket);
    let end = time::monotonic() + limit;
    let mut pause = Duration::from_millis(1);
    if kernel::shutdown(&socket.descriptor, libc::SHUT_WR).is_err() {
        return;
    }
    // The kernel wakes nobody when the last byte is acknowledged, so one has to look.
    while tcp::is_sending(&socket.descriptor) {
        // WSPCancelBlockingCall ends the wait; the rest is sent in the background.
        if call.check_not_cancelled().is_err() {
            return;
        }
        let left = end.saturating_sub(time::monotonic());
        if left.is_zero() {
            kernel::reset_on_close(&socket.descriptor);
            return;
        }
        std::thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Closes a socket at the last WSPCleanup: the connection is reset (WSPCleanup.5).
pub(crate) fn abort(socket: &Reference) {
    if socket.close() {
        end_requests(socket);
        // What another process has too goes on there.
        if socket.state.has(State::CONNECTED) && !socket.goes_on() {
            kernel::reset_on_close(&socket.descriptor);
        }
        wake_users(socket);
    }
}

/// With the last handle of a socket its network events end, and its overlapped requests (WSPCloseSocket.3, .4).
fn end_requests(socket: &Reference) {
    if socket.handles.fetch_sub(1, Ordering::SeqCst) == 1 {
        selection::close(socket);
        cancel::close(socket);
    }
}

/// Wakes the threads that block on a closed handle (WSPCloseSocket.2): the kernel ends their calls at shutdown. On a
/// shared socket, which that would end for everybody, they look for themselves; or, if they blocked in the kernel before
/// it was shared, come back with the last handle.
fn wake_users(socket: &Reference) {
    if socket.has_other_users() {
        socket.was_left.store(true, Ordering::SeqCst);
    }
    wake(socket);
}

/// Wakes those who were left behind, if nobody shares the socket any more. Of those who end its handles and offers the
/// last one sees that it was left.
pub(super) fn wake(socket: &Socket) {
    if socket.was_left.load(Ordering::SeqCst) && !socket.goes_on() {
        let _ = kernel::shutdown(&socket.descriptor, libc::SHUT_RDWR);
    }
}
