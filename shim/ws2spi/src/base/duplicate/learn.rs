//! What another process has done to a shared socket: the kernel knows (WSPDuplicateSocket.5).

use crate::address::Address;
use crate::object::socket::{Socket, State};
use crate::sys::info;
use crate::sys::socket as kernel;

/// Brings the state up to date before a call. Usually that is one question, whether the socket blocks: one that has a
/// peer or listens has reached its last state.
#[cold]
pub(crate) fn learn(socket: &Socket) {
    if !socket.state.has(State::POLLED | State::ACCEPTS_LATER)
        && let Ok(nonblocking) = info::is_nonblocking(&socket.descriptor)
    {
        socket.state.assign(State::NONBLOCKING, nonblocking);
    }
    let state = socket.state.get();
    if !socket.protocol.is_stream() {
        // A datagram socket can get a peer and lose it.
        socket.state.assign(State::CONNECTED, has_peer(socket));
    } else if !state.intersects(State::CONNECTED | State::CONNECTING | State::LISTENING) {
        let listens = kernel::option(&socket.descriptor, libc::SOL_SOCKET, libc::SO_ACCEPTCONN) == Ok(1);
        if listens {
            socket.state.set(State::LISTENING);
        } else if has_peer(socket) {
            socket.state.set(State::CONNECTED);
        }
    }
    if !state.contains(State::BOUND) && has_name(socket) {
        socket.state.set(State::BOUND);
    }
}

fn has_peer(socket: &Socket) -> bool {
    kernel::peer_address(&socket.descriptor).is_ok()
}

fn has_name(socket: &Socket) -> bool {
    let name = kernel::local_address(&socket.descriptor).ok();
    name.and_then(|name| Address::from_kernel(&name))
        .is_some_and(|name| match &name {
            Address::Internet(address) => address.port() != 0,
            Address::Unix(path) => !path.is_empty(),
        })
}
