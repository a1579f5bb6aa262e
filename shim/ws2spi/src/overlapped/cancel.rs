//! Requests are ended before their time: by closing, by the end of their thread, by CancelIo.

use super::start::abort;
use super::{changes, reactor, selection};
use crate::object::apc::{self, Thread};
use crate::object::line::Tag;
use crate::object::request::{Direction, Watched};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::sys::process;
use std::sync::Arc;

const BOTH: [Direction; 2] = [Direction::Receive, Direction::Send];

/// Ends the requests of a socket that `which` picks, with their completion action; how many.
fn cancel(socket: &Socket, which: impl Fn(Tag) -> bool) -> usize {
    let Some(requests) = socket.requests.get() else {
        return 0;
    };
    let mut count = changes::cancel(socket, &which);
    // What stands in the line of a socket that is lent belongs to another.
    if requests.lent_to.lock().is_none() {
        for direction in BOTH {
            count += cancel_in(socket, direction, &which);
        }
    }
    if socket.state.has(State::ACCEPTS_LATER) {
        count += cancel_lent(socket, which);
    }
    // What the requests would have taken is there for others.
    selection::look(socket);
    count
}

/// Ends the requests of one line that `which` picks, with their completion action; how many.
pub(super) fn cancel_in(socket: &Socket, direction: Direction, which: impl Fn(Tag) -> bool) -> usize {
    let (taken, attempted) = {
        let mut line = socket.requests().line(direction).lock();
        let cancelled = line.cancel(which);
        if line.is_idle() {
            socket.state.clear(direction.queued());
        }
        cancelled
    };
    let count = taken.len() + usize::from(attempted);
    for request in taken {
        abort(socket, request);
    }
    count
}

/// Ends those requests of a socket that have gone on in the lines of others.
fn cancel_lent(owner: &Socket, which: impl Fn(Tag) -> bool) -> usize {
    let mut count = 0;
    for socket in table::all::<Watched>() {
        let Some(overlapped) = loan(&socket, owner) else {
            continue;
        };
        count += cancel_in(&socket, Direction::Receive, |request| {
            request.overlapped == overlapped && which(request)
        });
    }
    count
}

/// The OVERLAPPED of the request of `owner` that uses the socket, if there is one.
fn loan(socket: &Socket, owner: &Socket) -> Option<usize> {
    let lent_to = socket.requests.get()?.lent_to.lock();
    let loan = lent_to.as_ref()?;
    std::ptr::eq(loan.owner.as_ptr(), owner).then_some(loan.overlapped)
}

/// Ends the request that uses a socket which is not to be used any more.
pub(crate) fn recall(socket: &Socket) {
    let Some(requests) = socket.requests.get() else {
        return;
    };
    let lent_to = requests.lent_to.lock();
    let loan = lent_to
        .as_ref()
        .and_then(|loan| Some((loan.owner.upgrade()?, loan.overlapped)));
    drop(lent_to);
    if let Some((owner, overlapped)) = loan {
        cancel_in(&owner, Direction::Receive, |request| {
            request.overlapped == overlapped
        });
    }
}

/// CancelIoEx: the requests of an OVERLAPPED, or all (0); false when there are none.
pub(crate) fn cancel_of(socket: &Socket, overlapped: usize) -> bool {
    cancel(socket, |request| {
        overlapped == 0 || request.overlapped == overlapped
    }) > 0
}

/// CancelIo: the requests that the calling thread has started.
pub(crate) fn cancel_own(socket: &Socket) {
    let caller = apc::number();
    cancel(socket, |request| request.starter == caller);
}

/// The last handle of a socket was closed: its requests end, with their completion action (OV.22) or, at the last
/// WSPCleanup, without (WSPCleanup.4).
pub(crate) fn close(socket: &Reference) {
    // A call that goes on may be about to ask for the first request; it has to find the lines closed.
    let requests = match socket.requests.get() {
        Some(requests) => requests,
        None if socket.has_other_users() || socket.is_shared() => socket.requests(),
        None => return,
    };
    changes::close(socket);
    for direction in BOTH {
        let taken = {
            let mut line = requests.line(direction).lock();
            line.close();
            line.cancel(|_| true).0
        };
        for request in taken {
            abort(socket, request);
        }
    }
    if socket.state.has(State::ACCEPTS_LATER) {
        cancel_lent(socket, |_| true);
    }
    recall(socket);
    reactor::unwatch_for_good(socket);
}

/// In the child of a fork: no request of the parent's holds the socket.
pub(super) fn in_forked_child(socket: &Socket) {
    socket
        .state
        .clear(State::ACCEPTING | State::RECYCLING | State::SETTLING);
    if let Some(requests) = socket.requests.get() {
        requests.lent_to.renew(|| None);
        std::mem::forget(requests.lent_to.lock().take());
    }
}

/// A thread has ended, and its requests with it (OV.19), except those on sockets with a completion port, which are
/// nobody's in particular.
pub(crate) fn end_of_thread(thread: &Arc<Thread>) {
    thread.end();
    // The main thread ends when the process does, which tells nobody of anything any more.
    if process::is_main_thread() {
        return;
    }
    for socket in table::all::<Watched>() {
        if socket.association.get().is_none() {
            cancel(&socket, |request| request.starter == thread.number);
        }
    }
    changes::end_of_thread(thread.number);
}
