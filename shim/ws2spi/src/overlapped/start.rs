//! A request is attempted, and if it must wait stands in its socket's line.

use super::complete::{self, complete};
use super::{Overlapped, cancel, reactor, selection};
use crate::error::{Result, WsaError};
use crate::object::apc;
use crate::object::line::{Line, Next};
use crate::object::request::{Attempt, Completion, Direction, Outcome, Request, Work};
use crate::object::socket::Socket;
use crate::object::table::Reference;
use crate::upcall;
use std::sync::Arc;

/// Carries `work` out, now if it can be (OV.3), or later: WSA_IO_PENDING (OV.4). A code other than that means that
/// nothing was started, and nobody will be told of an end (OV.5).
pub(crate) fn start<W: Work + 'static>(
    socket: &Reference,
    direction: Direction,
    overlapped: Overlapped,
    work: W,
) -> Result<Outcome> {
    let completion = overlapped.completion(socket)?;
    begin(socket, direction, completion, work)
}

/// [`start`] with a completion that is ready.
#[inline]
pub(super) fn begin<W: Work + 'static>(
    socket: &Reference,
    direction: Direction,
    completion: Completion,
    mut work: W,
) -> Result<Outcome> {
    let line = socket.requests().line(direction);
    {
        let mut line = line.lock();
        if line.is_closed() {
            drop(line);
            complete::nothing_started(&completion, WsaError::WSAENOTSOCK);
            return Err(WsaError::WSAENOTSOCK);
        }
        if !line.is_free() {
            drop(line);
            return post(socket, direction, completion, Box::new(work));
        }
        line.begin(completion.tag());
    }
    match work.attempt(socket) {
        Attempt::Done { outcome, drained } => ended_at_once(socket, direction, completion, outcome, drained),
        Attempt::GoesOn { at, owner } => {
            let request = Request {
                work: Box::new(work),
                completion,
            };
            let next = go_on(socket, direction, request, &at, owner);
            drive(socket, direction, next);
            Err(WsaError::WSA_IO_PENDING)
        }
        Attempt::Later => {
            if let Err(error) = reactor::watch(socket) {
                let outcome = Outcome {
                    error: Some(error),
                    bytes: work.cancelled(socket),
                    flags: 0,
                };
                return ended_at_once(socket, direction, completion, outcome, true);
            }
            let request = Request {
                work: Box::new(work),
                completion,
            };
            let next = put_back(socket, direction, request);
            drive(socket, direction, next);
            reactor::note_pending(socket);
            Err(WsaError::WSA_IO_PENDING)
        }
    }
}

/// Carries out what never waits, and tells of its end like that of any request.
pub(crate) fn at_once(
    socket: &Reference,
    overlapped: Overlapped,
    work: impl FnOnce() -> Result<u32>,
) -> Result<u32> {
    let completion = overlapped.completion(socket)?;
    match work() {
        Ok(bytes) => {
            complete(socket, &completion, Outcome::success(bytes, 0), true);
            Ok(bytes)
        }
        Err(error) => {
            complete::nothing_started(&completion, error);
            Err(error)
        }
    }
}

/// The first attempt has ended the request.
#[inline]
fn ended_at_once(
    socket: &Reference,
    direction: Direction,
    completion: Completion,
    outcome: Outcome,
    drained: bool,
) -> Result<Outcome> {
    let answer = match outcome.error {
        None => {
            complete(socket, &completion, outcome, true);
            Ok(outcome)
        }
        // A failure that has brought something is told like a late one, so that it can be told in full.
        Some(_) if outcome.bytes > 0 => {
            complete(socket, &completion, outcome, false);
            Err(WsaError::WSA_IO_PENDING)
        }
        Some(error) => {
            complete::nothing_started(&completion, error);
            Err(error)
        }
    };
    pass_turn(socket, direction, drained);
    answer
}

/// Puts a request at the end of the line: others are before it, or the descriptor is known not to be ready.
pub(super) fn post(
    socket: &Reference,
    direction: Direction,
    completion: Completion,
    work: Box<dyn Work>,
) -> Result<Outcome> {
    if let Err(error) = reactor::watch(socket) {
        complete::nothing_started(&completion, error);
        return Err(error);
    }
    let first = {
        let mut line = socket.requests().line(direction).lock();
        if line.is_closed() {
            drop(line);
            complete::nothing_started(&completion, WsaError::WSAENOTSOCK);
            return Err(WsaError::WSAENOTSOCK);
        }
        line.post(Request { work, completion });
        socket.state.set(direction.queued());
        // Whoever had the turn may have given it up since.
        line.take_turn()
    };
    drive(socket, direction, first);
    reactor::note_pending(socket);
    Err(WsaError::WSA_IO_PENDING)
}

/// Gives the turn up, or goes on with the requests that have come meanwhile.
#[inline]
fn pass_turn(socket: &Socket, direction: Direction, drained: bool) {
    let next = done(socket, direction, drained);
    if next.is_some() {
        drive(socket, direction, next);
    }
}

