//! DisconnectEx.
//!
//! A request stands in the line of sends, behind which it ends sending. To have the socket ready for another connection
//! it goes on in the line of receives: there it waits until the peer has ended too, and gives the socket a fresh
//! descriptor.

use super::context;
use crate::abi::{SOCKET, TF_REUSE_SOCKET, WSAOVERLAPPED};
use crate::base::connect::{self, Progress};
use crate::base::{enter, sharing};
use crate::error::{Result, WsaError};
use crate::object::request::{Attempt, Direction, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{self, Overlapped};
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::sync::Arc;

/// DisconnectEx.
pub(crate) fn disconnect(
    handle: SOCKET,
    overlapped: UserPointer<WSAOVERLAPPED>,
    flags: u32,
    reserved: u32,
) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    if socket.state.has(State::CONNECTING) && !matches!(connect::settle(&socket), Progress::Connected)
        || !socket.state.has(State::CONNECTED)
    {
        return Err(WsaError::WSAENOTCONN);
    }
    if flags & !TF_REUSE_SOCKET != 0 || reserved != 0 {
        return Err(WsaError::WSAEINVAL);
    }
    let work = Disconnect::new(&socket, flags & TF_REUSE_SOCKET != 0)?;
    sharing::allow_rebinding(&socket);
    let overlapped = Overlapped::new(overlapped, None, UserPointer::from_address(0));
    if overlapped.is_asked_on(&socket) {
        return overlapped::start(&socket, Direction::Send, overlapped, work).map(drop);
    }
    let outcome = overlapped::to_its_end(&socket, Direction::Send, None, work)?;
    outcome.error.map_or(Ok(()), Err)
}

/// A request.
pub(super) struct Disconnect {
    socket: Arc<Socket>,
    /// The socket is to be used again.
    reuse: bool,
    stage: Stage,
    /// What the request has changed in the socket's state.
    claimed: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begins,
    /// Sending was ended, and the peer's end is waited for.
    Ended,
    Over,
}

impl Disconnect {
    /// WSAENOTCONN unless there is a connection to end. One that has ended may yet be followed by another.
    pub(super) fn new(socket: &Reference, reuse: bool) -> Result<Self> {
        let over = if reuse {
            State::RECYCLING
        } else {
            State::DISCONNECTED | State::RESET
        };
        let mut claim = State::DISCONNECTED | State::SHUT_SEND;
        claim.set(State::RECYCLING, reuse);
        let before = socket
            .state
            .step(|state| {
                (state.contains(State::CONNECTED) && !state.intersects(over)).then_some(state | claim)
            })
            .map_err(|_| WsaError::WSAENOTCONN)?;
        Ok(Self {
            socket: socket.share(),
            reuse,
            stage: Stage::Begins,
            claimed: claim - before,
        })
    }

    fn end_sending(&mut self) -> Attempt {
        // A connection that has broken meanwhile needs no end, nor does one whose sending was shut before.
        let _ = kernel::shutdown(&self.socket.descriptor, libc::SHUT_WR);
        if !self.reuse {
            return self.ended(Outcome::success(0, 0));
        }
        self.stage = Stage::Ended;
        Attempt::GoesOn {
            at: Arc::clone(&self.socket),
            owner: Arc::clone(&self.socket),
        }
    }

    /// Passes over what still comes: nobody will receive it.
    fn await_peer(&mut self) -> Attempt {
        let mut bytes = [0; 4096];
        let room = bytes.len() as u32;
        loop {
            let into = UserPointer::to_own(&mut bytes);
            match kernel::receive(&self.socket.descriptor, into, room, libc::MSG_DONTWAIT) {
                Ok(1..) | Err(Errno(libc::EINTR)) => {}
                Err(Errno(libc::EAGAIN)) => return Attempt::Later,
                // However it has ended.
                Ok(0) | Err(_) => break,
            }
        }
        match context::recycle(&self.socket) {
            Ok(()) => self.ended(Outcome::success(0, 0)),
            Err(error) => {
                self.give_up();
                Attempt::failed(error)
            }
        }
    }

    fn ended(&mut self, outcome: Outcome) -> Attempt {
        self.stage = Stage::Over;
        Attempt::Done {
            outcome,
            drained: false,
        }
    }

    fn give_up(&mut self) {
        let claimed = match self.stage {
            Stage::Begins => self.claimed,
            Stage::Ended => self.claimed & State::RECYCLING,
            Stage::Over => State::empty(),
        };
        self.stage = Stage::Over;
        self.socket.state.clear(claimed);
    }
}

impl Work for Disconnect {
    fn attempt(&mut self, _: &Socket) -> Attempt {
        match self.stage {
            Stage::Begins => self.end_sending(),
            Stage::Ended | Stage::Over => self.await_peer(),
        }
    }

    fn cancelled(&mut self, _: &Socket) -> u32 {
        self.give_up();
        0
    }
}

impl Drop for Disconnect {
    /// A request that could not even be started.
    fn drop(&mut self) {
        self.give_up();
    }
}
