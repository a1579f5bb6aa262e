//! TransmitFile: a file's bytes over a connection, with others before and after them.
//!
//! sendfile(2) does it without a copy, where it can: it has no flag that keeps it from waiting. So a synchronous call on
//! a blocking socket lets the kernel wait; a socket that has such requests is polled from then on, which means that its
//! own descriptor does not block; and where that cannot be, because other processes share the descriptor, or sendfile
//! does not take the file, the bytes are copied.

use super::attempt;
use super::judgement::{check_stream_send, stream_failure};
use super::later::without_waiting;
use crate::abi::*;
use crate::base::listen::queue::apply_blocking_mode;
use crate::base::{blocking, enter, shutdown};
use crate::error::{Operation, Result, WsaError};
use crate::object::file::File;
use crate::object::request::{Attempt, Direction, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::object::thread::{self, BlockingCall};
use crate::overlapped::{self, Overlapped, selection};
use crate::sys::errno::{self, Errno};
use crate::sys::file;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::collections::VecDeque;
use std::ffi::c_void;
use std::mem::offset_of;
use std::sync::Arc;

/// No call transmits more.
const MOST: u64 = 0x7fff_fffe;

/// How much is copied at once where sendfile cannot be used.
const COPIED: usize = 1 << 16;

/// The flags there are. Those beyond TF_DISCONNECT and TF_REUSE_SOCKET say which thread works, or how soon the call is
/// to return, and have no effect.
const FLAGS: u32 =
    TF_DISCONNECT | TF_REUSE_SOCKET | TF_WRITE_BEHIND | TF_USE_SYSTEM_THREAD | TF_USE_KERNEL_APC;

/// TransmitFile. `count`: how many bytes of the file, 0 for all from the offset on.
pub(crate) fn transmit_file(
    handle: SOCKET,
    file: UserPointer<c_void>,
    count: u32,
    structure: UserPointer<WSAOVERLAPPED>,
    buffers: UserPointer<TRANSMIT_FILE_BUFFERS>,
    flags: u32,
) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.protocol.is_stream() {
        return Err(WsaError::WSAEINVAL);
    }
    check_stream_send(&socket)?;
    let end = End::new(flags)?;
    if u64::from(count) > MOST {
        return Err(WsaError::WSAEINVAL);
    }
    let mut parts = VecDeque::new();
    let buffers = match buffers.non_null() {
        Some(buffers) => Some(buffers.read()?),
        None => None,
    };
    if let Some(buffers) = buffers {
        parts.extend(Part::memory(buffers.Head, buffers.HeadLength)?);
    }
    let source = match file.non_null() {
        None => None,
        Some(handle) => {
            let offset = match structure.non_null() {
                Some(structure) => Some(offset_in(structure)?),
                None => None,
            };
            Some(Source::new(handle, offset, count)?)
        }
    };
    parts.extend(source.as_ref().map(Source::part));
    if let Some(buffers) = buffers {
        parts.extend(Part::memory(buffers.Tail, buffers.TailLength)?);
    }
    let at_position = source.filter(|_| structure.is_null());
    let overlapped = Overlapped::new(structure, None, UserPointer::from_address(0));
    let outcome = carry_out(&socket, parts, end, overlapped);
    selection::sent(&socket, outcome.map(drop));
    let outcome = outcome?;
    if let Some(source) = at_position {
        // Who reads on from the current byte offset does so behind what was sent.
        let head = buffers.map_or(0, |buffers| buffers.HeadLength);
        let sent = u64::from(outcome.bytes.saturating_sub(head)).min(source.count);
        let _ = file::set_position(&source.file.descriptor, source.offset + sent);
    }
    outcome.error.map_or(Ok(()), Err)
}

/// The file offset that an OVERLAPPED holds.
fn offset_in(structure: UserPointer<WSAOVERLAPPED>) -> Result<u64> {
    let at = structure.cast::<u8>().add(offset_of!(WSAOVERLAPPED, Offset));
    let [low, high] = at.cast::<[u32; 2]>().read()?;
    Ok(u64::from(high) << 32 | u64::from(low))
}

