//! A socket: what the kernel does not remember, or remembers more leniently than Winsock.

use super::listener::Listener;
use super::options::Options;
use super::port::Association;
use super::request::Requests;
use super::selection::Selection;
use super::urgent::Urgent;
use crate::address::inet::Inet;
use crate::catalog::base::Protocol;
use crate::error::WsaError;
use crate::sys::fork;
use crate::sys::lock::Lock;
use crate::sys::socket::Descriptor;
use crate::sys::time;
use bitflags::bitflags;
use once_cell::race::OnceBox;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};

bitflags! {
    /// Where a socket stands in its life. Several can hold at once.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(crate) struct State: u32 {
        /// Has a local address.
        const BOUND = 1;
        const LISTENING = 1 << 1;
        /// A non-blocking connect has not been decided.
        const CONNECTING = 1 << 2;
        /// Has a peer; stays when the peer goes (OBS.21).
        const CONNECTED = 1 << 3;
        /// WSPShutdown has ended receiving, sending.
        const SHUT_RECEIVE = 1 << 4;
        const SHUT_SEND = 1 << 5;
        /// The connection was reset.
        const RESET = 1 << 6;
        /// The last non-blocking connect failed (OBS.23).
        const FAILED = 1 << 7;
        const NONBLOCKING = 1 << 8;
        /// One thread is about to end CONNECTING; the others leave the attempt alone.
        const SETTLING = 1 << 10;
        /// Got its local address from WSPBind.
        const NAMED = 1 << 11;
        /// SO_REUSEADDR was on when it was bound.
        const REUSING = 1 << 12;
        /// Was duplicated for another process, which may change it without our doing (WSPDuplicateSocket.5).
        const ABROAD = 1 << 13;
        /// An ICMP port-unreachable came, and no receive has reported it yet (OBS.27).
        const UNREACHABLE = 1 << 14;
        /// Urgent data is of interest: receives take care not to pass it by (OBS.30).
        const URGENT = 1 << 15;
        /// A datagram socket that had a peer: WSPRecv needs another (WSPConnect.7).
        const DISSOLVED = 1 << 16;
        /// A request that ends at once posts no packet (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS).
        const SKIPS_PORT = 1 << 17;
        /// AcceptEx requests take connections from it, so its descriptor never blocks.
        const ACCEPTS_LATER = 1 << 18;
        /// The last WSPCleanup closes it: nobody is told of requests that end with it (WSPCleanup.4).
        const SILENCED = 1 << 19;
        /// An AcceptEx request is to give it a connection.
        const ACCEPTING = 1 << 25;
        /// Connected by AcceptEx or ConnectEx, and not yet told so by SO_UPDATE_ACCEPT_CONTEXT or
        /// SO_UPDATE_CONNECT_CONTEXT.
        const NO_CONTEXT = 1 << 26;
        /// The program has set an option that the kernel keeps.
        const TUNED = 1 << 27;
        /// The descriptor does not block even if the socket does: who blocks waits for it, and then calls.
        const POLLED = 1 << 28;
        /// DisconnectEx has ended the connection.
        const DISCONNECTED = 1 << 29;
        /// A DisconnectEx request is to ready it for another connection.
        const RECYCLING = 1 << 30;
        /// Was bound to the wildcard address before ConnectEx connected it.
        const FROM_WILDCARD = 1 << 31;
        /// Overlapped receives, sends stand in line: synchronous calls come after them.
        const RECEIVES_QUEUED = 1 << 20;
        const SENDS_QUEUED = 1 << 21;
        /// Network events are selected, or were: the calls that re-enable them say so.
        const SELECTED = 1 << 24;
    }
}

/// The state of a socket, changed by any thread at any time.
#[derive(Debug)]
pub(crate) struct StateCell(AtomicU32);

impl StateCell {
    pub(crate) const fn new(state: State) -> Self {
        Self(AtomicU32::new(state.bits()))
    }

    #[inline]
    pub(crate) fn get(&self) -> State {
        State::from_bits_retain(self.0.load(Ordering::Acquire))
    }

