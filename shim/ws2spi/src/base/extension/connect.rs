//! ConnectEx: a connection, and the first data on it, as one request.

use super::required;
use crate::abi::{SOCKADDR, SOCKET, WSAOVERLAPPED};
use crate::address::{Address, Unread};
use crate::base::{connect, enter};
use crate::error::{Operation, Result, WsaError};
use crate::object::request::{Attempt, Direction, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{self, reactor, selection};
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use socket2::SockAddr;
use std::sync::Arc;

/// What is sent when the connection stands: `length` bytes, none if `buffer` is NULL.
#[derive(Clone, Copy)]
pub(crate) struct FirstData {
    pub(crate) buffer: UserPointer<u8>,
    pub(crate) length: u32,
    /// Where the count goes when the call itself sends them.
    pub(crate) sent: UserPointer<u32>,
}

/// ConnectEx.
pub(crate) fn connect(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: i32,
    data: FirstData,
    overlapped: UserPointer<WSAOVERLAPPED>,
) -> Result<()> {
    let socket = enter(handle)?;
    let overlapped = required(overlapped)?;
    if !socket.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    let name = Unread::new(name, length)?;
    connect::check_may_connect(&socket)?;
    if !socket.state.has(State::BOUND) {
        return Err(WsaError::WSAEINVAL);
    }
    let target = connect::target(&socket, name)?;
    let sent = data.check()?;
    let outcome = overlapped::start(
        &socket,
        Direction::Send,
        overlapped,
        Connect::new(&socket, target, data)?,
    );
    // Also when it goes on: it may have ended while nobody else could look (EV.15).
    selection::look(&socket);
    let outcome = outcome?;
    match sent {
        Some(sent) => Ok(sent.write(outcome.bytes)?),
        None => Ok(()),
    }
}

impl FirstData {
    /// Where the count goes. A bad pointer is found before anything is done.
    fn check(self) -> Result<Option<UserPointer<u32>>> {
        if self.length() == 0 {
            return Ok(None);
        }
        self.buffer.read()?;
        self.buffer.add(self.length() - 1).read()?;
        let sent = self.sent.non_null();
        if let Some(sent) = sent {
            sent.read()?;
        }
        Ok(sent)
    }

    const fn length(self) -> usize {
        if self.buffer.is_null() {
            0
        } else {
            self.length as usize
        }
    }
}

/// A request. It has the attempt for itself: the others leave it alone until the request has ended (SETTLING).
struct Connect {
    socket: Arc<Socket>,
    stage: Stage,
    data: FirstData,
    sent: usize,
}

enum Stage {
    /// Nothing was asked of the kernel yet.
    Begins(SockAddr),
    Connects,
    Sends,
    Over,
}

impl Connect {
    /// Claims the socket.
    fn new(socket: &Reference, target: SockAddr, data: FirstData) -> Result<Self> {
        connect::claim(socket)?;
        socket.state.set(State::NO_CONTEXT);
        let bound = kernel::local_address(&socket.descriptor).ok();
        let bound = bound.and_then(|address| Address::from_kernel(&address));
        let wildcard = bound.is_some_and(|address| address.is_wildcard());
        socket.state.assign(State::FROM_WILDCARD, wildcard);
        socket.forget_connection();
        // What was found of an earlier attempt says nothing of this one.
        reactor::hurry(socket, Direction::Send);
        Ok(Self {
            socket: socket.share(),
            stage: Stage::Begins(target),
            data,
            sent: 0,
        })
    }

    fn begin(&mut self, target: &SockAddr) -> Attempt {
        self.stage = Stage::Connects;
        match connect::connect_without_waiting(&self.socket, target) {
            Ok(()) => self.connected(),
            Err(Errno(libc::EINPROGRESS | libc::EALREADY | libc::EINTR)) => Attempt::Later,
            Err(errno) => self.failed(connect::code(errno)),
        }
    }

    fn look(&mut self) -> Attempt {
        match connect::outcome(&self.socket) {
            None => Attempt::Later,
            // It was reset again since.
            Some(Ok(state)) if state.contains(State::RESET) => self.broken(WsaError::WSAECONNRESET),
            Some(Ok(_)) => self.connected(),
            Some(Err(code)) => self.failed(code),
        }
    }

    fn connected(&mut self) -> Attempt {
        self.stage = Stage::Sends;
        self.socket.note_connected();
        self.send()
    }

    fn send(&mut self) -> Attempt {
        let length = self.data.length();
        while self.sent < length {
            let rest = self.data.buffer.add(self.sent);
            let count = (length - self.sent) as u32;
            match kernel::send(&self.socket.descriptor, rest, count, libc::MSG_DONTWAIT, &[]) {
                Ok(bytes) => self.sent += bytes,
                Err(Errno(libc::EINTR)) => {}
                Err(Errno(libc::EAGAIN)) => return Attempt::Later,
                Err(errno) => return self.broken(WsaError::from_errno(Operation::Send, errno)),
            }
        }
        self.stage = Stage::Over;
        connect::end_attempt(&self.socket, State::CONNECTED);
        Attempt::Done {
            outcome: Outcome::success(self.sent as u32, 0),
            drained: false,
        }
    }

    /// There is no connection; another may be tried.
    fn failed(&mut self, code: WsaError) -> Attempt {
        self.stage = Stage::Over;
        self.socket.state.clear(State::NO_CONTEXT);
        connect::fail(&self.socket, code);
        Attempt::failed(code)
    }

    /// There was a connection, and now there is none.
    fn broken(&mut self, code: WsaError) -> Attempt {
        self.stage = Stage::Over;
        self.socket.break_off(code);
        connect::end_attempt(&self.socket, State::CONNECTED);
        Attempt::failed(code)
    }

    /// Leaves the socket bound and without a connection, as it was.
    fn give_up(&mut self) {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => return,
            Stage::Begins(_) => {}
            Stage::Connects | Stage::Sends => {
                if kernel::disconnect(&self.socket.descriptor).is_err() {
                    // Another family cannot; but the peer is told.
                    let _ = kernel::shutdown(&self.socket.descriptor, libc::SHUT_RDWR);
                    self.broken(WsaError::WSAECONNABORTED);
                    return;
                }
            }
        }
        self.socket.forget_connection();
        self.socket.state.clear(State::NO_CONTEXT);
        connect::end_attempt(&self.socket, State::empty());
    }
}

impl Work for Connect {
    fn attempt(&mut self, _: &Socket) -> Attempt {
        match std::mem::replace(&mut self.stage, Stage::Connects) {
            Stage::Begins(target) => self.begin(&target),
            Stage::Connects => self.look(),
            Stage::Sends | Stage::Over => {
                self.stage = Stage::Sends;
                self.send()
            }
        }
    }

    fn cancelled(&mut self, _: &Socket) -> u32 {
        self.give_up();
        0
    }
}

impl Drop for Connect {
    /// A request that could not even be started.
    fn drop(&mut self) {
        self.give_up();
    }
}
