//! WSPSelect: which sockets of up to three sets are ready.
//!
//! Winsock's `fd_set` is a count and that many handles. Only so many members are ever touched: the caller's array may
//! be larger or smaller than the 64 of the header (NEED-H8, OBS.42). Up to 64 sockets nothing is allocated.

use super::enter_without_socket;
use super::readiness::{COMMON, MOST_UNMERGED, Readiness, Watch};
use crate::abi::{SOCKET, fd_set};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use libc::timeval;
use smallvec::SmallVec;
use std::mem::offset_of;
use std::time::Duration;

/// What a socket in the third set is ready for.
const EXCEPT: Readiness = Readiness::URGENT.union(Readiness::FAILED);

/// WSPSelect.
pub(crate) fn select(
    read: UserPointer<fd_set>,
    write: UserPointer<fd_set>,
    except: UserPointer<fd_set>,
    timeout: UserPointer<timeval>,
) -> Result<i32> {
    enter_without_socket()?;
    let given = [
        (read, Readiness::READ),
        (write, Readiness::WRITE),
        (except, EXCEPT),
    ];
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
    let several = given.iter().filter(|(set, _)| !set.is_null()).count() > 1;
    let mut watch = Watch::new();
    watch
        .prepare_for(count, several || count > MOST_UNMERGED)
        .map_err(no_room)?;
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

pub(crate) fn duration(timeout: timeval) -> Result<Duration> {
    match (u64::try_from(timeout.tv_sec), u32::try_from(timeout.tv_usec)) {
        (Ok(seconds), Ok(micros)) if micros < 1_000_000 => Ok(Duration::new(seconds, micros * 1000)),
        _ => Err(WsaError::WSAEINVAL),
    }
}

/// Where a set's handles are.
pub(crate) fn members_of(set: UserPointer<fd_set>) -> UserPointer<SOCKET> {
    set.cast::<u8>().add(offset_of!(fd_set, fd_array)).cast()
}

/// Reads as many members as a set says it has, some at a time.
pub(crate) fn for_each_member(
    set: UserPointer<fd_set>,
    mut visit: impl FnMut(&[SOCKET]) -> Result<()>,
) -> Result<()> {
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
    which: Readiness,
    count: u32,
    /// Where the member's socket is in the watch, for each member; empty if they are there in their order.
    places: SmallVec<[u32; COMMON]>,
}

impl Set {
    fn new(at: UserPointer<fd_set>, which: Readiness) -> Self {
        Self {
            at,
            which,
            count: 0,
            places: SmallVec::new(),
        }
    }

    fn read(&mut self, watch: &mut Watch) -> Result<()> {
        let merges = watch.merges();
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
            if watched.ready.intersects(self.which) {
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