    pub(crate) fn has(&self, state: State) -> bool {
        self.get().intersects(state)
    }

    /// Sets `state`; the state before.
    pub(crate) fn set(&self, state: State) -> State {
        State::from_bits_retain(self.0.fetch_or(state.bits(), Ordering::AcqRel))
    }

    /// Clears `state`; the state before.
    pub(crate) fn clear(&self, state: State) -> State {
        State::from_bits_retain(self.0.fetch_and(!state.bits(), Ordering::AcqRel))
    }

    /// Goes from one state to the next in one step, so that of several threads one does; `Ok` with the state before, or
    /// `Err` with the state that `next` has no successor for.
    pub(crate) fn step(&self, next: impl Fn(State) -> Option<State>) -> Result<State, State> {
        self.0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |bits| {
                next(State::from_bits_retain(bits)).map(|next| next.bits())
            })
            .map(State::from_bits_retain)
            .map_err(State::from_bits_retain)
    }

    pub(crate) fn assign(&self, state: State, on: bool) {
        if on {
            self.set(state)
        } else {
            self.clear(state)
        };
    }
}

/// What one or more handles name.
#[derive(Debug)]
pub(crate) struct Socket {
    /// What a listening socket keeps beside the kernel's queue; none while the kernel's is all there is.
    /// Dropped before the descriptor, which its watch names.
    pub(crate) listener: OnceBox<Listener>,
    /// Its overlapped requests; none until the first.
    pub(crate) requests: OnceBox<Requests>,
    /// Its network events; none until they are selected.
    pub(crate) selection: OnceBox<Lock<Selection>>,
    /// The completion port that its requests report to.
    pub(crate) association: OnceBox<Association>,
    /// How many handles of this process name it.
    pub(crate) handles: AtomicU32,
    /// How many duplicates for this process nobody has fetched yet.
    pub(crate) offers: AtomicU32,
    /// A handle was closed by which other threads called: they may block until the socket is shut down.
    pub(crate) was_left: AtomicBool,
    pub(crate) descriptor: Descriptor,
    pub(crate) protocol: &'static Protocol,
    /// The protocol's own number; for raw sockets the entry leaves it open.
    pub(crate) protocol_number: i32,
    /// WSA_FLAG_* it was created with.
    pub(crate) creation_flags: u32,
    pub(crate) state: StateCell,
    /// SO_ERROR: a WSA code, kept until a connect succeeds (OBS.4).
    pub(crate) error: AtomicI32,
    /// Why the connection is broken (RESET): the code that every later transfer gets; 0 for WSAECONNRESET.
    broken: AtomicI32,
    /// Urgent bytes that were passed and not read.
    pub(crate) urgent: Urgent,
    /// When it was connected, in milliseconds of the monotonic clock; 0 before (SO_CONNECT_TIME).
    pub(crate) connected_at: AtomicU64,
    pub(crate) options: Options,
    /// The session it has joined, if it has (WSPJoinLeaf.8).
    pub(crate) session: OnceBox<Session>,
    /// The fork generation it was made in.
    made_at: u32,
}

/// A multipoint session, as its leaf sees it.
#[derive(Debug)]
pub(crate) struct Session {
    /// Where WSPSend sends; nowhere from a leaf that only receives.
    destination: Option<Inet>,
}

impl Session {
    pub(crate) const fn new(destination: Option<Inet>) -> Self {
        Self { destination }
    }
}

impl Socket {
    /// The queue of pending connections that this process keeps, if it does.
    pub(crate) fn own_listener(&self) -> Option<&Listener> {
        self.listener.get().filter(|listener| listener.is_ours())
    }

    /// The group that WSPSend sends to on a socket that is not connected (WSPJoinLeaf.1).
    pub(crate) fn session_destination(&self) -> Option<&Inet> {
        self.session.get()?.destination.as_ref()
    }

    /// The socket's overlapped requests, which from now on it has.
    #[inline]
    pub(crate) fn requests(&self) -> &Requests {
        self.requests.get_or_init(Box::default)
    }

