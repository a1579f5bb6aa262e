//! Requests are ended before their time: by closing, by the end of their thread, by CancelIo.

use super::reactor;
use super::start::abort;
use crate::object::apc::{self, Thread};
use crate::object::line::Tag;
use crate::object::request::{Direction, Watched};
use crate::object::socket::Socket;
use crate::object::table;
use crate::sys::process;
use std::sync::Arc;

const BOTH: [Direction; 2] = [Direction::Receive, Direction::Send];

/// Ends the requests of a socket that `which` picks, with their completion action; how many.
fn cancel(socket: &Socket, which: impl Fn(Tag) -> bool) -> usize {
    let Some(requests) = socket.requests.get() else {
        return 0;
    };
    let mut count = 0;
    for direction in BOTH {
        let (taken, attempted) = {
            let mut line = requests.line(direction).lock();
            let cancelled = line.cancel(&which);
            if line.is_idle() {
                socket.state.clear(direction.queued());
            }
            cancelled
        };
        count += taken.len() + usize::from(attempted);
        for request in taken {
            abort(socket, request, true);
        }
    }
    count
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
pub(crate) fn close(socket: &Socket, told: bool) {
    let Some(requests) = socket.requests.get() else {
        return;
    };
    for direction in BOTH {
        let taken = {
            let mut line = requests.line(direction).lock();
            line.close();
            line.cancel(|_| true).0
        };
        for request in taken {
            abort(socket, request, told);
        }
    }
    reactor::unwatch_for_good(socket);
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
}
