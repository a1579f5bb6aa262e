//! Synchronous calls on a socket where overlapped requests stand in line: they come after those (OV.17).

use super::cancel::cancel_of;
use super::complete::mark_pending;
use super::result::{awaiting, ended};
use super::start::{begin, post};
use super::wait::{Limit, Woken, current, until};
use crate::abi::WSAOVERLAPPED;
use crate::error::{Result, WsaError};
use crate::object::request::{Completion, Direction, Outcome, Work};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::object::thread::BlockingCall;
use crate::sys::guard::UserPointer;
use crate::sys::time;
use std::time::Duration;

/// How long the wait goes without looking whether it was cancelled, which a signal handler does.
const SLICE: Duration = Duration::from_millis(20);

/// Carries `work` out when its turn comes, and waits for its end, no longer than `timeout`. A socket that does not
/// block does not wait in line either: WSAEWOULDBLOCK.
///
/// What was received in time is a success, like what was sent before the call was cancelled: the caller learns where
/// the stream stands (OBS.31, WSPCancelBlockingCall.7).
pub(crate) fn in_turn<W: Work + 'static>(
    socket: &Reference,
    direction: Direction,
    timeout: Option<Duration>,
    work: W,
) -> Result<Outcome> {
    if socket.state.has(State::NONBLOCKING) {
        return Err(WsaError::WSAEWOULDBLOCK);
    }
    let outcome = to_its_end(socket, direction, timeout, work)?;
    let is_part = match outcome.error {
        Some(WsaError::WSAEINTR) => true,
        Some(WsaError::WSAETIMEDOUT) => direction == Direction::Receive,
        _ => false,
    };
    Ok(if is_part && outcome.bytes > 0 {
        Outcome::success(outcome.bytes, outcome.flags)
    } else {
        outcome
    })
}

/// [`in_turn`], whatever the socket's mode. Work that was ended before its time and has done a part gives its count
/// and the code.
pub(crate) fn to_its_end<W: Work + 'static>(
    socket: &Reference,
    direction: Direction,
    timeout: Option<Duration>,
    work: W,
) -> Result<Outcome> {
    synchronously(socket, timeout, |completion| {
        begin(socket, direction, completion, work)
    })
}

/// Has `begin` start a request, and waits for its end, no longer than `timeout`.
pub(super) fn synchronously(
    socket: &Reference,
    timeout: Option<Duration>,
    begin: impl FnOnce(Completion) -> Result<Outcome>,
) -> Result<Outcome> {
    let call = BlockingCall::start(socket);
    let end = timeout.map(|timeout| time::monotonic() + timeout);
    // It lives until the request has ended, for which this waits in every case.
    let mut own = WSAOVERLAPPED {
        Internal: 0,
        InternalHigh: 0,
        Offset: 0,
        OffsetHigh: 0,
        hEvent: std::ptr::null_mut(),
    };
    let structure = UserPointer::to_own_value(&mut own);
    mark_pending(structure)?;
    let completion = Completion {
        overlapped: structure,
        // No event, and no packet.
        event: 1,
        ..Completion::NOBODY
    };
    match begin(completion) {
        Err(WsaError::WSA_IO_PENDING) => {}
        answer => return answer,
    }
    let code = loop {
        let now = time::monotonic();
        if let Some(outcome) = wait_until(socket, structure, Limit::At(now + SLICE))? {
            return unless_cut_off(outcome, WsaError::WSAEINTR);
        }
        if call.check_not_cancelled().is_err() {
            break WsaError::WSAEINTR;
        }
        if end.is_some_and(|end| now >= end) {
            break WsaError::WSAETIMEDOUT;
        }
    };
    cancel_of(socket, structure.address());
    match wait_until(socket, structure, Limit::Never)? {
        // It was faster, or has done a part.
        Some(outcome) => unless_cut_off(outcome, code),
        None => Err(code),
    }
}

/// The outcome of a request; `code` for one that was ended before its time, with what it had done.
fn unless_cut_off(outcome: Outcome, code: WsaError) -> Result<Outcome> {
    match outcome.error {
        Some(WsaError::WSA_OPERATION_ABORTED) if outcome.bytes == 0 => Err(code),
        Some(WsaError::WSA_OPERATION_ABORTED) => Ok(Outcome {
            error: Some(code),
            ..outcome
        }),
        _ => Ok(outcome),
    }
}

fn wait_until(
    socket: &Reference,
    structure: UserPointer<WSAOVERLAPPED>,
    limit: Limit,
) -> Result<Option<Outcome>> {
    let thread = current();
    awaiting(socket, &thread, || {
        match until(&thread, limit, false, || ended(structure).transpose()) {
            Woken::Satisfied(outcome) => outcome.map(Some),
            Woken::TimedOut | Woken::Alerted => Ok(None),
        }
    })
}

/// Carries `work` out when its turn comes; nobody is told. WSAENOBUFS when the engine cannot.
pub(crate) fn afterwards(socket: &Reference, direction: Direction, work: impl Work + 'static) -> Result<()> {
    match post(socket, direction, Completion::NOBODY, Box::new(work)) {
        Err(WsaError::WSA_IO_PENDING) | Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}
