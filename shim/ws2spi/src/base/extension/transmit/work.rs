//! The transmission itself.

use super::super::Disconnect;
use super::part::Part;
use crate::base::blocking;
use crate::base::transfer::{attempt, datagram_failure, stream_failure, without_waiting};
use crate::error::{Operation, Result, WsaError};
use crate::object::request::{Attempt, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::object::thread::{self, BlockingCall};
use crate::sys::errno::{self, Errno};
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::collections::VecDeque;

/// What is still to be sent.
pub(super) enum Rest {
    Stream(VecDeque<Part>),
    Datagrams {
        packets: VecDeque<Vec<Part>>,
        /// Empty for the peer.
        to: Vec<u8>,
    },
}

impl Rest {
    fn is_empty(&self) -> bool {
        match self {
            Self::Stream(parts) => parts.is_empty(),
            Self::Datagrams { packets, .. } => packets.is_empty(),
        }
    }
}

pub(super) struct Transmit {
    rest: Rest,
    pub(super) sent: u32,
    /// sendfile does not take the files.
    copies: bool,
    /// What happens to the connection then, if anything.
    disconnect: Option<Disconnect>,
    /// How often the call for one datagram was made again.
    attempts: u32,
}

impl Transmit {
    pub(super) fn new(rest: Rest, disconnect: Option<Disconnect>) -> Self {
        Self {
            rest,
            sent: 0,
            copies: false,
            disconnect,
            attempts: 0,
        }
    }

    /// One system call; `wait` is MSG_DONTWAIT if it is not to wait.
    fn step(&mut self, socket: &Socket, wait: i32) -> errno::Result<()> {
        let sent = match &mut self.rest {
            Rest::Stream(parts) => {
                let more = if parts.len() > 1 { libc::MSG_MORE } else { 0 };
                let Some(part) = parts.front_mut() else {
                    return Ok(());
                };
                let mut sent = 0;
                if part.length() > 0 {
                    // Of a descriptor that blocks sendfile would wait.
                    let waits = wait != 0 && !socket.state.has(State::POLLED | State::NONBLOCKING);
                    let (bytes, by_kernel) = part.send(socket, wait | more, self.copies || waits)?;
                    self.copies |= !by_kernel && !waits;
                    sent = bytes as u64;
                    part.advance(sent);
                }
                // None were sent of a file that has become shorter.
                if sent == 0 || part.length() == 0 {
                    parts.pop_front();
                }
                sent
            }
            Rest::Datagrams { packets, to } => {
                let Some(packet) = packets.front() else {
                    return Ok(());
                };
                let mut bytes = Vec::new();
                for part in packet {
                    part.copy_to(&mut bytes)?;
                }
                let from = UserPointer::to_own(&mut bytes);
                let sent = kernel::send(&socket.descriptor, from, bytes.len() as u32, wait, to)?;
                packets.pop_front();
                self.attempts = 0;
                sent as u64
            }
        };
        self.sent += sent as u32;
        Ok(())
    }

    /// Judges what ended a step; `Ok` when it is to be made again.
    fn judge(&mut self, socket: &Socket, errno: Errno) -> Result<()> {
        if socket.protocol.is_stream() {
            Err(stream_failure(socket, Operation::Send, errno))
        } else {
            datagram_failure(socket, Operation::Send, errno, &mut self.attempts)
        }
    }

    /// Sends everything, waiting as long as that takes. It goes no further: the connection is left as it is.
    pub(super) fn wait_for_all(&mut self, socket: &Reference) -> Result<()> {
        let waits = !socket.state.has(State::NONBLOCKING);
        while !self.rest.is_empty() {
            match attempt(socket, Operation::Send, |wait| self.step(socket, wait)) {
                Ok(Ok(())) => {}
                Ok(Err(errno)) => self.judge(socket, errno)?,
                // Whether the socket blocks is of no account here.
                Err(WsaError::WSAEWOULDBLOCK) => {
                    let waiting = BlockingCall::start(socket);
                    blocking::wait_for(socket, &waiting, libc::POLLOUT, None)?;
                }
                Err(error) => return Err(error),
            }
            if waits && thread::was_cancelled() && !self.rest.is_empty() {
                return Err(WsaError::WSAEINTR);
            }
        }
        Ok(())
    }

    fn ended(&self, error: Option<WsaError>) -> Attempt {
        Attempt::Done {
            outcome: Outcome {
                error,
                bytes: self.sent,
                flags: 0,
            },
            drained: false,
        }
    }
}

impl Work for Transmit {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        while !self.rest.is_empty() {
            if socket.state.has(State::RESET) {
                return self.ended(Some(socket.broken()));
            }
            match without_waiting(|| self.step(socket, libc::MSG_DONTWAIT)) {
                None => return Attempt::Later,
                Some(Ok(())) => {}
                Some(Err(errno)) => {
                    if let Err(error) = self.judge(socket, errno) {
                        return self.ended(Some(error));
                    }
                }
            }
        }
        match self.disconnect.as_mut().map(|then| then.attempt(socket)) {
            None => self.ended(None),
            Some(Attempt::Done { outcome, .. }) => self.ended(outcome.error),
            Some(goes_on) => goes_on,
        }
    }

    fn cancelled(&mut self, socket: &Socket) -> u32 {
        if let Some(then) = &mut self.disconnect {
            then.cancelled(socket);
        }
        self.sent
    }
}
