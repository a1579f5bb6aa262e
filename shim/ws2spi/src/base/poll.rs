//! WSAPoll: what each of an array of sockets is ready for.

use super::enter_without_socket;
use super::readiness::{COMMON, MOST_UNMERGED, Readiness, Watch};
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use smallvec::SmallVec;
use std::mem::offset_of;
use std::time::Duration;

/// What can be asked for. POLLPRI and POLLWRBAND are none of it, as with Windows' own provider.
const ASKED: i16 = POLLRDNORM | POLLRDBAND | POLLWRNORM;

/// What every socket is waited for, asked or not.
const ALWAYS: Readiness = Readiness::FAILED
    .union(Readiness::HUNG_UP)
    .union(Readiness::BROKEN);

/// One element of the array.
struct Element {
    asked: i16,
    found: Found,
}

enum Found {
    /// It counts for nothing: its handle is negative.
    Ignored,
    /// Its handle is no socket's.
    Invalid,
    /// Where its socket is in the watch.
    At(u32),
}

/// WSAPoll; `timeout` in milliseconds, negative for ever.
pub(crate) fn poll(array: UserPointer<WSAPOLLFD>, count: u32, timeout: i32) -> Result<i32> {
    enter_without_socket()?;
    if array.is_null() || count == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    let count = count as usize;
    let mut elements = SmallVec::<[Element; COMMON]>::new();
    let mut watch = Watch::new();
    watch.prepare_for(count, count > MOST_UNMERGED).map_err(no_room)?;
    for position in 0..count {
        let given = array.add(position).read()?;
        elements.try_reserve(1).map_err(no_room)?;
        elements.push(Element {
            asked: given.events,
            found: add(&mut watch, given)?,
        });
    }
    // None of them is a socket.
    if watch.sockets.is_empty() {
        return Err(WsaError::WSAEINVAL);
    }
    let any_invalid = elements
        .iter()
        .any(|element| matches!(element.found, Found::Invalid));
    let timeout = match u64::try_from(timeout) {
        // There is something to tell already.
        _ if any_invalid => Some(Duration::ZERO),
        Ok(milliseconds) => Some(Duration::from_millis(milliseconds)),
        Err(_) => None,
    };
    watch.wait(timeout).map_err(|error| match error {
        // More than the kernel looks at, which is WSPSelect's code for it (WSPSelect.8).
        WsaError::WSAEFAULT => WsaError::WSAENOBUFS,
        other => other,
    })?;
    let mut ready = 0;
    for (position, element) in elements.iter().enumerate() {
        let answer = element.answer(&watch);
        let element_at = array.add(position).cast::<u8>();
        element_at
            .add(offset_of!(WSAPOLLFD, revents))
            .cast::<i16>()
            .write(answer)?;
        ready += i32::from(answer != 0 && !matches!(element.found, Found::Ignored));
    }
    Ok(ready)
}

fn no_room(_: smallvec::CollectionAllocErr) -> WsaError {
    WsaError::WSAENOBUFS
}

fn add(watch: &mut Watch, given: WSAPOLLFD) -> Result<Found> {
    if given.fd.cast_signed() < 0 {
        return Ok(Found::Ignored);
    }
    if given.events & !ASKED != 0 {
        return Err(WsaError::WSAEINVAL);
    }
    let mut wanted = ALWAYS;
    wanted.set(Readiness::READ, given.events & POLLRDNORM != 0);
    wanted.set(Readiness::URGENT, given.events & POLLRDBAND != 0);
    wanted.set(Readiness::WRITE, given.events & POLLWRNORM != 0);
    let place = if watch.merges() {
        watch.merge(given.fd, wanted)
    } else {
        let place = watch.sockets.len() as u32;
        watch.add(given.fd, wanted).map(|()| place)
    };
    Ok(place.map_or(Found::Invalid, Found::At))
}

impl Element {
    fn answer(&self, watch: &Watch) -> i16 {
        let ready = match self.found {
            Found::Ignored | Found::Invalid => return POLLNVAL,
            Found::At(place) => watch.sockets[place as usize].ready,
        };
        let mut answer = 0;
        if ready.contains(Readiness::READ) {
            answer |= POLLRDNORM & self.asked;
        }
        if ready.contains(Readiness::URGENT) {
            answer |= POLLRDBAND & self.asked;
        }
        if ready.contains(Readiness::WRITE) {
            answer |= POLLWRNORM & self.asked;
        }
        // A failed attempt is decided, as a successful one is.
        if ready.contains(Readiness::FAILED) {
            answer |= POLLERR | POLLHUP | POLLWRNORM & self.asked;
        }
        if ready.contains(Readiness::HUNG_UP) {
            answer |= POLLHUP;
        }
        if ready.contains(Readiness::BROKEN) {
            answer |= POLLERR;
        }
        answer
    }
}
