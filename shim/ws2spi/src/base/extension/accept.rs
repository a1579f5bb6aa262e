//! AcceptEx.
//!
//! A request stands in the listening socket's line, takes the first connection that is there when its turn comes, and
//! puts it in the place of the accepting socket's descriptor. With room for data it then goes on in the line of that
//! socket, where it waits for the first bytes; the next request takes the next connection meanwhile.

use super::areas::Areas;
use super::{context, required};
use crate::abi::{SOCKET, WSAOVERLAPPED};
use crate::address::Address;
use crate::base::accept::Candidate;
use crate::base::enter;
use crate::base::listen::queue::{apply_blocking_mode, make_room_for_requests};
use crate::base::options;
use crate::error::{Operation, Result, WsaError};
use crate::object::request::{Attempt, Direction, Loan, Outcome, Work};
use crate::object::selection::Events;
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{self, cancel, reactor, selection};
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::sync::Arc;

/// AcceptEx.
pub(crate) fn accept(
    listening: SOCKET,
    accepting: SOCKET,
    areas: Areas,
    received: UserPointer<u32>,
    overlapped: UserPointer<WSAOVERLAPPED>,
) -> Result<()> {
    let listener = enter(listening)?;
    let accepting = enter(accepting)?;
    let overlapped_address = overlapped.address();
    let overlapped = required(overlapped)?;
    if !listener.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    if !listener.state.has(State::LISTENING) || !std::ptr::eq(listener.protocol, accepting.protocol) {
        return Err(WsaError::WSAEINVAL);
    }
    areas.check(listener.protocol.family)?;
    if let Some(received) = received.non_null() {
        received.read()?;
    }
    let work = Accept {
        claim: Claim::new(&accepting, &listener, overlapped_address)?,
        listener: listener.share(),
        areas,
        accepted: false,
    };
    keep_from_blocking(&listener);
    let started = overlapped::start(&listener, Direction::Receive, overlapped, work);
    make_room_for_requests(&listener, 0);
    // An accept, whether it succeeds or not (EV.6, EV.14).
    selection::enable(&listener, Events::ACCEPT);
    if accepting.is_closed() {
        // Whoever closed it may have come before the request could be found.
        cancel::recall(&accepting);
    }
    let outcome = started?;
    match received.non_null() {
        Some(received) => Ok(received.write(outcome.bytes)?),
        None => Ok(()),
    }
}

/// The engine never waits in the kernel, whatever the listener's mode.
fn keep_from_blocking(listener: &Reference) {
    if !listener
        .state
        .set(State::ACCEPTS_LATER)
        .contains(State::ACCEPTS_LATER)
    {
        apply_blocking_mode(listener);
    }
}

/// A socket that a request is to give a connection.
struct Claim(Arc<Socket>);

impl Claim {
    /// WSAEINVAL unless the socket is neither bound nor connected nor on the way there.
    fn new(accepting: &Reference, listener: &Reference, overlapped: usize) -> Result<Self> {
        const USED: State = State::BOUND
            .union(State::LISTENING)
            .union(State::CONNECTING)
            .union(State::CONNECTED)
            .union(State::ACCEPTING);
        accepting
            .state
            .step(|state| (!state.intersects(USED)).then_some(state | State::ACCEPTING))
            .map_err(|_| WsaError::WSAEINVAL)?;
        let loan = Loan {
            owner: Arc::downgrade(&listener.share()),
            overlapped,
        };
        *accepting.requests().lent_to.lock() = Some(loan);
        Ok(Self(accepting.share()))
    }

    /// The request is done with the socket, which is now `connected` or as before.
    fn release(&self, connected: State) {
        let loan = self.0.requests().lent_to.lock().take();
        drop(loan);
        let _ = self.0.state.step(|state| {
            state
                .contains(State::ACCEPTING)
                .then_some((state - State::ACCEPTING) | connected)
        });
    }

