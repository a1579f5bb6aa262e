//! Network events on their way to the program: the event object is signalled, the message posted.

use crate::error::{Result, WsaError};
use crate::object::request::Direction;
use crate::object::selection::{Events, Notice, Selection, Target};
use crate::object::socket::{Socket, State};
use crate::sys::lock::Lock;
use crate::upcall;
use once_cell::race::OnceBox;

/// What looks which of the selected events hold now.
static LOOK: OnceBox<fn(&Socket)> = OnceBox::new();

/// Names what looks; once per process.
pub(super) fn install(look: fn(&Socket)) {
    let _ = LOOK.set(Box::new(look));
}

/// The socket's events, if some are selected or were.
fn selection(socket: &Socket) -> Option<&Lock<Selection>> {
    socket
        .selection
        .get()
        .filter(|_| socket.state.has(State::SELECTED))
}

/// Whether any events are selected now.
pub(crate) fn is_active(socket: &Socket) -> bool {
    selection(socket).is_some_and(|selection| !selection.lock().mask().is_empty())
}

/// Something has happened to the socket: events that have come about are notified.
#[inline]
pub(crate) fn look(socket: &Socket) {
    if socket.state.has(State::SELECTED)
        && let Some(look) = LOOK.get()
    {
        look(socket);
    }
}

/// The program has called what re-enables `events`: those that still hold are notified again (EV.6, EV.7).
#[inline]
pub(crate) fn enable(socket: &Socket, events: Events) {
    if let Some(selection) = selection(socket) {
        selection.lock().enable(events);
        look(socket);
    }
}

/// A receive was made, or has ended (WSPRecv.14).
#[inline]
pub(crate) fn received(socket: &Socket) {
    enable(socket, Events::READ | Events::OOB);
}

/// Requests of a line were attempted: those that have ended re-enable like other calls, and what they have left is for
/// events to tell of.
#[inline]
pub(super) fn attempted(socket: &Socket, direction: Direction) {
    match direction {
        Direction::Receive => received(socket),
        Direction::Send => look(socket),
    }
}

/// A send was made, with this outcome.
#[inline]
pub(crate) fn sent(socket: &Socket, outcome: Result<()>) {
    if let Some(selection) = selection(socket) {
        let without_room = outcome == Err(WsaError::WSAEWOULDBLOCK);
        selection.lock().sent(without_room);
        if without_room {
            look(socket);
        }
    }
}

/// An event has come about that is not looked for in the socket; `error`: its code, `None` for success. It is notified
/// if it is selected, also if it was before: who calls this knows that it is enabled.
pub(crate) fn notify(socket: &Socket, event: Events, error: Option<WsaError>) {
    if let Some(selection) = selection(socket) {
        let code = error.map_or(0, WsaError::code);
        selection.lock().record_anew(event, code);
        tell(socket);
    }
}

/// Tells what is to be told, unless another thread does.
pub(crate) fn tell(socket: &Socket) {
    let Some(selection) = selection(socket) else {
        return;
    };
    let mut going_on = false;
    loop {
        let notice = selection.lock().next_notice(going_on);
        going_on = true;
        match notice {
            None => return,
            Some(Notice::Signal(event)) => {
                upcall::set_event(event);
            }
            Some(Notice::Message { window, event, code }) => {
                // MAKELONG(event, error) (WSPAsyncSelect.2).
                let what = (event.bits() & 0xffff | (code as u32) << 16) as i32 as isize;
                if !upcall::post_message(window.handle, window.message, window.socket, what) {
                    selection.lock().not_posted(window, event);
                }
            }
        }
    }
}

/// The last handle of the socket is closed: nothing more is told (EV.17, WSPCloseSocket.4).
pub(crate) fn close(socket: &Socket) {
    if let Some(selection) = selection(socket) {
        selection.lock().select(Target::Nobody, Events::empty());
    }
}

/// In the child of a fork: the registration is the parent's.
pub(super) fn in_forked_child(socket: &Socket) {
    if let Some(selection) = socket.selection.get() {
        selection.renew(Selection::default);
        *selection.lock() = Selection::default();
    }
}
