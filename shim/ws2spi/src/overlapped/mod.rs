//! Overlapped I/O: from a call that asks for it to the notice of its end.
//!
//! - `start`: a request is attempted, and if it must wait stands in its socket's line (`object::line`)
//! - `reactor`: what has become ready is driven on, by whoever waits
//! - `helper`: the thread that drives while nobody waits
//! - `complete`: the outcome is told: OVERLAPPED, event, port, completion routine
//! - `cancel`: requests are ended before their time
//! - `changes`: requests that wait for a change of the host's addresses or routes
//! - `wait`: how a thread waits for events and APCs
//! - `result`: WSPGetOverlappedResult
//! - `in_turn`: synchronous calls after overlapped ones
//! - `port`: completion ports
//! - `selection`: network events on their way to the program

pub(crate) mod cancel;
pub(crate) mod changes;
mod complete;
mod helper;
mod in_turn;
pub(crate) mod port;
pub(crate) mod reactor;
mod result;
pub(crate) mod selection;
mod start;
pub(crate) mod wait;

pub(crate) use complete::complete_layered;
pub(crate) use in_turn::{afterwards, in_turn, to_its_end};
pub(crate) use result::{result, wait_for_end};
pub(crate) use start::{at_once, start};

use crate::abi::{LPWSAOVERLAPPED_COMPLETION_ROUTINE, WSA_FLAG_OVERLAPPED, WSAOVERLAPPED, WSATHREADID};
use crate::object::event::Event;
use crate::object::port::Port;
use crate::object::request::Watched;
use crate::object::socket::Socket;
use crate::object::{apc, table};
use crate::sys::guard::UserPointer;

/// Once per process: what is to be done when a thread ends, and `look`, which finds the network events that hold.
pub(crate) fn install(look: fn(&Socket)) {
    apc::at_end(cancel::end_of_thread);
    selection::install(look);
}

/// At the last WSPCleanup, when every socket is closed: nothing of the engine is left.
pub(crate) fn stop() {
    helper::stop();
    reactor::drop_main();
}

/// Before a fork.
pub(crate) fn before_fork() {
    helper::before_fork();
}

/// In the child of a fork: requests are the parent's, and the child's sets and helper are its own.
pub(crate) fn in_forked_child() {
    apc::in_forked_child();
    helper::in_forked_child();
    changes::in_forked_child();
    reactor::in_forked_child();
    table::all::<Port>().for_each(|port| port.in_forked_child());
    // A port that is closed lives on with its sockets.
    for socket in table::all_sockets() {
        if let Some(association) = socket.association.get()
            && association.port.is_abandoned()
        {
            association.port.in_forked_child();
        }
    }
    table::all::<Event>().for_each(|event| event.in_forked_child());
    for socket in table::all::<Watched>() {
        if let Some(requests) = socket.requests.get() {
            requests.in_forked_child();
        }
        socket.close();
    }
    for socket in table::all_sockets() {
        selection::in_forked_child(&socket);
        cancel::in_forked_child(&socket);
    }
}

/// The three arguments that ask for overlapped work.
#[derive(Clone, Copy)]
pub(crate) struct Overlapped {
    structure: UserPointer<WSAOVERLAPPED>,
    routine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    thread: UserPointer<WSATHREADID>,
}

impl Overlapped {
    #[inline]
    pub(crate) fn new(
        structure: UserPointer<WSAOVERLAPPED>,
        routine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
        thread: UserPointer<WSATHREADID>,
    ) -> Self {
        Self {
            structure,
            routine,
            thread,
        }
    }

    /// `lpOverlapped` is not NULL.
    pub(crate) const fn has_structure(self) -> bool {
        !self.structure.is_null()
    }

    /// Whether the call is an overlapped one: it is synchronous with both arguments NULL (OV.1), and on a socket that is
    /// not overlapped, where they are ignored (OV.2).
    #[inline]
    pub(crate) fn is_asked_on(self, socket: &Socket) -> bool {
        (self.has_structure() || self.routine.is_some()) && socket.creation_flags & WSA_FLAG_OVERLAPPED != 0
    }
}
