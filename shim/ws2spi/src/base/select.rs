//! WSPSelect: which sockets of up to three sets are ready.
//!
//! Winsock's `fd_set` is a count and that many handles. Only so many members are ever touched: the caller's array may
//! be larger or smaller than the 64 of the header (NEED-H8, OBS.42). Up to 64 sockets nothing is allocated.
//!
//! The kernel's `poll(2)` answers most of the question, but not all: it calls a fresh stream socket writable and hung
//! up, so a socket's own state decides what it is asked (OBS.22).

use super::blocking::SLICE;
use super::connect::{self, Progress};
use super::enter_without_socket;
use crate::abi::{SOCKET, fd_set};
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::object::thread::BlockingCall;
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::time::monotonic;
use crate::sys::wait::{self, Interest};
use crate::upcall::BlockingHook;
use bitflags::bitflags;
use libc::{POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI, timeval};
use smallvec::{SmallVec, smallvec};
use std::mem::offset_of;
use std::time::Duration;

bitflags! {
    /// The three sets, as what a socket is wanted in or is ready for.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    struct Sets: u8 {
        const READ = 1;
        const WRITE = 1 << 1;
        const EXCEPT = 1 << 2;
    }
}

/// The header's FD_SETSIZE: so many sockets are handled without allocating.
const COMMON: usize = 64;

/// The most that is set aside beforehand: a count that cannot be true must not cost memory.
const MOST_AT_ONCE: usize = 1 << 16;

/// A single set of so many members is not searched for duplicates. The kernel takes as many descriptors as the process
/// may have, and a duplicate counts there.
const MOST_UNMERGED: usize = 512;

/// WSPSelect.
pub(crate) fn select(
    read: UserPointer<fd_set>,
    write: UserPointer<fd_set>,
    except: UserPointer<fd_set>,
    timeout: UserPointer<timeval>,
) -> Result<i32> {
    enter_without_socket()?;
    let given = [(read, Sets::READ), (write, Sets::WRITE), (except, Sets::EXCEPT)];
    if given.iter().all(|(set, _)| set.is_null()) {
        return Err(WsaError::WSAEINVAL);
    }
    let timeout = match timeout.non_null() {
        Some(timeout) => Some(duration(timeout.read()?)?),
        None => None,
    };
    let mut count = 0;
    for (set, _) in given {
        if let Some(set) = set.non_null() {
            count += set.cast::<u32>().read()? as usize;
        }
    }
    let mut watch = Watch {
        sockets: SmallVec::new(),
        heads: SmallVec::new(),
    };
    let room = count.min(MOST_AT_ONCE);
    watch.sockets.try_reserve(room).map_err(no_room)?;
    let several = given.iter().filter(|(set, _)| !set.is_null()).count() > 1;
    if several || count > MOST_UNMERGED {
        watch.heads = smallvec![0; room.max(1).next_power_of_two()];
    }
    // In place, because they are large to move.
    let mut sets = given.map(|(at, which)| Set::new(at, which));
    for set in sets.iter_mut().filter(|set| !set.at.is_null()) {
        set.read(&mut watch)?;
    }
    // Every set is empty (WSPSelect.2).
    if watch.sockets.is_empty() {
        return Err(WsaError::WSAEINVAL);
    }
    let any = watch.wait(timeout)?;
    let sets = sets.iter().filter(|set| !set.at.is_null());
    // An error leaves the sets untouched (OBS.42), so nothing is written before everything is known to work.
    for set in sets.clone() {
        set.write_count(set.count)?;
    }
    let mut ready = 0;
    for set in sets {
        ready += if any {
            set.write(&watch)?
        } else {
            set.write_count(0)?
        };
    }
    Ok(ready)
}

/// WPUFDIsSet: whether `handle` is a member. A set that cannot be read has none.
pub(crate) fn is_member(handle: SOCKET, set: UserPointer<fd_set>) -> bool {
    let mut found = false;
    let read = for_each_member(set, |members| {
        found |= members.contains(&handle);
        Ok(())
    });
    read.is_ok() && found
}

fn duration(timeout: timeval) -> Result<Duration> {
    match (u64::try_from(timeout.tv_sec), u32::try_from(timeout.tv_usec)) {
        (Ok(seconds), Ok(micros)) if micros < 1_000_000 => Ok(Duration::new(seconds, micros * 1000)),
        _ => Err(WsaError::WSAEINVAL),
    }
}