/// Sends all parts, later if that was asked for.
fn carry_out(socket: &Reference, parts: VecDeque<Part>, end: End, overlapped: Overlapped) -> Result<Outcome> {
    if parts.iter().map(Part::length).sum::<u64>() > MOST {
        return Err(WsaError::WSAEINVAL);
    }
    let mut work = Transmit {
        parts,
        sent: 0,
        copies: false,
        end,
    };
    if overlapped.is_asked_on(socket) {
        keep_from_blocking(socket);
        return overlapped::start(socket, Direction::Send, overlapped, work);
    }
    if socket.state.has(State::SENDS_QUEUED) {
        keep_from_blocking(socket);
        return overlapped::in_turn(socket, Direction::Send, None, work);
    }
    let error = work.wait_for_all(socket).err();
    Ok(Outcome {
        error,
        bytes: work.sent,
        flags: 0,
    })
}

/// From now on the socket's descriptor does not block. One that other processes share stays as it is.
fn keep_from_blocking(socket: &Reference) {
    if !socket.state.has(State::ABROAD) {
        socket.state.set(State::POLLED);
        apply_blocking_mode(socket);
    }
}

/// What happens to the connection when all is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    GoesOn,
    Disconnects,
}

impl End {
    fn new(flags: u32) -> Result<Self> {
        match flags & (TF_DISCONNECT | TF_REUSE_SOCKET) {
            _ if flags & !FLAGS != 0 => Err(WsaError::WSAEINVAL),
            0 => Ok(Self::GoesOn),
            TF_DISCONNECT => Ok(Self::Disconnects),
            TF_REUSE_SOCKET => Err(WsaError::WSAEINVAL),
            _ => Err(WsaError::WSAEOPNOTSUPP),
        }
    }
}

/// The bytes of a file that are to be sent.
struct Source {
    file: Arc<File>,
    offset: u64,
    count: u64,
}

impl Source {
    /// `count` bytes from `offset` on (`None`: the current one), or up to the end of the file if that comes before, or
    /// `count` is 0. WSAEINVAL for an offset beyond the end, and for what is not a regular file.
    fn new(handle: UserPointer<c_void>, offset: Option<u64>, count: u32) -> Result<Self> {
        let file = table::find::<File>(handle.address()).ok_or(WsaError::WSA_INVALID_HANDLE)?;
        let size = file::size(&file.descriptor).map_err(|_| WsaError::WSAEINVAL)?;
        let offset = match offset {
            Some(offset) => offset,
            None => file::position(&file.descriptor).map_err(|_| WsaError::WSAEINVAL)?,
        };
        let there = size.checked_sub(offset).ok_or(WsaError::WSAEINVAL)?;
        let count = match count {
            0 => there,
            count => there.min(count.into()),
        };
        Ok(Self {
            file: file.share(),
            offset,
            count,
        })
    }

    fn part(&self) -> Part {
        Part::File {
            file: Arc::clone(&self.file),
            offset: self.offset,
            left: self.count,
        }
    }
}

/// What is still to be sent of a part.
enum Part {
    Memory { at: UserPointer<u8>, left: u32 },
    File { file: Arc<File>, offset: u64, left: u64 },
}

impl Part {
    /// Some memory; nothing when there is none. WSAEFAULT for NULL with a length.
    fn memory(at: *mut c_void, length: u32) -> Result<Option<Self>> {
        let at = UserPointer::from_address(at as usize);
        match length {
            0 => Ok(None),
            _ if at.is_null() => Err(WsaError::WSAEFAULT),
            left => Ok(Some(Self::Memory { at, left })),
        }
    }

    fn length(&self) -> u64 {
        match self {
            Self::Memory { left, .. } => (*left).into(),
            Self::File { left, .. } => *left,
        }
    }

