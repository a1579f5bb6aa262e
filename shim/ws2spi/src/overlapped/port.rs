//! Completion ports: a socket's association, and waiting for packets.

use super::helper;
use super::reactor::{self, BATCH};
use super::wait::{Limit, Woken, current, run_apcs};
use crate::abi::WSA_FLAG_OVERLAPPED;
use crate::error::{Result, WsaError};
use crate::object::apc::Thread;
use crate::object::layered::Layered;
use crate::object::port::{Association, Packet, Port};
use crate::object::table::Reference;
use crate::sys::errno;
use crate::sys::watch::{Ready, Set};
use once_cell::race::OnceBox;
use smallvec::SmallVec;
use std::sync::Arc;
use std::time::Duration;

/// Packets taken at once; more than one only for GetQueuedCompletionStatusEx.
pub(crate) type Packets = SmallVec<[Packet; BATCH]>;

/// Has the requests of `socket` report to `port` with `key`. WSA_INVALID_PARAMETER when the socket is not overlapped, or
/// has a port already (NEED-K1).
pub(crate) fn associate(socket: &Reference, port: &Reference<Port>, key: usize) -> Result<()> {
    if socket.creation_flags & WSA_FLAG_OVERLAPPED == 0 {
        return Err(WsaError::WSA_INVALID_PARAMETER);
    }
    assign(&socket.association, port, key)?;
    reactor::move_to_port(socket)
}

/// Has what completes on `layered` report to `port` with `key` (NEED-S6). WSA_INVALID_PARAMETER when it has a port already.
pub(crate) fn associate_layered(layered: &Layered, port: &Reference<Port>, key: usize) -> Result<()> {
    assign(&layered.association, port, key)
}

fn assign(place: &OnceBox<Association>, port: &Reference<Port>, key: usize) -> Result<()> {
    let association = Association {
        port: port.share(),
        key,
    };
    place
        .set(Box::new(association))
        .map_err(|_| WsaError::WSA_INVALID_PARAMETER)
}

/// Takes up to `most` packets into `packets`, waiting for the first. The wait ends with the port, too, and then there are
/// none.
pub(crate) fn dequeue(
    port: &Reference<Port>,
    most: usize,
    limit: Limit,
    alertable: bool,
    packets: &mut Packets,
) -> Woken<()> {
    let mut has_looked = false;
    loop {
        if port.take(most, |packet| packets.push(packet)) > 0 {
            return Woken::Satisfied(());
        }
        if port.is_abandoned() {
            port.pass_on();
            return Woken::Satisfied(());
        }
        let thread = alertable.then(current);
        if let Some(thread) = &thread {
            thread.sleeper.rearm();
            if run_apcs(thread) {
                return Woken::Alerted;
            }
        }
        let left = match limit.left() {
            Some(left) => left,
            None if has_looked => return Woken::TimedOut,
            None => Some(Duration::ZERO),
        };
        has_looked = true;
        match thread {
            None => attend(port, left),
            Some(thread) => attend_alertably(port, &thread, left),
        }
    }
}

/// Waits in the port's set, and carries out what has become possible.
fn attend(port: &Port, timeout: Option<Duration>) {
    let reactor = &port.reactor;
    let mut room = [Ready::NOTHING; BATCH];
    // Where several wait the kernel spreads the work among them.
    let most = if reactor.begin_wait() > 1 { 1 } else { BATCH };
    port.is_heard();
    let found = if port.has_packets() || port.is_abandoned() {
        &[]
    } else {
        reactor.wait(&mut room[..most], timeout)
    };
    port.is_heard();
    if reactor.end_wait() {
        helper::ring();
    }
    port.before_taking(|| reactor::handle(found));
}

/// The same for a wait that an APC ends: the thread must be woken itself, not whoever waits at the port.
fn attend_alertably(port: &Port, thread: &Thread, timeout: Option<Duration>) {
    let reactor = &port.reactor;
    reactor.begin_wait();
    port.is_heard();
    if timeout != Some(Duration::ZERO) && !port.has_packets() && !port.is_abandoned() {
        match set_of_its_own(port) {
            Ok(set) => {
                thread.sleeper.sleep_in(&set, &mut [Ready::NOTHING; 2], timeout);
            }
            // Without descriptors for that one looks again and again.
            Err(_) => thread
                .sleeper
                .park(Some(timeout.map_or(SLICE, |left| left.min(SLICE)))),
        }
    }
    let mut room = [Ready::NOTHING; BATCH];
    let found = reactor.wait(&mut room, Some(Duration::ZERO));
    port.is_heard();
    if reactor.end_wait() {
        helper::ring();
    }
    port.before_taking(|| reactor::handle(found));
}

const SLICE: Duration = Duration::from_millis(10);

/// A set in which only the calling thread waits, and which hears of whatever happens in the port's.
fn set_of_its_own(port: &Port) -> errno::Result<Arc<Set>> {
    let set = Set::new()?;
    set.add(port.reactor.set.descriptor(), 0, libc::EPOLLIN)?;
    Ok(Arc::new(set))
}