/// The attempt has ended its request: the next one to attempt, if there is one.
#[inline]
fn done(socket: &Socket, direction: Direction, drained: bool) -> Option<Request> {
    next_of(
        &mut socket.requests().line(direction).lock(),
        socket,
        direction,
        drained,
    )
}

#[inline]
fn next_of(
    line: &mut Line<Request>,
    socket: &Socket,
    direction: Direction,
    drained: bool,
) -> Option<Request> {
    let next = line.done(drained);
    if next.is_none() && line.is_idle() && socket.state.has(direction.queued()) {
        socket.state.clear(direction.queued());
    }
    next
}

/// The attempt has found that its request must wait: the one to attempt now, if there is one.
fn put_back(socket: &Socket, direction: Direction, request: Request) -> Option<Request> {
    let next = {
        let mut line = socket.requests().line(direction).lock();
        let next = line.later(request);
        if matches!(next, Next::Waits) {
            socket.state.set(direction.queued());
        }
        next
    };
    match next {
        Next::Waits => None,
        Next::Again(request) => Some(request),
        Next::Cancelled(request) => {
            abort(socket, request);
            done(socket, direction, true)
        }
    }
}

/// Attempts the requests of a line, one after the other, for as long as it is this thread's turn.
pub(super) fn drive(socket: &Socket, direction: Direction, mut first: Option<Request>) {
    if first.is_none() {
        return;
    }
    while let Some(mut request) = first {
        first = match request.work.attempt(socket) {
            Attempt::Done { outcome, drained } => {
                // Told before the next is attempted, so that packets come in posting order.
                complete(socket, &request.completion, outcome, false);
                done(socket, direction, drained)
            }
            Attempt::GoesOn { at, owner } => go_on(socket, direction, request, &at, owner),
            Attempt::Later => put_back(socket, direction, request),
        };
    }
    selection::attempted(socket, direction);
}

/// Puts a request whose turn it was into the receive line of another socket, where it is attempted at once; the next
/// request of its old line.
#[cold]
fn go_on(
    socket: &Socket,
    direction: Direction,
    mut request: Request,
    at: &Arc<Socket>,
    owner: Arc<Socket>,
) -> Option<Request> {
    let tag = request.completion.tag();
    let watched = reactor::watch_for(at, &owner);
    request.completion.owner = Some(owner);
    let line = &at.requests().receive;
    let first = {
        let mut line = line.lock();
        match watched {
            Ok(()) if !line.is_closed() => {
                line.post(request);
                at.state.set(Direction::Receive.queued());
                Ok(line.take_turn())
            }
            Ok(()) => Err((request, WsaError::WSA_OPERATION_ABORTED)),
            Err(error) => Err((request, error)),
        }
    };
    match first {
        Ok(first) => drive(at, Direction::Receive, first),
        Err((request, error)) => give_up(at, request, error),
    }
    reactor::note_pending(at);
    // Whoever cancelled it meanwhile has not found it here, and perhaps not there.
    let (cancelled, next) = {
        let mut line = socket.requests().line(direction).lock();
        let cancelled = line.is_cancelled();
        (cancelled, next_of(&mut line, socket, direction, false))
    };
    if cancelled {
        cancel::cancel_in(at, Direction::Receive, |other| other == tag);
    }
    next
}

/// Ends a request that was cancelled.
pub(super) fn abort(socket: &Socket, request: Request) {
    give_up(socket, request, WsaError::WSA_OPERATION_ABORTED);
}

/// Ends a request that was not carried out. What it has transferred is told, so that the stream stays whole.
fn give_up(socket: &Socket, mut request: Request, error: WsaError) {
    let outcome = Outcome {
        error: Some(error),
        bytes: request.work.cancelled(socket),
        flags: 0,
    };
    complete::given_up(socket, &request.completion, outcome);
}

impl Overlapped {
    /// Readies the caller's structure: it is in progress (OV.21), and its event nonsignalled (OV.20).
    #[inline]
    pub(super) fn completion(self, socket: &Socket) -> Result<Completion> {
        // A port and a routine do not go together.
        if self.routine.is_some() && socket.association.get().is_some() {
            return Err(WsaError::WSAEINVAL);
        }
        let mut completion = Completion {
            overlapped: self.structure,
            event: 0,
            routine: self.routine,
            caller: None,
            starter: apc::number(),
            owner: None,
        };
        if self.has_structure() {
            let event = complete::mark_pending(self.structure)?;
            // With a routine the field is the program's own (OV.10).
            if self.routine.is_none() && event != 0 {
                completion.event = event;
                upcall::reset_event(event & !1);
            }
        }
        if self.routine.is_some() {
            match upcall::caller(self.thread) {
                Ok(caller) => completion.caller = Some(caller),
                Err(error) => {
                    complete::nothing_started(&completion, error);
                    return Err(error);
                }
            }
        }
        Ok(completion)
    }
}