/// Where a set's handles are.
fn members_of(set: UserPointer<fd_set>) -> UserPointer<SOCKET> {
    set.cast::<u8>().add(offset_of!(fd_set, fd_array)).cast()
}

/// Reads as many members as a set says it has, some at a time.
fn for_each_member(set: UserPointer<fd_set>, mut visit: impl FnMut(&[SOCKET]) -> Result<()>) -> Result<()> {
    let mut left = set.cast::<u32>().read()? as usize;
    let mut from = members_of(set);
    let mut some = [0; COMMON];
    while left > 0 {
        let some = &mut some[..left.min(COMMON)];
        from.read_slice(some)?;
        visit(some)?;
        from = from.add(some.len());
        left -= some.len();
    }
    Ok(())
}

/// One of the caller's sets.
struct Set {
    at: UserPointer<fd_set>,
    which: Sets,
    count: u32,
    /// Where the member's socket is in the watch, for each member; empty if they are there in their order.
    places: SmallVec<[u32; COMMON]>,
}

impl Set {
    fn new(at: UserPointer<fd_set>, which: Sets) -> Self {
        Self {
            at,
            which,
            count: 0,
            places: SmallVec::new(),
        }
    }

    fn read(&mut self, watch: &mut Watch) -> Result<()> {
        let merges = !watch.heads.is_empty();
        for_each_member(self.at, |some| {
            self.count += some.len() as u32;
            watch.sockets.try_reserve(some.len()).map_err(no_room)?;
            if !merges {
                return some.iter().try_for_each(|&handle| watch.add(handle, self.which));
            }
            self.places.try_reserve(some.len()).map_err(no_room)?;
            for &handle in some {
                self.places.push(watch.merge(handle, self.which)?);
            }
            Ok(())
        })
    }

    /// Leaves the ready members in the set, in their order; how many they are.
    fn write(&self, watch: &Watch) -> Result<i32> {
        let mut some = SmallVec::<[SOCKET; COMMON]>::new();
        let mut to = members_of(self.at);
        let mut count = 0;
        for member in 0..self.count as usize {
            let place = self.places.get(member).map_or(member, |&place| place as usize);
            let watched = &watch.sockets[place];
            if watched.ready.contains(self.which) {
                some.push(watched.socket.handle());
                count += 1;
                if some.len() == COMMON {
                    to.write_slice(&some)?;
                    to = to.add(COMMON);
                    some.clear();
                }
            }
        }
        to.write_slice(&some)?;
        self.write_count(count)
    }

    fn write_count(&self, count: u32) -> Result<i32> {
        self.at.cast().write(count)?;
        Ok(count as i32)
    }
}

/// WSPSelect.8: a shortage is WSAEFAULT here.
fn no_room(_: smallvec::CollectionAllocErr) -> WsaError {
    WsaError::WSAEFAULT
}

/// A socket that is waited for, however many sets it is in and however often. It is held, so that its descriptor
/// stays open while the kernel looks at it.
struct Watched {
    socket: Reference,
    wanted: Sets,
    ready: Sets,
    /// It has hung up, and nothing that is wanted of it can happen any more.
    spent: bool,
    /// The next socket of the same hash: its place + 1; 0 for none.
    next: u32,
}

/// The sockets of all sets.
struct Watch {
    sockets: SmallVec<[Watched; COMMON]>,
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
    /// Adds a member of a set. WSAENOTSOCK if it is no socket.
    #[inline]
    fn add(&mut self, handle: SOCKET, set: Sets) -> Result<()> {
        self.sockets.push(Watched {
            socket: table::look_up(handle)?,
            wanted: set,
            ready: Sets::empty(),
            spent: false,
            next: 0,
        });
        Ok(())
    }

    /// Adds a member of a set unless another set, or the same, had it; its place.
    fn merge(&mut self, handle: SOCKET, set: Sets) -> Result<u32> {
        let hash = (handle >> 2) & (self.heads.len() - 1);
        let mut place = self.heads[hash];
        while let Some(at) = place.checked_sub(1) {
            let watched = &mut self.sockets[at as usize];
            if watched.socket.handle() == handle {
                watched.wanted |= set;
                return Ok(at);
            }
            place = watched.next;
        }
        let at = self.sockets.len();
        self.add(handle, set)?;
        self.sockets[at].next = self.heads[hash];
        self.heads[hash] = at as u32 + 1;
        Ok(at as u32)
    }

