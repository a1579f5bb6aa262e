//! WSPEventSelect, WSPAsyncSelect and WSPEnumNetworkEvents: what a socket's network events are selected for, and their
//! record ([`mod@look`]: which of them hold).

mod look;

pub(crate) use look::look;

use super::enter;
use super::listen::queue::apply_blocking_mode;
use crate::abi::{SOCKET, WSANETWORKEVENTS};
use crate::error::{Result, WsaError};
use crate::object::event::Event;
use crate::object::selection::{Events, Target, Window};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::overlapped::{reactor, selection};
use crate::sys::guard::UserPointer;
use crate::upcall;
use std::mem::offset_of;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// WSPEventSelect: has events recorded, and `event` signalled for each.
pub(crate) fn event_select(handle: SOCKET, event: usize, events: i64) -> Result<()> {
    let socket = enter(handle)?;
    let mask = mask(events)?;
    if !mask.is_empty() {
        check_event(event)?;
    }
    select(&socket, Target::Event(event), mask)
}

/// WSPAsyncSelect: has a message posted to `window` for each event.
pub(crate) fn async_select(handle: SOCKET, window: usize, message: u32, events: i64) -> Result<()> {
    let socket = enter(handle)?;
    let mask = mask(events)?;
    if mask.is_empty() {
        return select(&socket, Target::Nobody, mask);
    }
    // WSPAsyncSelect.6. Which other handles name windows only who takes the messages knows.
    if window == 0 || !upcall::posts_messages() {
        return Err(WsaError::WSAEINVAL);
    }
    let window = Window {
        handle: window,
        message,
        socket: handle,
    };
    select(&socket, Target::Window(window), mask)
}

/// WSAEINVAL for events that there are not.
fn mask(events: i64) -> Result<Events> {
    u32::try_from(events)
        .ok()
        .and_then(Events::from_bits)
        .ok_or(WsaError::WSAEINVAL)
}

/// WSAEINVAL for what is no event. The host's own only the host can judge.
fn check_event(event: usize) -> Result<()> {
    if event == 0 || upcall::events_are_ours() && table::find::<Event>(event).is_none() {
        Err(WsaError::WSAEINVAL)
    } else {
        Ok(())
    }
}

fn select(socket: &Reference, target: Target, mask: Events) -> Result<()> {
    if !mask.is_empty() {
        reactor::watch(socket).map_err(|_| WsaError::WSAENETDOWN)?;
    }
    // Whatever the mask (EV.1).
    socket.state.set(State::NONBLOCKING);
    apply_blocking_mode(socket);
    begin(socket, mask);
    let selection = socket.selection.get_or_init(Box::default);
    selection.lock().select(target, mask);
    // Of a selection and the closing of the last handle the later one sees the other.
    if socket.handles.load(Ordering::SeqCst) == 0 {
        selection::close(socket);
        return Err(WsaError::WSAENOTSOCK);
    }
    reactor::note_pending(socket);
    look(socket);
    Ok(())
}

/// From now on calls say what they re-enable, and receives keep urgent data where it is of interest.
fn begin(socket: &Socket, mask: Events) {
    let interest = if mask.contains(Events::OOB) {
        State::SELECTED | State::URGENT
    } else {
        State::SELECTED
    };
    socket.state.set(interest);
}

/// WSPEnumNetworkEvents: gives the record out and clears it; `event`, if not NULL, is reset.
pub(crate) fn enumerate(handle: SOCKET, event: usize, output: UserPointer<WSANETWORKEVENTS>) -> Result<()> {
    let socket = enter(handle)?;
    if event != 0 {
        check_event(event)?;
    }
    let Some(selection) = socket.selection.get() else {
        return give_out(event, output, Events::empty(), &[]);
    };
    // In one step, so that of two that enumerate one gets each event.
    let taken = selection.lock().take();
    let outcome = give_out(event, output, taken.events, &taken.codes);
    match outcome {
        // What has come since was signalled before the reset, or is now.
        Ok(()) => selection.lock().taken(),
        // WSPEnumNetworkEvents.3.
        Err(_) => selection.lock().put_back(&taken),
    }
    if outcome.is_err() {
        look(&socket);
    }
    selection::tell(&socket);
    outcome
}

fn give_out(
    event: usize,
    output: UserPointer<WSANETWORKEVENTS>,
    events: Events,
    codes: &[i32],
) -> Result<()> {
    let bytes = output.cast::<u8>();
    let elements = bytes.add(offset_of!(WSANETWORKEVENTS, iErrorCode)).cast::<i32>();
    // Only the elements whose bits are set are written (WSPEnumNetworkEvents.5).
    for position in events.iter().map(Events::position) {
        let code = codes.get(position).copied().unwrap_or(0);
        elements.add(position).write(code)?;
    }
    bytes
        .add(offset_of!(WSANETWORKEVENTS, lNetworkEvents))
        .cast::<u32>()
        .write(events.bits())?;
    if event != 0 && !upcall::reset_event(event) {
        return Err(WsaError::WSAEINVAL);
    }
    Ok(())
}

/// What a connection takes over of its listener's registration (EV.4).
pub(crate) struct Inheritance {
    target: Target,
    mask: Events,
}

impl Inheritance {
    /// For a connection that has no handle yet; `None` if nothing is selected. WSAENOBUFS if it cannot be watched.
    pub(crate) fn of(listener: &Socket, connection: &Arc<Socket>) -> Result<Option<Self>> {
        let (target, mask) = match listener.selection.get() {
            Some(selection) => {
                let selection = selection.lock();
                (selection.target(), selection.mask())
            }
            None => return Ok(None),
        };
        if mask.is_empty() {
            return Ok(None);
        }
        reactor::watch_anew(connection, None)?;
        Ok(Some(Self { target, mask }))
    }

    /// Has the events of the connection, which now has a handle, told.
    pub(crate) fn take_up(self, connection: &Socket, handle: SOCKET) {
        let target = match self.target {
            Target::Window(window) => Target::Window(Window {
                socket: handle,
                ..window
            }),
            other => other,
        };
        begin(connection, self.mask);
        let selection = connection.selection.get_or_init(Box::default);
        selection.lock().inherit(target, self.mask);
        reactor::note_pending(connection);
        look(connection);
    }
}

/// A connection attempt begins: what comes of it is new, whatever was told of an earlier one.
pub(crate) fn connect_begins(socket: &Socket) {
    if let Some(selection) = socket.selection.get() {
        selection.lock().connect();
    }
}

/// A call that connects has failed before anything was attempted (EV.15, EV.21).
pub(crate) fn connect_refused(socket: &Socket, code: WsaError) {
    // This speaks of an attempt that goes on.
    if code != WsaError::WSAEALREADY {
        selection::notify(socket, Events::CONNECT, Some(code));
    }
}

/// A call that connects without an attempt has ended: datagram sockets and joins (EV.15).
pub(crate) fn connect_ended(socket: &Socket, outcome: Result<()>) {
    match outcome {
        Ok(()) => {
            connect_begins(socket);
            selection::notify(socket, Events::CONNECT, None);
            selection::look(socket);
        }
        Err(code) => connect_refused(socket, code),
    }
}
