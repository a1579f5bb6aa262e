//! Which network events hold now: the kernel is asked, and the socket's own state.

use crate::abi::AF_UNIX;
use crate::base::connect;
use crate::base::duplicate;
use crate::base::readiness::Phase;
use crate::base::transfer::stream_failure;
use crate::error::{Operation, WsaError};
use crate::object::options::Switch;
use crate::object::selection::Events;
use crate::object::socket::{Socket, State};
use crate::overlapped::selection;
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use crate::sys::tcp;
use crate::sys::wait::events_now;
use libc::{POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI, POLLRDHUP};
use std::sync::atomic::Ordering;

/// Looks which of the selected events hold now, and tells of those that were not told yet. Any thread may do so at any
/// time; no lock is held meanwhile.
pub(crate) fn look(socket: &Socket) {
    let Some(own) = socket.selection.get() else {
        return;
    };
    if socket.state.has(State::ABROAD) {
        duplicate::learn(socket);
    }
    if socket.state.has(State::CONNECTING) {
        // Looks again when the attempt has ended.
        connect::settle(socket);
        return;
    }
    let (wanted, version) = {
        let mut own = own.lock();
        own.retry();
        own.wanted()
    };
    let found = if wanted.is_empty() {
        Found::NOTHING
    } else {
        holding(socket, wanted)
    };
    {
        let mut own = own.lock();
        if own.is_current(version) {
            for event in (found.events & wanted).iter() {
                own.record(event, found.code(event));
            }
        }
    }
    selection::tell(socket);
}

/// What was found.
#[derive(Clone, Copy)]
struct Found {
    events: Events,
    /// The code of FD_CONNECT or FD_CLOSE; every other event's is 0 (EV.22).
    code: i32,
}

impl Found {
    const NOTHING: Self = Self::new(Events::empty());

    const fn new(events: Events) -> Self {
        Self { events, code: 0 }
    }

    fn code(&self, event: Events) -> i32 {
        match event {
            // A connection that was made, and has ended since.
            Events::CONNECT if self.events.contains(Events::CLOSE) => 0,
            Events::CONNECT | Events::CLOSE => self.code,
            _ => 0,
        }
    }
}

fn holding(socket: &Socket, wanted: Events) -> Found {
    let state = socket.state.get();
    // A pending request takes what comes before an event tells of it (OBS.39), and looks when it has ended.
    let wanted = wanted - taken_by_requests(socket);
    match Phase::of(socket, state) {
        Phase::Connecting => Found::NOTHING,
        // FD_CONNECT tells of the failure to whoever selects it only now, too.
        Phase::Idle if state.contains(State::FAILED) => Found {
            events: Events::CONNECT,
            code: socket.error.load(Ordering::Relaxed),
        },
        Phase::Idle => Found::NOTHING,
        Phase::Listening => listening(socket, wanted),
        Phase::Open if socket.protocol.is_stream() => connected(socket, state, wanted),
        Phase::Open => Found::new(without_connection(socket, state, wanted)),
    }
}

fn taken_by_requests(socket: &Socket) -> Events {
    let mut taken = Events::empty();
    if let Some(requests) = socket.requests.get() {
        if !requests.receive.lock().is_idle() {
            taken |= Events::READ | Events::OOB | Events::ACCEPT;
        }
        if !requests.send.lock().is_idle() {
            taken |= Events::WRITE;
        }
    }
    taken
}

/// What to poll for; with FD_OOB inline, urgent data is data (EV.13).
fn poll(socket: &Socket, wanted: Events) -> i16 {
    let mut events = 0;
    if wanted.intersects(Events::READ | Events::ACCEPT) {
        events |= POLLIN;
    }
    if wanted.contains(Events::WRITE) {
        events |= POLLOUT;
    }
    if wanted.contains(Events::OOB) && !socket.options.is_on(Switch::OOB_INLINE) {
        events |= POLLPRI;
    }
    if wanted.intersects(Events::READ | Events::CLOSE) && socket.protocol.is_stream() {
        events |= POLLRDHUP;
    }
    events_now(&socket.descriptor, events)
}

/// EV.14.
fn listening(socket: &Socket, wanted: Events) -> Found {
    let waits = wanted.contains(Events::ACCEPT) && (is_waiting_in_kernel(socket) || socket.has_pending());
    Found::new(if waits { Events::ACCEPT } else { Events::empty() })
}

