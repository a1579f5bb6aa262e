//! What sockets are ready for, and waiting until one of them is: what WSPSelect and WSAPoll share.
//!
//! The kernel's `poll(2)` answers most of the question, but not all: it calls a fresh stream socket writable and hung
//! up, so a socket's own state decides what it is asked (OBS.22).

use super::blocking::SLICE;
use super::connect::{self, Progress};
use crate::abi::SOCKET;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::object::thread::BlockingCall;
use crate::sys::errno::Errno;
use crate::sys::time::monotonic;
use crate::sys::wait::{self, Interest};
use crate::upcall::BlockingHook;
use bitflags::bitflags;
use libc::{POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI, POLLRDHUP};
use smallvec::{CollectionAllocErr, SmallVec, smallvec};
use std::time::Duration;

bitflags! {
    /// What a socket is wanted for, or ready for.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(super) struct Readiness: u8 {
        const READ = 1;
        const WRITE = 1 << 1;
        /// Out-of-band data waits.
        const URGENT = 1 << 2;
        /// The last non-blocking connect has failed.
        const FAILED = 1 << 3;
        /// The peer has ended the connection, one way or another.
        const HUNG_UP = 1 << 4;
        /// The connection has broken, or the socket was closed during the wait. Who does not want to hear of this is
        /// told WSAENOTSOCK of closing.
        const BROKEN = 1 << 5;
    }
}

/// So many sockets are handled without allocating.
pub(super) const COMMON: usize = 64;

/// The most that is set aside beforehand: a count that cannot be true must not cost memory.
const MOST_AT_ONCE: usize = 1 << 16;

/// So many sockets are not searched for duplicates. The kernel takes as many descriptors as the process may have, and a
/// duplicate counts there.
pub(super) const MOST_UNMERGED: usize = 512;

/// A socket that is waited for, however often it was named. It is held, so that its descriptor stays open while the
/// kernel looks at it.
pub(super) struct Watched {
    pub(super) socket: Reference,
    wanted: Readiness,
    /// What is wanted and holds.
    pub(super) ready: Readiness,
    /// It has hung up, and nothing that is wanted of it can happen any more.
    spent: bool,
    /// The next socket of the same hash: its place + 1; 0 for none.
    next: u32,
}

/// Sockets that are waited for at once.
pub(super) struct Watch {
    pub(super) sockets: SmallVec<[Watched; COMMON]>,
    /// For each hash the place + 1 of its first socket; empty when a socket may be here twice.
    heads: SmallVec<[u32; 2 * COMMON]>,
}

