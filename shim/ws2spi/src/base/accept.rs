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
use crate::sys::errno::{self, Errno};
use crate::sys::guard::UserPointer;
use crate::sys::socket::{self as kernel, Descriptor};
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
    let accepted = create::publish(vacancy, Arc::clone(&socket)).inspect_err(|_| {
        reactor::unwatch(&socket);
    })?;
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
    let callee = kernel::local_address(&candidate.connection.descriptor).map_err(failed)?;
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
pub(super) struct Candidate<'a> {
    listener: &'a Socket,
    pub(super) connection: Connection,
    /// It came out of the socket's own queue, where its place is kept for it.
    keeps_place: bool,
}

/// What the socket's own queue holds.
enum Own<'a> {
    First(Candidate<'a>),
    /// Nothing: the kernel's queue comes next, if it has one.
    Nothing,
    /// Nothing, and no connection can come.
    Shut,
}

impl<'a> Candidate<'a> {
    /// The first in line; waits for one if the listener blocks.
    fn next(listener: &'a Reference) -> Result<Self> {
        if !listener.state.has(State::NONBLOCKING) {
            return Self::await_next(listener);
        }
        match Self::at_once(listener, true) {
            Ok(candidate) => candidate.ok_or(WsaError::WSAEWOULDBLOCK),
            // Another thread has closed the handle.
            Err(WsaError::WSAEINVAL) if listener.is_closed() => Err(WsaError::WSAENOTSOCK),
            Err(error) => Err(error),
        }
    }

    /// The first in line, if there is one; never waits, as long as the listener's descriptor does not. `nonblocking`: the
    /// connection's descriptor is not to block.
    pub(super) fn at_once(listener: &'a Socket, nonblocking: bool) -> Result<Option<Self>> {
        let mut shut = 0;
        loop {
            match Self::from_own_queue(listener)? {
                Own::First(candidate) => return Ok(Some(candidate)),
                Own::Shut => return Ok(None),
                Own::Nothing => {}
            }
            match Self::from_kernel(listener, nonblocking) {
                Ok(candidate) => return Ok(Some(candidate)),
                Err(Errno(libc::EINTR)) => {}
                Err(Errno(libc::EAGAIN)) => return Ok(None),
                Err(errno) if was_shut(listener, errno, &mut shut) => {}
                Err(errno) if missed_descriptor_early(listener, errno) => return Ok(None),
                Err(errno) => return Err(failed(errno)),
            }
        }
    }

    /// The first in line, waiting for one.
    fn await_next(listener: &'a Reference) -> Result<Self> {
        let call = BlockingCall::start(listener);
        // Where the kernel must not block, one waits before asking it.
        let mut wait = blocking::waits_in_slices(listener);
        let mut shut = 0;
        loop {
            match Self::from_own_queue(listener)? {
                Own::First(candidate) => return Ok(candidate),
                Own::Shut => {
                    blocking::pause(listener, &call)?;
                    continue;
                }
                Own::Nothing => {}
            }
            if wait {
                blocking::wait_for(listener, &call, libc::POLLIN, None)?;
            }
            wait = false;
            let taken = Self::from_kernel(listener, false);
            call.check_open(listener)?;
            let errno = match taken {
                Ok(candidate) => return Ok(candidate),
                Err(errno) => errno,
            };
            call.check_not_cancelled()?;
            match errno {
                Errno(libc::EINTR) => {}
                Errno(libc::EAGAIN) => wait = true,
                errno if was_shut(listener, errno, &mut shut) => {}
                errno if missed_descriptor_early(listener, errno) => wait = true,
                errno => return Err(failed(errno)),
            }
        }
    }

    fn from_own_queue(listener: &'a Socket) -> Result<Own<'a>> {
        let Some(own) = listener.own_listener() else {
            return Ok(Own::Nothing);
        };
        Ok(match queue::take(own) {
            Some(connection) => Own::First(Self {
                listener,
                connection,
                keeps_place: true,
            }),
            None if queue::reopen_if_shut(listener, own)? => Own::Nothing,
            None => Own::Shut,
        })
    }

    /// One accept(2).
    fn from_kernel(listener: &'a Socket, nonblocking: bool) -> errno::Result<Self> {
        let (descriptor, peer) = kernel::accept(&listener.descriptor, nonblocking)?;
        Ok(Self {
            listener,
            connection: Connection { descriptor, peer },
            keeps_place: false,
        })
    }

    /// The connection's descriptor, which is to block or not.
    pub(super) fn into_descriptor(self, nonblocking: bool) -> Result<Descriptor> {
        if self.keeps_place {
            if let Some(own) = self.listener.own_listener() {
                queue::give_up_place(self.listener, own);
            }
            if nonblocking {
                kernel::set_nonblocking(&self.connection.descriptor, true).map_err(failed)?;
            }
        }
        Ok(self.connection.descriptor)
    }

    /// The connection as a socket, with its listener's properties (WSPAccept.6, OBS.36).
    fn into_socket(self) -> Result<Socket> {
        let listener = self.listener;
        let inherited = listener.state.get() & State::NONBLOCKING;
        let descriptor = self.into_descriptor(!inherited.is_empty())?;
        let socket = Socket::new(
            descriptor,
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
    pub(super) fn reject(self) {
        kernel::reset_on_close(&self.connection.descriptor);
        if let (true, Some(own)) = (self.keeps_place, self.listener.own_listener()) {
            queue::give_up_place(self.listener, own);
        }
    }

    /// Leaves the connection first in line (WSPAccept.4).
    pub(super) fn put_back(self) {
        let own = self.listener.listener.get_or_init(|| Box::new(Listener::new()));
        if own.is_ours() {
            queue::put_back(self.listener, own, self.connection, self.keeps_place);
        }
    }
}

/// Whether the door was shut between the look into the queue and the call. A socket that never listens again is not to
/// be asked for ever.
fn was_shut(listener: &Socket, errno: Errno, times: &mut u32) -> bool {
    *times += 1;
    errno == Errno(libc::EINVAL) && listener.own_listener().is_some() && *times <= PATIENCE
}

/// Linux misses a descriptor before it looks whether there is anything to accept (WSPAccept.9).
fn missed_descriptor_early(listener: &Socket, errno: Errno) -> bool {
    matches!(errno, Errno(libc::EMFILE | libc::ENFILE)) && events_now(&listener.descriptor, libc::POLLIN) == 0
}

fn failed(errno: Errno) -> WsaError {
    WsaError::from_errno(Operation::Accept, errno)
}
