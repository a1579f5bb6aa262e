//! WSPCloseSocket.

use super::enter;
use crate::abi::SOCKET;
use crate::error::{Result, WsaError};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::socket as kernel;

/// WSPCloseSocket: ends the handle; the socket goes with its last user.
pub(crate) fn close(handle: SOCKET) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.close() {
        return Err(WsaError::WSAENOTSOCK);
    }
    wake(&socket);
    Ok(())
}

/// Closes a socket at the last WSPCleanup: the connection is reset (WSPCleanup.5).
pub(crate) fn abort(socket: &Reference) {
    if socket.close() {
        if socket.state.has(State::CONNECTED) {
            let at_once = libc::linger {
                l_onoff: 1,
                l_linger: 0,
            };
            let _ = kernel::set_option(&socket.descriptor, libc::SOL_SOCKET, libc::SO_LINGER, at_once);
        }
        wake(socket);
    }
}

/// Wakes the threads that block on a closed socket (WSPCloseSocket.2): the kernel ends their calls at shutdown.
fn wake(socket: &Reference) {
    if socket.has_other_users() {
        let _ = kernel::shutdown(&socket.descriptor, libc::SHUT_RDWR);
    }
}
