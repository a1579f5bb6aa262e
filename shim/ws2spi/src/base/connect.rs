//! WSPConnect.

use super::{bind, blocking, enter, events, qos};
use crate::abi::*;
use crate::address::{Address, Unread};
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::object::thread::BlockingCall;
use crate::overlapped::selection;
use crate::sys::errno::{self, Errno};
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use crate::sys::wait::events_now;
use socket2::SockAddr;
use std::sync::atomic::Ordering;

/// WSPConnect: connects a stream socket, or sets the peer of a datagram socket.
pub(crate) fn connect(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: i32,
    caller_data: UserPointer<WSABUF>,
    callee_data: UserPointer<WSABUF>,
    quality: UserPointer<QOS>,
) -> Result<()> {
    let socket = enter(handle)?;
    let name = || {
        let name = Unread::new(name, length)?;
        qos::check_demand(quality)?;
        Ok(name)
    };
    if !socket.protocol.is_stream() {
        let outcome = name().and_then(|name| set_peer(&socket, name));
        events::connect_ended(&socket, outcome);
        return outcome;
    }
    let begun = name().and_then(|name| {
        check_may_connect(&socket)?;
        let target = target(&socket, name)?;
        exchange_no_data(caller_data, callee_data)?;
        claim(&socket)?;
        Ok(target)
    });
    let target = begun.inspect_err(|&code| events::connect_refused(&socket, code))?;
    let outcome = attempt(&socket, &target);
    // Also when it goes on: it may have ended while nobody else could look (EV.15).
    selection::look(&socket);
    outcome
}

/// The state that forbids connecting, if there is one (WSPConnect.2, WSPConnect.5).
pub(super) fn check_may_connect(socket: &Reference) -> Result<()> {
    if socket.state.has(State::CONNECTING) {
        settle(socket);
    }
    refusal(socket.state.get()).map_or(Ok(()), Err)
}

fn refusal(state: State) -> Option<WsaError> {
    if state.intersects(State::LISTENING | State::ACCEPTING) {
        Some(WsaError::WSAEINVAL)
    } else if state.contains(State::CONNECTED) {
        Some(WsaError::WSAEISCONN)
    } else if state.contains(State::CONNECTING) {
        Some(WsaError::WSAEALREADY)
    } else {
        None
    }
}

/// Where to connect to; only addresses of the socket's family that somebody can have (OBS.20).
pub(super) fn target(socket: &Socket, name: Unread) -> Result<SockAddr> {
    if name.family != socket.protocol.family {
        return Err(WsaError::WSAEAFNOSUPPORT);
    }
    let address = name.read()?;
    let nobody = match &address {
        Address::Unix(path) => path.is_empty(),
        // A raw socket's addresses have no port.
        Address::Internet(_) => {
            address.is_wildcard() || address.port() == 0 && socket.protocol.kind != SOCK_RAW
        }
    };
    if nobody {
        return Err(WsaError::WSAEADDRNOTAVAIL);
    }
    address.to_kernel()
}

/// TCP carries no data with a connection request (WSPConnect.10), and none comes back (WSPConnect.11).
fn exchange_no_data(caller_data: UserPointer<WSABUF>, callee_data: UserPointer<WSABUF>) -> Result<()> {
    if let Some(data) = caller_data.non_null()
        && data.read()?.len != 0
    {
        return Err(WsaError::WSAEPROTONOSUPPORT);
    }
    if let Some(data) = callee_data.non_null() {
        data.write(WSABUF {
            len: 0,
            ..data.read()?
        })?;
    }
    Ok(())
}

/// Makes the attempt this thread's: of two that connect one socket at once, one is told what the other does.
pub(super) fn claim(socket: &Reference) -> Result<()> {
    let attempt = State::CONNECTING | State::SETTLING | State::BOUND;
    socket
        .state
        .step(|state| {
            refusal(state)
                .is_none()
                .then_some((state - State::FAILED) | attempt)
        })
        .map_err(|state| refusal(state).unwrap_or(WsaError::WSAEALREADY))?;
    events::connect_begins(socket);
    Ok(())
}

