//! WSPAccept.

use super::events::Inheritance;
use super::listen::queue;
use super::{blocking, create, enter};
use crate::abi::*;
use crate::address::Address;
use crate::error::{Operation, Result, WsaError};
use crate::object::listener::{Connection, Listener};
use crate::object::selection::Events;
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference, Vacancy};
use crate::object::thread::BlockingCall;
use crate::overlapped::{reactor, selection};
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use crate::sys::wait::events_now;
use crate::upcall::Condition;
use std::sync::Arc;

/// WSPAccept: the first pending connection as a socket of its own, if the condition function has nothing against it.
pub(crate) fn accept(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: UserPointer<i32>,
    condition: LPCONDITIONPROC,
    callback_data: DWORD_PTR,
) -> Result<SOCKET> {
    let listener = enter(handle)?;
    let outcome = accept_from(&listener, name, length, condition, callback_data);
    // Also one that has failed, unless the decision was put off (EV.6).
    if outcome != Err(WsaError::WSATRY_AGAIN) {
        selection::enable(&listener, Events::ACCEPT);
    }
    outcome
}

fn accept_from(
    listener: &Reference,
    name: UserPointer<SOCKADDR>,
    length: UserPointer<i32>,
    condition: LPCONDITIONPROC,
    callback_data: DWORD_PTR,
) -> Result<SOCKET> {
    if !listener.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    if !listener.state.has(State::LISTENING) {
        return Err(WsaError::WSAEINVAL);
    }
    let peer = PeerName::new(listener, name, length)?;
    let condition = Condition::new(condition, callback_data)?;
    let vacancy = table::reserve();
    let candidate = Candidate::next(listener)?;
    match decide(&candidate, vacancy, peer, condition) {
        Ok(vacancy) => {
            let socket = Arc::new(candidate.into_socket()?);
            publish(listener, vacancy, socket)
        }
        Err(WsaError::WSAECONNREFUSED) => {
            candidate.reject();
            Err(WsaError::WSAECONNREFUSED)
        }
        Err(error) => {
            candidate.put_back();
            Err(error)
        }
    }
}

/// Gives the connection a handle, and what it has of its listener's network events.
fn publish(listener: &Socket, vacancy: Vacancy, socket: Arc<Socket>) -> Result<SOCKET> {
    let events = Inheritance::of(listener, &socket)?;
    let accepted =
        create::publish(vacancy, Arc::clone(&socket)).inspect_err(|_| reactor::unwatch(&socket))?;
    if let Some(events) = events {
        events.take_up(&socket, accepted);
    }
    Ok(accepted)
}

/// Whether the candidate becomes a socket: WSAECONNREFUSED turns it away, every other error leaves it first in line.
fn decide(
    candidate: &Candidate<'_>,
    vacancy: Result<Vacancy>,
    peer: PeerName,
    condition: Option<Condition>,
) -> Result<Vacancy> {
    // Only now that a connection is there (WSPAccept.9).
    let vacancy = vacancy?;
    let caller = Address::from_kernel(&candidate.connection.peer).ok_or(WsaError::WSAECONNRESET)?;
    // The address is given whatever the condition function will say (WSPAccept.11).
    peer.write(&caller)?;
    let Some(condition) = condition else {
        return Ok(vacancy);
    };
    let callee = kernel::local_address(&candidate.connection.descriptor)
        .map_err(|errno| WsaError::from_errno(Operation::Accept, errno))?;
    let callee = Address::from_kernel(&callee).ok_or(WsaError::WSAECONNRESET)?;
    match condition.ask(&caller, &callee)? {
        CF_ACCEPT => Ok(vacancy),
        CF_REJECT => Err(WsaError::WSAECONNREFUSED),
        CF_DEFER => Err(WsaError::WSATRY_AGAIN),
        _ => Err(WsaError::WSAEINVAL),
    }
}

/// Where the caller wants the peer's address, if anywhere.
struct PeerName(Option<(UserPointer<SOCKADDR>, UserPointer<i32>)>);

impl PeerName {
    /// Judges the room before a connection is taken for it (WSPAccept.10).
    fn new(listener: &Socket, name: UserPointer<SOCKADDR>, length: UserPointer<i32>) -> Result<Self> {
        let (Some(name), Some(length)) = (name.non_null(), length.non_null()) else {
            return Ok(Self(None));
        };
        let needed = Address::any(listener.protocol.family).with_bytes(<[u8]>::len);
        match usize::try_from(length.read()?) {
            Ok(room) if room >= needed => Ok(Self(Some((name, length)))),
            _ => Err(WsaError::WSAEFAULT),
        }
    }

