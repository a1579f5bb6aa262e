//! The pending connections of a listening socket with an exact backlog.
//!
//! Connections wait in two places: taken over, in the socket's own queue, and behind them in the kernel's. The kernel
//! is told to admit only as many as there is room for, so that together they never are more than the backlog.

use super::watch;
use crate::base::sharing;
use crate::error::{Operation, Result, WsaError};
use crate::object::listener::{Connection, Exact, Listener, MovingDoor};
use crate::object::request::Direction;
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{reactor, selection};
use crate::sys::errno::Errno;
use crate::sys::socket as kernel;
use crate::sys::tcp;
use std::time::Duration;

/// Takes the oldest connection that was taken over. Its place stays taken until it is put back or given up.
pub(crate) fn take(listener: &Listener) -> Option<Connection> {
    let mut queue = listener.settled();
    let connection = queue.connections.pop_front()?;
    queue.deciding += 1;
    Some(connection)
}

/// Puts a connection first in line (WSPAccept.4): to the place that was kept for it, or to one that the kernel then has
/// less.
pub(crate) fn put_back(socket: &Socket, listener: &Listener, connection: Connection, keeps_place: bool) {
    let mut door = listener.move_door();
    {
        let mut queue = door.queue();
        queue.deciding -= usize::from(keeps_place);
        queue.connections.push_front(connection);
    }
    if !keeps_place && door.is_open {
        let _ = admit(socket, &mut door);
    }
    drop(door);
    announce(socket);
}

/// Connections in the socket's own queue are not the kernel's to tell of: who waits for one looks here.
pub(super) fn announce(socket: &Socket) {
    if socket.has_pending() {
        reactor::hurry(socket, Direction::Receive);
        selection::look(socket);
    }
}

/// Gives up the place of a connection that was taken, and lets the kernel admit another one for it.
pub(crate) fn give_up_place(socket: &Socket, listener: &Listener) {
    let mut door = listener.move_door();
    door.queue().deciding -= 1;
    // If it fails, the next accept or listen tries again (WSPListen.6).
    let _ = admit(socket, &mut door);
}

/// Has the kernel admit a connection for each AcceptEx request that waits, beyond the backlog: it would not stay in the
/// queue. `leaving` of the requests do not wait any more.
pub(crate) fn make_room_for_requests(socket: &Socket, leaving: usize) {
    if let Some(listener) = socket.own_listener() {
        let _ = admit_beside(socket, &mut listener.move_door(), leaving);
    }
}

/// Opens a door that could not be opened when there was room again; says why it still cannot. False when no connection
/// can come: other threads decide about as many as may wait.
pub(crate) fn reopen_if_shut(socket: &Socket, listener: &Listener) -> Result<bool> {
    if !listener.settled().is_shut() {
        return Ok(true);
    }
    let mut door = listener.move_door();
    admit(socket, &mut door)?;
    Ok(door.is_open || !door.queue().connections.is_empty())
}

/// Has the kernel admit as many connections as there is room for.
fn admit(socket: &Socket, door: &mut MovingDoor<'_>) -> Result<()> {
    admit_beside(socket, door, 0)
}

fn admit_beside(socket: &Socket, door: &mut MovingDoor<'_>, leaving: usize) -> Result<()> {
    let taken = door.queue().taken() + leaving;
    let room = limit(socket, door).map_or(0, |limit| limit.saturating_sub(taken));
    if room == 0 {
        Ok(())
    } else {
        listen(socket, room, door)
    }
}

/// How many connections may wait: the backlog, and one for each request that waits for it.
fn limit(socket: &Socket, door: &MovingDoor<'_>) -> Option<usize> {
    let limit = door.queue().limit()?;
    let requests = socket
        .requests
        .get()
        .map_or(0, |requests| requests.receive.lock().len());
    Some(limit + requests)
}

/// Listens for `room` connections; the kernel admits one more than it is told.
fn listen(socket: &Socket, room: usize, door: &mut MovingDoor<'_>) -> Result<()> {
    if !door.is_open {
        // Accepted connections hold the port too.
        let _ = sharing::reuse_time_wait(socket, true);
    }
    kernel::listen(&socket.descriptor, i32::try_from(room - 1).unwrap_or(i32::MAX))
        .map_err(|errno| WsaError::from_errno(Operation::Listen, errno))?;
    door.is_open = true;
    let_requests_in(socket, door);
    Ok(())
}