/// One connect(2), and if it goes on afterwards and the socket blocks, the wait for its end.
fn attempt(socket: &Reference, target: &SockAddr) -> Result<()> {
    let nonblocking = socket.state.has(State::NONBLOCKING);
    let call = (!nonblocking).then(|| BlockingCall::start(socket));
    // A full AF_UNIX queue is to refuse, not to hang (WSPListen.5); and the kernel must not wait where we are to look
    // around meanwhile.
    let without_waiting = !nonblocking && (target.is_unix() || blocking::waits_in_slices(socket));
    let outcome = if without_waiting {
        connect_without_waiting(socket, target)
    } else {
        kernel::connect(&socket.descriptor, target)
    };
    match (outcome, call) {
        (Ok(()), _) => {
            succeed(socket, State::empty());
            Ok(())
        }
        // The attempt goes on after a signal, and after SO_SNDTIMEO, which for Windows is not about connecting.
        (Err(Errno(libc::EINPROGRESS | libc::EALREADY | libc::EINTR)), Some(call)) => finish(socket, &call),
        (Err(Errno(libc::EINPROGRESS | libc::EALREADY | libc::EINTR)), None) => {
            socket.state.clear(State::SETTLING);
            Err(WsaError::WSAEWOULDBLOCK)
        }
        (Err(errno), Some(call)) => {
            fail_blocking(socket);
            call.check_open(socket)?;
            Err(code(errno))
        }
        (Err(errno), None) => {
            let code = code(errno);
            fail(socket, code);
            Err(code)
        }
    }
}

/// One connect(2) that does not wait, whatever the socket's mode.
pub(super) fn connect_without_waiting(socket: &Socket, target: &SockAddr) -> errno::Result<()> {
    if socket.state.has(State::NONBLOCKING) {
        return kernel::connect(&socket.descriptor, target);
    }
    kernel::set_nonblocking(&socket.descriptor, true)?;
    let outcome = kernel::connect(&socket.descriptor, target);
    let nonblocking = socket.state.has(State::NONBLOCKING | State::POLLED);
    kernel::set_nonblocking(&socket.descriptor, nonblocking).and(outcome)
}

/// Waits for the end of an attempt. When the wait is cancelled the attempt goes on (WSPCancelBlockingCall.4).
fn finish(socket: &Reference, call: &BlockingCall) -> Result<()> {
    loop {
        if let Err(code) = call
            .check_not_cancelled()
            .and_then(|()| blocking::wait_for(socket, call, libc::POLLOUT, None))
        {
            socket.state.clear(State::SETTLING);
            return Err(code);
        }
        match outcome(socket) {
            Some(Ok(and)) => {
                succeed(socket, and);
                return Ok(());
            }
            Some(Err(code)) => {
                fail_blocking(socket);
                return Err(code);
            }
            None => {}
        }
    }
}

/// The code for a failed connect(2). The target is one that somebody can have, so when an address is not to be had, or
/// gone, it is the local one (WSPConnect.13).
pub(super) fn code(errno: Errno) -> WsaError {
    match errno {
        Errno(libc::EADDRNOTAVAIL) => WsaError::WSAEADDRINUSE,
        errno => WsaError::from_errno(Operation::Connect, errno),
    }
}

/// Sets, changes or dissolves the association of a datagram socket. Data to go with it is ignored (WSPConnect.10).
fn set_peer(socket: &Reference, name: Unread) -> Result<()> {
    if name.family == AF_UNSPEC {
        return dissolve(socket);
    }
    if name.family == socket.protocol.family && name.read()?.is_wildcard() {
        return dissolve(socket);
    }
    let target = target(socket, name)?;
    bind::bind_implicitly(socket)?;
    let before = kernel::peer_address(&socket.descriptor).ok();
    kernel::connect(&socket.descriptor, &target)
        .map_err(|errno| WsaError::from_errno(Operation::Connect, errno))?;
    socket.state.set(State::CONNECTED);
    socket.state.clear(State::DISSOLVED);
    if before.is_some_and(|before| before != target) {
        discard_queued(socket);
    }
    Ok(())
}

