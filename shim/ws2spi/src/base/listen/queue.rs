//! The pending connections of a listening socket with an exact backlog.
//!
//! Connections wait in two places: taken over, in the socket's own queue, and behind them in the kernel's. The kernel
//! is told to admit only as many as there is room for, so that together they never are more than the backlog.

use super::watch;
use crate::error::{Operation, Result, WsaError};
use crate::object::listener::{Connection, Exact, Listener, MovingDoor};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::errno::Errno;
use crate::sys::socket as kernel;

/// Takes the oldest connection that was taken over. Its place stays taken until it is put back or given up.
pub(crate) fn take(listener: &Listener) -> Option<Connection> {
    let mut queue = listener.settled();
    let connection = queue.connections.pop_front()?;
    queue.deciding += 1;
    Some(connection)
}

/// Puts a connection first in line (WSPAccept.4): to the place that was kept for it, or to one that the kernel then has
/// less.
pub(crate) fn put_back(socket: &Reference, listener: &Listener, connection: Connection, keeps_place: bool) {
    let mut door = listener.move_door();
    {
        let mut queue = door.queue();
        queue.deciding -= usize::from(keeps_place);
        queue.connections.push_front(connection);
    }
    if !keeps_place && door.is_open {
        let _ = admit(socket, &mut door);
    }
}

/// Gives up the place of a connection that was taken, and lets the kernel admit another one for it.
pub(crate) fn give_up_place(socket: &Reference, listener: &Listener) {
    let mut door = listener.move_door();
    door.queue().deciding -= 1;
    // If it fails, the next accept or listen tries again (WSPListen.6).
    let _ = admit(socket, &mut door);
}

/// Opens a door that could not be opened when there was room again; says why it still cannot.
pub(crate) fn reopen_if_shut(socket: &Reference, listener: &Listener) -> Result<()> {
    if listener.settled().is_shut() {
        admit(socket, &mut listener.move_door())
    } else {
        Ok(())
    }
}

/// Has the kernel admit as many connections as there is room for.
fn admit(socket: &Reference, door: &mut MovingDoor<'_>) -> Result<()> {
    let (limit, taken) = {
        let queue = door.queue();
        (queue.limit(), queue.taken())
    };
    let room = limit.map_or(0, |limit| limit.saturating_sub(taken));
    if room == 0 {
        Ok(())
    } else {
        listen(socket, room, door)
    }
}

/// Listens for `room` connections; the kernel admits one more than it is told.
fn listen(socket: &Reference, room: usize, door: &mut MovingDoor<'_>) -> Result<()> {
    kernel::listen(&socket.descriptor, i32::try_from(room - 1).unwrap_or(i32::MAX))
        .map_err(|errno| WsaError::from_errno(Operation::Listen, errno))?;
    door.is_open = true;
    Ok(())
}

/// Changes the backlog to `count`, kept exactly or left to the kernel. The oldest connections stay; those that the
/// new backlog has no room for are reset and dropped (WSPListen.3).
pub(super) fn change(socket: &Reference, listener: &Listener, count: usize, exact: bool) -> Result<()> {
    let mut door = listener.move_door();
    // Taking over must not block, and neither may others while it goes on.
    let _ = kernel::set_nonblocking(&socket.descriptor, true);
    if exact {
        let watched = door.queue().exact.take().map(|exact| exact.watched);
        let watched = match watched {
            Some(watched) => watched,
            None => watch::add(socket)?,
        };
        door.queue().exact = Some(Exact {
            limit: count,
            watched,
        });
    } else {
        door.queue().exact = None;
    }
    let pending = pending(socket, &door);
    if door.is_open && (pending > count || exact && pending == count) {
        take_over(socket, &mut door);
    }
    reset_excess(&door, count);
    let room = count.saturating_sub(door.queue().taken());
    if room > 0 || !exact {
        listen(socket, room.max(1), &mut door)?;
    }
    drop(door);
    apply_blocking_mode(socket);
    Ok(())
}

/// How many connections wait, here and in the kernel.
fn pending(socket: &Reference, door: &MovingDoor<'_>) -> usize {
    let queued = if door.is_open {
        kernel::queued_connections(&socket.descriptor).unwrap_or(0)
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

/// Shuts the door if the queue is full: something has arrived. False if there is room for many more, so that there
/// is no hurry to look again.
pub(super) fn shut_if_full(socket: &Reference, listener: &Listener) -> bool {
    let mut door = listener.move_door();
    let Some(limit) = door.queue().limit() else {
        return true;
    };
    let pending = pending(socket, &door);
    if door.is_open && pending >= limit {
        take_over(socket, &mut door);
        // Others may have accepted meanwhile.
        let _ = admit(socket, &mut door);
    }
    pending * 2 >= limit
}

/// Takes the connections over that are in the kernel's queue, and the socket out of LISTEN: new requests are answered
/// with a reset. The port is kept.
fn take_over(socket: &Reference, door: &mut MovingDoor<'_>) {
    let descriptor = &socket.descriptor;
    let address = kernel::local_address(descriptor);
    // Nothing may come into the queue while it is emptied: the shutdown would reset it.
    let _ = kernel::drop_arrivals(descriptor, true);
    let emptied = loop {
        match kernel::accept(descriptor, false) {
            Ok((descriptor, peer)) => door
                .queue()
                .connections
                .push_back(Connection { descriptor, peer }),
            Err(Errno(libc::EINTR | libc::ECONNABORTED)) => {}
            Err(Errno(libc::EAGAIN)) => break true,
            // No descriptors: what is left stays with the kernel, to be served when there are some (WSPListen.6).
            Err(_) => break false,
        }
    };
    if emptied && kernel::shutdown(descriptor, libc::SHUT_RD).is_ok() {
        door.is_open = false;
        // The kernel forgets a port that it has chosen itself; the connections taken over keep others from it.
        if let Ok(address) = address {
            let _ = kernel::bind(descriptor, &address);
        }
    }
    let _ = kernel::drop_arrivals(descriptor, false);
}

/// Leaves the queue to the kernel, which the child of a fork shares.
pub(super) fn leave_to_kernel(socket: &Reference) {
    let Some(listener) = socket.own_listener() else {
        return;
    };
    let mut door = listener.move_door();
    let Some(exact) = door.queue().exact.take() else {
        return;
    };
    if !door.is_open {
        let _ = listen(socket, exact.limit, &mut door);
    }
    drop(door);
    apply_blocking_mode(socket);
}

/// The descriptor of an exact queue never blocks, since it is accepted from by the watching thread too; every other
/// one does as its socket does.
pub(crate) fn apply_blocking_mode(socket: &Reference) {
    let exact = socket
        .own_listener()
        .is_some_and(|listener| listener.queue().exact.is_some());
    let _ = kernel::set_nonblocking(&socket.descriptor, exact || socket.state.has(State::NONBLOCKING));
}