    /// Takes the connection back that the socket has been given.
    fn disconnect(&self) {
        if self.0.requests().receive.lock().is_closed() {
            return;
        }
        if context::renew(&self.0).is_err() {
            // It is of no more use, but its peer is told.
            let _ = kernel::shutdown(&self.0.descriptor, libc::SHUT_RDWR);
            self.release(State::BOUND | State::CONNECTED | State::RESET);
        }
    }
}

/// A request.
struct Accept {
    claim: Claim,
    listener: Arc<Socket>,
    areas: Areas,
    /// The connection is there, and its first data is waited for.
    accepted: bool,
}

impl Work for Accept {
    fn attempt(&mut self, _: &Socket) -> Attempt {
        if self.accepted {
            return self.receive();
        }
        match self.accept() {
            Ok(false) => Attempt::Later,
            Ok(true) if self.areas.data == 0 => self.ended(0),
            Ok(true) => {
                self.accepted = true;
                Attempt::GoesOn {
                    at: Arc::clone(&self.claim.0),
                    owner: Arc::clone(&self.listener),
                }
            }
            Err(error) => {
                self.claim.release(State::empty());
                Attempt::failed(error)
            }
        }
    }

    fn cancelled(&mut self, _: &Socket) -> u32 {
        if self.accepted {
            self.claim.disconnect();
        }
        self.claim.release(State::empty());
        0
    }
}

impl Drop for Accept {
    /// A request that could not even be started.
    fn drop(&mut self) {
        if self.claim.0.state.has(State::ACCEPTING) {
            self.claim.release(State::empty());
        }
    }
}

impl Accept {
    /// Gives the accepting socket the first connection, if there is one.
    fn accept(&self) -> Result<bool> {
        let socket = &self.claim.0;
        let nonblocking = socket.state.has(State::NONBLOCKING);
        let Some(candidate) = Candidate::at_once(&self.listener, nonblocking)? else {
            return Ok(false);
        };
        let local = kernel::local_address(&candidate.connection.descriptor).map_err(failed)?;
        let local = Address::from_kernel(&local).ok_or(WsaError::WSAECONNRESET)?;
        let remote = Address::from_kernel(&candidate.connection.peer).ok_or(WsaError::WSAECONNRESET)?;
        if let Err(error) = self.areas.write(&local, &remote) {
            candidate.put_back();
            return Err(error);
        }
        let descriptor = candidate.into_descriptor(nonblocking)?;
        make_room_for_requests(&self.listener, 1);
        if socket.state.has(State::TUNED) {
            options::carry_over(socket, &descriptor);
        }
        reactor::replace(socket, descriptor).inspect_err(|_| self.claim.disconnect())?;
        if socket.state.has(State::NONBLOCKING) != nonblocking {
            apply_blocking_mode(socket);
        }
        socket.note_connected();
        Ok(true)
    }

    /// Takes the first data, or the end of the stream.
    fn receive(&mut self) -> Attempt {
        let room = u32::try_from(self.areas.data).unwrap_or(u32::MAX);
        loop {
            let socket = &self.claim.0;
            match kernel::receive(&socket.descriptor, self.areas.buffer, room, libc::MSG_DONTWAIT) {
                // Also after less than there was room for: see StreamReceive.
                Ok(bytes) => return self.ended(bytes as u32),
                Err(Errno(libc::EINTR)) => {}
                Err(Errno(libc::EAGAIN)) => return Attempt::Later,
                Err(errno) => {
                    self.claim.disconnect();
                    self.claim.release(State::empty());
                    return Attempt::failed(WsaError::from_errno(Operation::Receive, errno));
                }
            }
        }
    }

    fn ended(&self, bytes: u32) -> Attempt {
        self.claim
            .release(State::BOUND | State::CONNECTED | State::NO_CONTEXT);
        Attempt::Done {
            outcome: Outcome::success(bytes, 0),
            drained: false,
        }
    }
}

fn failed(errno: Errno) -> WsaError {
    WsaError::from_errno(Operation::Accept, errno)
}