/// Changes the backlog to `count`, kept exactly or left to the kernel. The oldest connections stay; those that the
/// new backlog has no room for are reset and dropped (WSPListen.3).
pub(super) fn change(socket: &Reference, listener: &Listener, count: usize, exact: bool) -> Result<()> {
    let mut door = listener.move_door();
    let before = door.queue().left_to_kernel.take();
    // All of it is the kernel's, and stays so: there is nothing to take over and nothing to drop.
    if before.is_some_and(|before| before <= count)
        && !exact
        && door.is_open
        && door.queue().taken() == 0
        && !socket.is_shared()
    {
        listen(socket, count, &mut door)?;
        door.queue().left_to_kernel = Some(count);
        return Ok(());
    }
    // Taking over must not block, and neither may others while it goes on.
    let _ = kernel::set_nonblocking(&socket.descriptor, true);
    let outcome = rearrange(socket, &mut door, count, exact);
    drop(door);
    apply_blocking_mode(socket);
    announce(socket);
    outcome
}

/// Changes who keeps the queue, and makes it fit its new size.
fn rearrange(socket: &Reference, door: &mut MovingDoor<'_>, count: usize, exact: bool) -> Result<()> {
    let old = door.queue().exact.take();
    let grows = old.as_ref().is_some_and(|old| old.limit <= count);
    if exact {
        let watched = old.map(|exact| exact.watched);
        let watched = match watched {
            Some(watched) => watched,
            None => watch::add(socket)?,
        };
        door.queue().exact = Some(Exact {
            limit: count,
            watched,
        });
    } else {
        drop(old);
    }
    let pending = pending(socket, door);
    if door.is_open && (pending > count || exact && pending == count) {
        stop_requests(socket, door);
        std::thread::sleep(GRACE);
        shut(socket, door);
    }
    if !grows {
        reset_excess(door, count);
    }
    let room = count.saturating_sub(door.queue().taken());
    if room > 0 || !exact {
        listen(socket, room.max(1), door)?;
    }
    door.queue().left_to_kernel = (!exact).then_some(count);
    Ok(())
}

/// How many connections wait, here and in the kernel.
fn pending(socket: &Socket, door: &MovingDoor<'_>) -> usize {
    let queued = if door.is_open {
        tcp::queued_connections(&socket.descriptor).unwrap_or(0)
    } else {
        0
    };
    door.queue().taken() + queued as usize
}

fn reset_excess(door: &MovingDoor<'_>, count: usize) {
    let excess = {
        let mut queue = door.queue();
        let kept = count.saturating_sub(queue.deciding).min(queue.connections.len());
        queue.connections.split_off(kept)
    };
    for connection in &excess {
        kernel::reset_on_close(&connection.descriptor);
    }
}

/// How long handshakes that are under way get to end before the door is shut.
///
/// A client whose handshake is under way believes in its connection before the kernel has queued it. So first no new
/// requests are let in, then those get time and room, and may for once be more than the backlog: better than to be
/// reset after having been told that they are connected.
pub(super) const GRACE: Duration = Duration::from_millis(10);

/// The first step of shutting the door, when the queue is full: no more requests, and what is in the kernel's queue is
/// taken over. What this says of the time until the next look is in [`Fill`].
pub(super) fn stop_requests_if_full(socket: &Socket, listener: &Listener) -> Fill {
    let mut door = listener.move_door();
    let Some(limit) = limit(socket, &door) else {
        return Fill::Full;
    };
    let pending = pending(socket, &door);
    if door.is_open && pending >= limit {
        stop_requests(socket, &mut door);
        Fill::Full
    } else if pending * 2 < limit {
        Fill::FarFromFull
    } else {
        Fill::NearFull
    }
}

/// How full a queue is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fill {
    /// There is room for many more, so there is no hurry to look again.
    FarFromFull,
    NearFull,
    /// No more requests are let in: the door is to be shut after the grace.
    Full,
}