/// Before the socket's own queue is looked into: connections move from the kernel's to there.
fn is_waiting_in_kernel(socket: &Socket) -> bool {
    events_now(&socket.descriptor, POLLIN) & (POLLIN | POLLHUP | POLLERR) == POLLIN
}

/// EV.11, EV.12.
fn without_connection(socket: &Socket, state: State, wanted: Events) -> Events {
    let found = poll(socket, wanted);
    // The next receive will report it (OBS.27).
    let unreachable = (found & POLLERR != 0 || state.contains(State::UNREACHABLE))
        && !socket.options.is_on(Switch::NO_UDP_RESET);
    let mut events = Events::empty();
    let readable = found & POLLIN != 0 || unreachable;
    events.set(Events::READ, readable && !state.contains(State::SHUT_RECEIVE));
    events.set(
        Events::WRITE,
        found & POLLOUT != 0 && !state.contains(State::SHUT_SEND),
    );
    events.set(Events::CONNECT, state.contains(State::CONNECTED));
    events
}

/// What a receive on a connection would find.
enum Inflow {
    Data,
    Nothing,
    End,
    Broken(WsaError),
}

/// EV.11 to EV.13, EV.16.
fn connected(socket: &Socket, state: State, wanted: Events) -> Found {
    let polled = poll(socket, wanted);
    let inflow = if wanted.intersects(Events::READ | Events::CLOSE) {
        inflow(socket, state, polled)
    } else {
        Inflow::Nothing
    };
    let is_broken = polled & POLLERR != 0 || state.contains(State::RESET);
    let close = match inflow {
        Inflow::Broken(code) => Some(close_code(code)),
        // The reason comes after the data, and only once: it is left to the call that meets it.
        Inflow::Data if is_broken => Some(WsaError::WSAECONNRESET.code()),
        Inflow::Data | Inflow::End if polled & (POLLRDHUP | POLLHUP) != 0 => {
            peer_has_ended(socket, state).then_some(0)
        }
        _ => None,
    };
    let mut found = Found::new(Events::CONNECT);
    if let Some(code) = close {
        found.events |= Events::CLOSE;
        found.code = code;
    }
    let may_receive = !state.contains(State::SHUT_RECEIVE);
    let may_send = !is_broken && !state.contains(State::SHUT_SEND);
    found
        .events
        .set(Events::READ, may_receive && matches!(inflow, Inflow::Data));
    found.events.set(Events::WRITE, may_send && polled & POLLOUT != 0);
    found
        .events
        .set(Events::OOB, may_receive && has_urgent(socket, polled));
    found
}

fn inflow(socket: &Socket, state: State, polled: i16) -> Inflow {
    if state.contains(State::RESET) {
        return Inflow::Broken(socket.broken());
    }
    if polled & (POLLRDHUP | POLLHUP | POLLERR) == 0 {
        return if polled & POLLIN != 0 {
            Inflow::Data
        } else {
            Inflow::Nothing
        };
    }
    let (mut byte, flags) = ([0], libc::MSG_PEEK | libc::MSG_DONTWAIT);
    match kernel::receive(&socket.descriptor, UserPointer::to_own(&mut byte), 1, flags) {
        Ok(0) => Inflow::End,
        Ok(_) => Inflow::Data,
        Err(Errno(libc::EAGAIN | libc::EINTR)) => Inflow::Nothing,
        Err(errno) => {
            let code = stream_failure(socket, Operation::Receive, errno);
            // The kernel says so once, and no call of the program has heard it yet.
            if socket.state.has(State::RESET) {
                socket.break_off(code);
            }
            Inflow::Broken(code)
        }
    }
}

/// The codes that FD_CLOSE has (EV.17, EV.22, OBS.6).
fn close_code(broken: WsaError) -> i32 {
    match broken {
        WsaError::WSAECONNRESET | WsaError::WSAENETDOWN => broken,
        _ => WsaError::WSAECONNABORTED,
    }
    .code()
}

/// When this side has shut down both directions, the kernel reports the end at once; FD_CLOSE is about the peer's.
fn peer_has_ended(socket: &Socket, state: State) -> bool {
    !state.contains(State::SHUT_RECEIVE | State::SHUT_SEND)
        || socket.protocol.family == AF_UNIX
        || tcp::has_peer_ended(&socket.descriptor)
}

fn has_urgent(socket: &Socket, polled: i16) -> bool {
    polled & POLLPRI != 0 || !socket.options.is_on(Switch::OOB_INLINE) && socket.urgent.take(true).is_some()
}