/// What is known before the kernel is asked.
struct Outlook {
    /// Some socket is ready already.
    ready: bool,
    /// The kernel does not wake this thread for everything that may happen to one of the sockets.
    partial: bool,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            sockets: SmallVec::new(),
            heads: SmallVec::new(),
        }
    }

    /// Makes room for `count` sockets. `merges`: one that is named twice is watched once.
    pub(super) fn prepare_for(
        &mut self,
        count: usize,
        merges: bool,
    ) -> std::result::Result<(), CollectionAllocErr> {
        let room = count.min(MOST_AT_ONCE);
        self.sockets.try_reserve(room)?;
        if merges {
            self.heads = smallvec![0; room.max(1).next_power_of_two()];
        }
        Ok(())
    }

    pub(super) fn merges(&self) -> bool {
        !self.heads.is_empty()
    }

    /// Adds a socket. WSAENOTSOCK if it is none.
    #[inline]
    pub(super) fn add(&mut self, handle: SOCKET, wanted: Readiness) -> Result<()> {
        self.sockets.push(Watched {
            socket: table::look_up(handle)?,
            wanted,
            ready: Readiness::empty(),
            spent: false,
            next: 0,
        });
        Ok(())
    }

    /// Adds a socket unless it was before; its place.
    pub(super) fn merge(&mut self, handle: SOCKET, wanted: Readiness) -> Result<u32> {
        let hash = (handle >> 2) & (self.heads.len() - 1);
        let mut place = self.heads[hash];
        while let Some(at) = place.checked_sub(1) {
            let watched = &mut self.sockets[at as usize];
            if watched.socket.handle() == handle {
                watched.wanted |= wanted;
                return Ok(at);
            }
            place = watched.next;
        }
        let at = self.sockets.len();
        self.add(handle, wanted)?;
        self.sockets[at].next = self.heads[hash];
        self.heads[hash] = at as u32 + 1;
        Ok(at as u32)
    }

    /// Waits until a socket is ready or the time is over; whether any is.
    pub(super) fn wait(&mut self, timeout: Option<Duration>) -> Result<bool> {
        let mut interests: SmallVec<[Interest; COMMON]> = smallvec![Interest::NONE; self.sockets.len()];
        let polls = timeout == Some(Duration::ZERO);
        // {0,0} does not block (WSPSelect.7).
        let blocking = (!polls).then(BlockingCall::start_on_many);
        let hook = blocking
            .as_ref()
            .and_then(|_| BlockingHook::query(self.sockets[0].socket.protocol.catalog_entry));
        let end = timeout
            .filter(|_| !polls)
            .map(|timeout| monotonic().saturating_add(timeout));
        let mut left = timeout;
        loop {
            let outlook = self.prepare(&mut interests, polls)?;
            let limit = match left {
                _ if outlook.ready => Some(Duration::ZERO),
                left if outlook.partial || hook.is_some() => Some(left.map_or(SLICE, |left| left.min(SLICE))),
                left => left,
            };
            let found = match &blocking {
                Some(blocking) if limit != Some(Duration::ZERO) => {
                    let may_wait = || blocking.check_not_cancelled().is_ok();
                    // Most often something is ready, and asking twice otherwise is cheaper than having the kernel put
                    // the thread into the queue of every socket first.
                    match wait::poll(&mut interests, Some(Duration::ZERO)) {
                        Ok(0) => wait::poll_endable(&mut interests, limit, may_wait),
                        found => found,
                    }
                }
                _ => wait::poll(&mut interests, limit),
            };
            if let Some(blocking) = &blocking {
                blocking.check_not_cancelled()?;
            }
            match found {
                Ok(found) => {
                    let ready = (found > 0 || outlook.ready) && self.judge(&interests)?;
                    let over = left.is_some_and(|left| left.is_zero() || found == 0 && limit == Some(left));
                    if ready || over {
                        return Ok(ready);
                    }
                }
                Err(Errno(libc::EINTR)) => {}
                Err(errno) => return Err(WsaError::from_errno(Operation::Select, errno)),
            }
            if hook.is_some_and(|hook| !hook.run()) {
                return Err(WsaError::WSAEINTR);
            }
            if let Some(end) = end {
                left = Some(end.saturating_sub(monotonic()));
            }
        }
    }

    /// Says what the kernel is to look for, as each socket stands now.
    fn prepare(&mut self, interests: &mut [Interest], polls: bool) -> Result<Outlook> {
        let mut outlook = Outlook {
            ready: false,
            partial: false,
        };
        for (watched, interest) in self.sockets.iter_mut().zip(interests) {
            let state = watched.socket.state.get();
            watched.ready = already(&watched.socket, state) & watched.wanted;
            let events = match watched.spent {
                true => None,
                false => events(&watched.socket, state, watched.wanted),
            };
            if events.is_none() || !polls && watched.socket.changes_unseen() {
                watched.is_open()?;
                outlook.partial = true;
            }
            outlook.ready |= !watched.ready.is_empty();
            *interest = events.map_or(Interest::NONE, |events| {
                Interest::new(&watched.socket.descriptor, events)
            });
        }
        Ok(outlook)
    }

    /// Takes up what the kernel found; whether anything is ready.
    fn judge(&mut self, interests: &[Interest]) -> Result<bool> {
        let mut any = false;
        for (watched, interest) in self.sockets.iter_mut().zip(interests) {
            if interest.found() != 0 {
                watched.judge(interest.found())?;
            }
            any |= !watched.ready.is_empty();
        }
        Ok(any)
    }
}

impl Watched {
    /// Another thread may close the socket during the wait; the shutdown that goes with it wakes this one.
    fn is_open(&mut self) -> Result<bool> {
        if !self.socket.is_closed() {
            return Ok(true);
        }
        if !self.wanted.contains(Readiness::BROKEN) {
            return Err(WsaError::WSAENOTSOCK);
        }
        self.ready = Readiness::BROKEN;
        Ok(false)
    }

