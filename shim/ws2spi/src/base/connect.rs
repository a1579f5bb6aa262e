//! WSPConnect.

use super::{blocking, enter};
use crate::abi::*;
use crate::address::Unread;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use crate::sys::time;
use crate::sys::wait::{Interest, poll};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// WSPConnect: connects a stream socket, or sets the peer of a datagram socket.
pub(crate) fn connect(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: i32,
    _caller_data: UserPointer<WSABUF>,
    _callee_data: UserPointer<WSABUF>,
    _quality: UserPointer<QOS>,
) -> Result<()> {
    let socket = enter(handle)?;
    let address = Unread::new(name, length)?.read()?;
    if socket.state.has(State::LISTENING) {
        return Err(WsaError::WSAEINVAL);
    }
    let to = address.to_kernel()?;
    blocking::uninterrupted(&socket, Operation::Connect, || {
        kernel::connect(&socket.descriptor, &to)
    })?;
    socket.state.set(State::BOUND | State::CONNECTED);
    Ok(())
}

/// How a connection attempt stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    Pending,
    Connected,
    Failed(WsaError),
}

/// Looks how the attempt of a CONNECTING socket stands, without waiting, and moves the socket's state when it has
/// ended. One thread at a time: the kernel tells the outcome only once.
pub(crate) fn settle(socket: &Reference) -> Progress {
    let claimed = socket.state.step(|state| {
        (state & (State::CONNECTING | State::SETTLING) == State::CONNECTING)
            .then_some(state | State::SETTLING)
    });
    match claimed {
        Ok(_) => decide(socket),
        Err(state) if state.contains(State::CONNECTING) => Progress::Pending,
        Err(state) if state.contains(State::CONNECTED) => Progress::Connected,
        Err(_) => Progress::Failed(WsaError::from_code(socket.error.load(Ordering::Relaxed))),
    }
}

/// [`settle`] for the thread that has set SETTLING, and clears it here.
fn decide(socket: &Reference) -> Progress {
    let mut interest = [Interest::new(&socket.descriptor, libc::POLLOUT)];
    if !matches!(poll(&mut interest, Some(Duration::ZERO)), Ok(1..)) {
        socket.state.clear(State::SETTLING);
        return Progress::Pending;
    }
    match kernel::option(&socket.descriptor, libc::SOL_SOCKET, libc::SO_ERROR) {
        Ok(0) => succeed(socket, State::empty()),
        // Not the attempt has failed but the connection, before anybody looked: a refusal is never a reset.
        Ok(libc::ECONNRESET | libc::EPIPE) => succeed(socket, State::RESET),
        Ok(errno) | Err(Errno(errno)) => {
            // Readies the kernel's socket for another attempt, which it would once fail with ECONNABORTED (OBS.19).
            let _ = kernel::disconnect(&socket.descriptor);
            let code = WsaError::from_errno(Operation::Connect, Errno(errno));
            // The code stays for SO_ERROR (OBS.4), the flag for the except set (OBS.23).
            socket.error.store(code.code(), Ordering::Relaxed);
            end_attempt(socket, State::FAILED);
            return Progress::Failed(code);
        }
    }
    Progress::Connected
}

/// The attempt has led to a connection.
fn succeed(socket: &Reference, and: State) {
    let now = u64::try_from(time::monotonic().as_millis()).unwrap_or(u64::MAX);
    socket.connected_at.store(now.max(1), Ordering::Relaxed);
    socket.error.store(0, Ordering::Relaxed);
    end_attempt(socket, State::CONNECTED | and);
}

fn end_attempt(socket: &Reference, outcome: State) {
    let _ = socket
        .state
        .step(|state| Some(state - (State::CONNECTING | State::SETTLING) | outcome));
}