    fn write(&self, peer: &Address) -> Result<()> {
        self.0.map_or(Ok(()), |(name, length)| peer.write(name, length))
    }
}

/// How often a queue may be found shut before its socket is taken for one that does not listen.
const PATIENCE: u32 = 1000;

/// A connection taken from the line, not yet decided about.
struct Candidate<'a> {
    listener: &'a Reference,
    connection: Connection,
    /// It came out of the socket's own queue, where its place is kept for it.
    keeps_place: bool,
}

impl<'a> Candidate<'a> {
    /// The first in line; waits for one if the listener blocks.
    fn next(listener: &'a Reference) -> Result<Self> {
        let blocking = !listener.state.has(State::NONBLOCKING);
        let call = blocking.then(|| BlockingCall::start(listener));
        // Where the kernel must not block, one waits before asking it.
        let mut wait = blocking && blocking::waits_in_slices(listener);
        let mut shut = 0;
        loop {
            if let Some(own) = listener.own_listener() {
                if let Some(connection) = queue::take(own) {
                    return Ok(Self {
                        listener,
                        connection,
                        keeps_place: true,
                    });
                }
                if !queue::reopen_if_shut(listener, own)? {
                    let call = call.as_ref().ok_or(WsaError::WSAEWOULDBLOCK)?;
                    blocking::pause(listener, call)?;
                    continue;
                }
            }
            if let (true, Some(call)) = (wait, &call) {
                blocking::wait_for(listener, call, libc::POLLIN, None)?;
            }
            wait = false;
            let errno = match kernel::accept(&listener.descriptor, !blocking) {
                Ok((descriptor, peer)) => {
                    let connection = Connection { descriptor, peer };
                    call.as_ref().map_or(Ok(()), |call| call.check_open(listener))?;
                    return Ok(Self {
                        listener,
                        connection,
                        keeps_place: false,
                    });
                }
                Err(errno) => errno.0,
            };
            if let Some(call) = &call {
                call.check_open(listener)?;
                call.check_not_cancelled()?;
            }
            match errno {
                libc::EINTR => {}
                // Another thread has closed the handle; who blocks was told above.
                libc::EINVAL if listener.is_closed() => return Err(WsaError::WSAENOTSOCK),
                // The door was shut between the look into the queue and the call. A socket that never listens again
                // is not to be asked for ever.
                libc::EINVAL if listener.own_listener().is_some() && shut < PATIENCE => shut += 1,
                libc::EAGAIN if blocking => wait = true,
                // Linux misses a descriptor before it looks whether there is anything to accept (WSPAccept.9).
                libc::EMFILE | libc::ENFILE if !is_connection_waiting(listener) => {
                    if !blocking {
                        return Err(WsaError::WSAEWOULDBLOCK);
                    }
                    wait = true;
                }
                errno => return Err(WsaError::from_errno(Operation::Accept, Errno(errno))),
            }
        }
    }

    /// The connection as a socket, with its listener's properties (WSPAccept.6, OBS.36).
    fn into_socket(self) -> Result<Socket> {
        let (listener, connection) = (self.listener, self.connection);
        if self.keeps_place {
            if let Some(own) = listener.own_listener() {
                queue::give_up_place(listener, own);
            }
            if listener.state.has(State::NONBLOCKING) {
                kernel::set_nonblocking(&connection.descriptor, true)
                    .map_err(|errno| WsaError::from_errno(Operation::Accept, errno))?;
            }
        }
        let inherited = listener.state.get() & State::NONBLOCKING;
        let socket = Socket::new(
            connection.descriptor,
            listener.protocol,
            listener.protocol_number,
            listener.creation_flags,
            inherited | State::BOUND | State::CONNECTED,
            listener.options.inherited(),
        );
        socket.note_connected();
        // The kernel hands on the options of a TCP listener, but not of an AF_UNIX one.
        if listener.protocol.family == AF_UNIX {
            socket.options.apply_timeouts(&socket.descriptor);
        }
        Ok(socket)
    }

    /// Turns the connection away.
    fn reject(self) {
        kernel::reset_on_close(&self.connection.descriptor);
        if let (true, Some(own)) = (self.keeps_place, self.listener.own_listener()) {
            queue::give_up_place(self.listener, own);
        }
    }

    /// Leaves the connection first in line (WSPAccept.4).
    fn put_back(self) {
        let own = self.listener.listener.get_or_init(|| Box::new(Listener::new()));
        if own.is_ours() {
            queue::put_back(self.listener, own, self.connection, self.keeps_place);
        }
    }
}

/// Whether a connection is queued in the kernel.
fn is_connection_waiting(listener: &Reference) -> bool {
    events_now(&listener.descriptor, libc::POLLIN) != 0
}