    fn judge(&mut self, found: i16) -> Result<()> {
        if !self.is_open()? {
            return Ok(());
        }
        if found & libc::POLLNVAL != 0 {
            return Err(WsaError::WSAENOTSOCK);
        }
        let ended = found & (POLLHUP | POLLERR) != 0;
        let mut ready = Readiness::empty();
        match Phase::of(&self.socket, self.socket.state.get()) {
            Phase::Idle => {}
            Phase::Listening => ready.set(Readiness::READ, found & POLLIN != 0 && !ended),
            Phase::Connecting => match connect::settle(&self.socket) {
                Progress::Pending => {}
                Progress::Connected => ready = Readiness::WRITE,
                Progress::Failed(_) => ready = Readiness::FAILED,
            },
            Phase::Open => {
                // What would end at once is ready: after a reset, both receiving and sending.
                ready.set(Readiness::READ, found & POLLIN != 0 || ended);
                ready.set(Readiness::WRITE, found & POLLOUT != 0 || ended);
                ready.set(Readiness::URGENT, found & POLLPRI != 0);
                if self.socket.protocol.is_stream() {
                    ready.set(Readiness::HUNG_UP, found & POLLRDHUP != 0 || ended);
                    ready.set(Readiness::BROKEN, found & POLLERR != 0);
                }
                self.spent = ended && (ready & self.wanted).is_empty();
            }
        }
        self.ready |= ready & self.wanted;
        Ok(())
    }
}

/// How a socket's state bears on what its descriptor says.
pub(super) enum Phase {
    /// A stream that is neither connected nor on the way there: ready for nothing, except for a failed connect.
    Idle,
    Listening,
    Connecting,
    /// Connected, or without connections.
    Open,
}

impl Phase {
    pub(super) fn of(socket: &Socket, state: State) -> Self {
        if !socket.protocol.is_stream() || state.contains(State::CONNECTED) {
            Self::Open
        } else if state.contains(State::LISTENING) {
            Self::Listening
        } else if state.contains(State::CONNECTING) {
            Self::Connecting
        } else {
            Self::Idle
        }
    }
}

/// What a socket is ready for whatever its descriptor says.
fn already(socket: &Socket, state: State) -> Readiness {
    const LOOK_AT: State = State::LISTENING
        .union(State::RESET)
        .union(State::FAILED)
        .union(State::UNREACHABLE)
        .union(State::URGENT);
    let mut ready = Readiness::empty();
    if !state.intersects(LOOK_AT) {
        return ready;
    }
    if state.contains(State::RESET) {
        ready |= Readiness::READ | Readiness::WRITE | Readiness::HUNG_UP | Readiness::BROKEN;
    }
    if state.contains(State::LISTENING) && socket.has_pending() {
        ready |= Readiness::READ;
    }
    // The next receive will report it (OBS.27).
    if state.contains(State::UNREACHABLE) && !socket.options.is_on(Switch::NO_UDP_RESET) {
        ready |= Readiness::READ;
    }
    // A failed connect shows until the next attempt (OBS.23).
    if state.contains(State::FAILED) && !state.intersects(State::CONNECTING | State::CONNECTED) {
        ready |= Readiness::FAILED;
    }
    // A receive has passed it by (OBS.30).
    if state.contains(State::URGENT)
        && !socket.options.is_on(Switch::OOB_INLINE)
        && socket.urgent.take(true).is_some()
    {
        ready |= Readiness::URGENT;
    }
    ready
}

/// What to poll a socket for; nothing when its descriptor cannot tell.
fn events(socket: &Socket, state: State, wanted: Readiness) -> Option<i16> {
    match Phase::of(socket, state) {
        Phase::Idle => None,
        Phase::Listening => (wanted.contains(Readiness::READ) && !socket.is_full()).then_some(POLLIN),
        // Also for the read set: what comes after the connect.
        Phase::Connecting => Some(POLLOUT),
        Phase::Open => {
            let mut events = 0;
            if wanted.contains(Readiness::READ) {
                events |= POLLIN;
            }
            if wanted.contains(Readiness::WRITE) {
                events |= POLLOUT;
            }
            if wanted.contains(Readiness::URGENT) && !socket.options.is_on(Switch::OOB_INLINE) {
                events |= POLLPRI;
            }
            if wanted.contains(Readiness::HUNG_UP) {
                events |= POLLRDHUP;
            }
            Some(events)
        }
    }
}