    fn advance(&mut self, bytes: usize) {
        match self {
            Self::Memory { at, left } => {
                *at = at.add(bytes);
                *left -= bytes as u32;
            }
            // At its end the file has become shorter than it was.
            Self::File { left, .. } if bytes == 0 => *left = 0,
            Self::File { offset, left, .. } => {
                *offset += bytes as u64;
                *left -= bytes as u64;
            }
        }
    }
}

struct Transmit {
    parts: VecDeque<Part>,
    sent: u32,
    /// sendfile does not take the file.
    copies: bool,
    end: End,
}

impl Transmit {
    /// One system call; `wait` is MSG_DONTWAIT if it is not to wait. Nothing is left to be sent when there are no parts.
    fn step(&mut self, socket: &Socket, wait: i32) -> errno::Result<()> {
        let more = if self.parts.len() > 1 { libc::MSG_MORE } else { 0 };
        let Some(part) = self.parts.front_mut() else {
            return Ok(());
        };
        let bytes = match part {
            Part::Memory { at, left } => kernel::send(&socket.descriptor, *at, *left, wait | more, &[])?,
            Part::File { left: 0, .. } => 0,
            Part::File { file, offset, left } => {
                let count = usize::try_from(*left).unwrap_or(usize::MAX);
                // Of a descriptor that blocks sendfile would wait.
                let waits = wait != 0 && !socket.state.has(State::POLLED | State::NONBLOCKING);
                if self.copies || waits {
                    copy(socket, file, *offset, count, wait | more)?
                } else {
                    match file::send(&socket.descriptor, &file.descriptor, *offset, count) {
                        Err(Errno(libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP)) => {
                            self.copies = true;
                            return Ok(());
                        }
                        outcome => outcome?,
                    }
                }
            }
        };
        part.advance(bytes);
        self.sent += bytes as u32;
        if part.length() == 0 {
            self.parts.pop_front();
        }
        Ok(())
    }

    /// Sends everything, waiting as long as that takes.
    fn wait_for_all(&mut self, socket: &Reference) -> Result<()> {
        let waits = !socket.state.has(State::NONBLOCKING);
        while !self.parts.is_empty() {
            match attempt(socket, Operation::Send, |wait| self.step(socket, wait)) {
                Ok(Ok(())) => {}
                Ok(Err(errno)) => return Err(stream_failure(socket, Operation::Send, errno)),
                // Whether the socket blocks is of no account here.
                Err(WsaError::WSAEWOULDBLOCK) => {
                    let waiting = BlockingCall::start(socket);
                    blocking::wait_for(socket, &waiting, libc::POLLOUT, None)?;
                }
                Err(error) => return Err(error),
            }
            if waits && thread::was_cancelled() && !self.parts.is_empty() {
                return Err(WsaError::WSAEINTR);
            }
        }
        self.conclude(socket);
        Ok(())
    }

    fn conclude(&self, socket: &Socket) {
        if self.end == End::Disconnects {
            shutdown::disconnect(socket);
        }
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

/// Sends some bytes of a file that were read before.
fn copy(socket: &Socket, file: &File, offset: u64, count: usize, flags: i32) -> errno::Result<usize> {
    let mut bytes = vec![0; count.min(COPIED)];
    let length = loop {
        match file::read_at(&file.descriptor, offset, &mut bytes) {
            Err(Errno(libc::EINTR)) => {}
            outcome => break outcome?,
        }
    };
    if length == 0 {
        return Ok(0);
    }
    let from = UserPointer::to_own(&mut bytes);
    kernel::send(&socket.descriptor, from, length as u32, flags, &[])
}

impl Work for Transmit {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        if socket.state.has(State::RESET) {
            return Attempt::failed(socket.broken());
        }
        while !self.parts.is_empty() {
            match without_waiting(|| self.step(socket, libc::MSG_DONTWAIT)) {
                None => return Attempt::Later,
                Some(Ok(())) => {}
                Some(Err(errno)) => {
                    return self.ended(Some(stream_failure(socket, Operation::Send, errno)));
                }
            }
        }
        self.conclude(socket);
        self.ended(None)
    }
}