    /// Waits until a socket is ready or the time is over; whether any is.
    fn wait(&mut self, timeout: Option<Duration>) -> Result<bool> {
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
            outlook.ready |= !watched.ready.is_empty();
            let events = match watched.spent {
                true => None,
                false => events(&watched.socket, state, watched.wanted),
            };
            if events.is_none() || !polls && watched.socket.changes_unseen() {
                watched.check_open()?;
                outlook.partial = true;
            }
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
    fn check_open(&self) -> Result<()> {
        if self.socket.is_closed() {
            Err(WsaError::WSAENOTSOCK)
        } else {
            Ok(())
        }
    }

    fn judge(&mut self, found: i16) -> Result<()> {
        self.check_open()?;
        if found & libc::POLLNVAL != 0 {
            return Err(WsaError::WSAENOTSOCK);
        }
        let ended = found & (POLLHUP | POLLERR) != 0;
        let mut ready = Sets::empty();
        match Phase::of(&self.socket, self.socket.state.get()) {
            Phase::Idle => {}
            Phase::Listening => ready.set(Sets::READ, found & POLLIN != 0 && !ended),
            Phase::Connecting => match connect::settle(&self.socket) {
                Progress::Pending => {}
                Progress::Connected => ready = Sets::WRITE,
                Progress::Failed(_) => ready = Sets::EXCEPT,
            },
            Phase::Open => {
                // What would end at once is ready: after a reset, both receiving and sending.
                ready.set(Sets::READ, found & POLLIN != 0 || ended);
                ready.set(Sets::WRITE, found & POLLOUT != 0 || ended);
                ready.set(Sets::EXCEPT, found & POLLPRI != 0);
                self.spent = ended && (ready & self.wanted).is_empty();
            }
        }
        self.ready |= ready & self.wanted;
        Ok(())
    }
}

/// How a socket's state bears on what its descriptor says.
pub(super) enum Phase {
    /// A stream that is neither connected nor on the way there: in no set, except for a failed connect.
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
fn already(socket: &Socket, state: State) -> Sets {
    const LOOK_AT: State = State::LISTENING
        .union(State::RESET)
        .union(State::FAILED)
        .union(State::UNREACHABLE)
        .union(State::URGENT);
    let mut ready = Sets::empty();
    if !state.intersects(LOOK_AT) {
        return ready;
    }
    if state.contains(State::RESET) {
        ready |= Sets::READ | Sets::WRITE;
    }
    if state.contains(State::LISTENING) && socket.has_pending() {
        ready |= Sets::READ;
    }
    // The next receive will report it (OBS.27).
    if state.contains(State::UNREACHABLE) && !socket.options.is_on(Switch::NO_UDP_RESET) {
        ready |= Sets::READ;
    }
    // A failed connect shows until the next attempt (OBS.23).
    if state.contains(State::FAILED) && !state.intersects(State::CONNECTING | State::CONNECTED) {
        ready |= Sets::EXCEPT;
    }
    // A receive has passed it by (OBS.30).
    if state.contains(State::URGENT)
        && !socket.options.is_on(Switch::OOB_INLINE)
        && socket.urgent.take(true).is_some()
    {
        ready |= Sets::EXCEPT;
    }
    ready
}

/// What to poll a socket for; nothing when its descriptor cannot tell.
fn events(socket: &Socket, state: State, wanted: Sets) -> Option<i16> {
    match Phase::of(socket, state) {
        Phase::Idle => None,
        Phase::Listening => (wanted.contains(Sets::READ) && !socket.is_full()).then_some(POLLIN),
        // Also for the read set: what comes after the connect.
        Phase::Connecting => Some(POLLOUT),
        Phase::Open => {
            let mut events = 0;
            if wanted.contains(Sets::READ) {
                events |= POLLIN;
            }
            if wanted.contains(Sets::WRITE) {
                events |= POLLOUT;
            }
            if wanted.contains(Sets::EXCEPT) && !socket.options.is_on(Switch::OOB_INLINE) {
                events |= POLLPRI;
            }
            Some(events)
        }
    }
}