    /// Takes note that the connection stands now (SO_CONNECT_TIME).
    pub(crate) fn note_connected(&self) {
        let now = time::monotonic().as_millis() as u64;
        self.connected_at.store(now.max(1), Ordering::Relaxed);
    }

    /// What is known of a connection that the socket no longer has does not hold for the next.
    pub(crate) fn forget_connection(&self) {
        self.connected_at.store(0, Ordering::Relaxed);
        self.error.store(0, Ordering::Relaxed);
        self.broken.store(0, Ordering::Relaxed);
        while self.urgent.take(false).is_some() {}
    }

    /// Whether something can happen to the socket that wakes nobody who waits for its descriptor: closing does not shut
    /// a shared one down, and a connection may be put into a listener's own queue.
    pub(crate) fn changes_unseen(&self) -> bool {
        self.is_shared() || self.own_listener().is_some()
    }

    /// Whether a connection waits that the kernel does not know of any more.
    pub(crate) fn has_pending(&self) -> bool {
        self.own_listener()
            .is_some_and(|listener| !listener.settled().connections.is_empty())
    }

    /// Whether the kernel refuses connections because as many wait as may: the descriptor then tells nothing.
    pub(crate) fn is_full(&self) -> bool {
        self.own_listener()
            .is_some_and(|listener| listener.settled().is_shut())
    }

    /// Whether closing one handle of this socket must leave the connection alone: other handles name it, or will, it
    /// was passed to another process, or the process has forked since it was made.
    #[inline]
    pub(crate) fn is_shared(&self) -> bool {
        self.is_abroad() || self.has_more_handles_than(1)
    }

    /// Whether the connection goes on when one handle has been closed; `false` with the last one.
    pub(crate) fn goes_on(&self) -> bool {
        self.is_abroad() || self.stays_here()
    }

    /// Whether this process has handles of it still, or will.
    pub(crate) fn stays_here(&self) -> bool {
        self.has_more_handles_than(0)
    }

    fn is_abroad(&self) -> bool {
        self.state.has(State::ABROAD) || self.made_at != fork::generation()
    }

    fn has_more_handles_than(&self, handles: u32) -> bool {
        // In this order: who fetches a duplicate has the handle before the offer goes.
        self.offers.load(Ordering::SeqCst) > 0 || self.handles.load(Ordering::SeqCst) > handles
    }

    /// The connection has ended other than gracefully; `code` is what later transfers get (OBS.26).
    pub(crate) fn break_off(&self, code: WsaError) {
        self.broken.store(code.code(), Ordering::Relaxed);
        self.state.set(State::RESET);
    }

    /// The code for a transfer on a connection that has broken.
    pub(crate) fn broken(&self) -> WsaError {
        match self.broken.load(Ordering::Relaxed) {
            0 => WsaError::WSAECONNRESET,
            code => WsaError::from_code(code),
        }
    }

    pub(crate) fn new(
        descriptor: Descriptor,
        protocol: &'static Protocol,
        protocol_number: i32,
        creation_flags: u32,
        state: State,
        options: Options,
    ) -> Self {
        Self {
            descriptor,
            protocol,
            protocol_number,
            creation_flags,
            state: StateCell::new(state),
            error: AtomicI32::new(0),
            broken: AtomicI32::new(0),
            urgent: Urgent::new(),
            connected_at: AtomicU64::new(0),
            options,
            listener: OnceBox::new(),
            requests: OnceBox::new(),
            selection: OnceBox::new(),
            association: OnceBox::new(),
            handles: AtomicU32::new(0),
            offers: AtomicU32::new(0),
            was_left: AtomicBool::new(false),
            session: OnceBox::new(),
            made_at: fork::generation(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bitflags::Flags;

    /// Two states with one bit would be one state.
    #[test]
    fn each_state_has_a_bit_of_its_own() {
        let mut seen = 0;
        for flag in State::FLAGS {
            let bit = flag.value().bits();
            assert!(bit.is_power_of_two() && seen & bit == 0, "{}", flag.name());
            seen |= bit;
        }
    }
}