/// The second step: if no room was made meanwhile, the kernel answers new requests with a reset from now on.
pub(super) fn shut_if_still_full(socket: &Socket, listener: &Listener) {
    let mut door = listener.move_door();
    if door.queue().requests_stopped {
        let limit = limit(socket, &door);
        if limit.is_some_and(|limit| pending(socket, &door) >= limit) {
            shut(socket, &mut door);
        } else {
            let_requests_in(socket, &door);
        }
        if door.is_open {
            let _ = admit(socket, &mut door);
        }
    }
}

fn stop_requests(socket: &Socket, door: &mut MovingDoor<'_>) {
    door.queue().requests_stopped = true;
    // Some kernels let only privileged processes filter TCP. There the full queue itself has to keep requests out, so
    // it stays as it is until the door is shut, and handshakes under way are lost.
    if kernel::drop_requests(&socket.descriptor, true).is_ok() {
        let _ = kernel::listen(&socket.descriptor, i32::MAX);
        empty(socket, door);
    }
}

fn let_requests_in(socket: &Socket, door: &MovingDoor<'_>) {
    if std::mem::take(&mut door.queue().requests_stopped) {
        let _ = kernel::drop_requests(&socket.descriptor, false);
    }
}

/// Takes the rest over, and the socket out of LISTEN; the port is kept. Without descriptors the door stays open: what
/// is left stays with the kernel, to be served when there are some (WSPListen.6).
fn shut(socket: &Socket, door: &mut MovingDoor<'_>) {
    let address = kernel::local_address(&socket.descriptor);
    // Without a filter no request may come in while the first connections are taken: a queue of one place is full to
    // the last.
    let _ = kernel::listen(&socket.descriptor, 0);
    if empty(socket, door) && kernel::shutdown(&socket.descriptor, libc::SHUT_RD).is_ok() {
        door.is_open = false;
        // The kernel forgets a port that it has chosen itself; the connections taken over keep others from it.
        if let Ok(address) = address {
            let _ = kernel::bind(&socket.descriptor, &address);
        }
        // A socket that does not listen shares its port with whoever asks for the same (WSPBind.8).
        let _ = sharing::reuse_time_wait(socket, false);
    }
    let_requests_in(socket, door);
}

/// Accepts until nothing is left; false if something had to be.
fn empty(socket: &Socket, door: &MovingDoor<'_>) -> bool {
    loop {
        match kernel::accept(&socket.descriptor, false) {
            Ok((descriptor, peer)) => {
                // It may have taken the filter over from its listener.
                let _ = kernel::drop_requests(&descriptor, false);
                door.queue()
                    .connections
                    .push_back(Connection { descriptor, peer });
            }
            Err(Errno(libc::EINTR | libc::ECONNABORTED)) => {}
            Err(Errno(libc::EAGAIN)) => return true,
            Err(_) => return false,
        }
    }
}

/// Leaves the queue to the kernel, which the child of a fork shares.
pub(super) fn leave_to_kernel(socket: &Socket) {
    let Some(listener) = socket.own_listener() else {
        return;
    };
    let mut door = listener.move_door();
    let Some(exact) = door.queue().exact.take() else {
        return;
    };
    let _ = listen(socket, exact.limit, &mut door);
    drop(door);
    apply_blocking_mode(socket);
}

/// The descriptor of an exact queue never blocks, since it is accepted from by the watching thread too, nor does one that
/// AcceptEx requests accept from, nor one that is polled; every other one does as its socket does.
pub(crate) fn apply_blocking_mode(socket: &Socket) {
    let exact = socket
        .own_listener()
        .is_some_and(|listener| listener.queue().exact.is_some());
    loop {
        const NEVER: State = State::NONBLOCKING
            .union(State::ACCEPTS_LATER)
            .union(State::POLLED);
        let never_blocks = exact || socket.state.has(NEVER);
        let _ = kernel::set_nonblocking(&socket.descriptor, never_blocks);
        // Of two threads that change it, the one that comes last sees both changes.
        if never_blocks == (exact || socket.state.has(NEVER)) {
            return;
        }
    }
}