/// Ends the association (WSPConnect.7); the local port stays.
fn dissolve(socket: &Reference) -> Result<()> {
    let failed = |errno| WsaError::from_errno(Operation::Connect, errno);
    if !socket.state.has(State::CONNECTED) {
        return Ok(());
    }
    let before = kernel::local_address(&socket.descriptor).map_err(failed)?;
    kernel::disconnect(&socket.descriptor).map_err(failed)?;
    socket.state.set(State::DISSOLVED);
    socket.state.clear(State::CONNECTED);
    bind::keep_port(socket, &before)
}

/// More datagrams never wait. Without an end, an error that stays would be met for ever.
const MOST_QUEUED: u32 = 1 << 16;

/// Datagrams of the former peer are not the new one's (WSPConnect.8).
fn discard_queued(socket: &Reference) {
    let nowhere = UserPointer::from_address(0);
    for _ in 0..MOST_QUEUED {
        // An error in between is one of the former peer's, too.
        if kernel::receive(&socket.descriptor, nowhere, 0, libc::MSG_DONTWAIT) == Err(Errno(libc::EAGAIN)) {
            return;
        }
    }
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
pub(crate) fn settle(socket: &Socket) -> Progress {
    loop {
        let claimed = socket.state.step(|state| {
            (state & (State::CONNECTING | State::SETTLING) == State::CONNECTING)
                .then_some(state | State::SETTLING)
        });
        let progress = match claimed {
            Ok(_) => match outcome(socket) {
                None => {
                    socket.state.clear(State::SETTLING);
                    // Who came meanwhile to tell of the outcome has found the attempt in other hands.
                    if socket.state.has(State::SELECTED) && is_decided(socket) {
                        continue;
                    }
                    return Progress::Pending;
                }
                Some(Ok(and)) => {
                    succeed(socket, and);
                    Progress::Connected
                }
                Some(Err(code)) => {
                    fail(socket, code);
                    Progress::Failed(code)
                }
            },
            Err(state) if state.contains(State::CONNECTING) => return Progress::Pending,
            Err(state) if state.contains(State::CONNECTED) => return Progress::Connected,
            Err(_) => {
                return Progress::Failed(WsaError::from_code(socket.error.load(Ordering::Relaxed)));
            }
        };
        selection::look(socket);
        return progress;
    }
}

/// Whether the attempt has ended.
fn is_decided(socket: &Socket) -> bool {
    events_now(&socket.descriptor, libc::POLLOUT) != 0
}

/// How the attempt has ended, if it has: with what else is to be known of the connection, or the code.
pub(super) fn outcome(socket: &Socket) -> Option<Result<State>> {
    if !is_decided(socket) {
        return None;
    }
    Some(
        match kernel::option(&socket.descriptor, libc::SOL_SOCKET, libc::SO_ERROR) {
            Ok(0) => Ok(State::empty()),
            // Not the attempt has failed but the connection, before anybody looked: a refusal is never a reset.
            Ok(libc::ECONNRESET | libc::EPIPE) => Ok(State::RESET),
            Ok(errno) | Err(Errno(errno)) => {
                // Readies the kernel's socket for another attempt, which it would once fail with ECONNABORTED (OBS.19).
                let _ = kernel::disconnect(&socket.descriptor);
                Err(code(Errno(errno)))
            }
        },
    )
}

/// The attempt has led to a connection.
pub(super) fn succeed(socket: &Socket, and: State) {
    socket.note_connected();
    socket.error.store(0, Ordering::Relaxed);
    end_attempt(socket, State::CONNECTED | and);
}

/// The attempt has failed: the code stays for SO_ERROR (OBS.4), the flag for the except set (OBS.23).
pub(super) fn fail(socket: &Socket, code: WsaError) {
    socket.error.store(code.code(), Ordering::Relaxed);
    end_attempt(socket, State::FAILED);
}

/// A blocking attempt has failed, and its call says so: there is nothing left to tell (OBS.4).
fn fail_blocking(socket: &Socket) {
    socket.error.store(0, Ordering::Relaxed);
    end_attempt(socket, State::empty());
}

/// The attempt has ended like that.
pub(super) fn end_attempt(socket: &Socket, outcome: State) {
    let _ = socket
        .state
        .step(|state| Some((state - (State::CONNECTING | State::SETTLING)) | outcome));
}
