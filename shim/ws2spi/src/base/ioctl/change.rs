//! Commands that end when something changes: the only ones that wait.

use super::{Request, route};
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::object::selection::Events;
use crate::object::socket::State;
use crate::overlapped::{Overlapped, changes};
use crate::sys::route::Changes;

/// What a command waits for.
pub(super) struct Notice {
    changes: Changes,
    /// What a socket that does not block is told by.
    event: Events,
}

/// SIO_ADDRESS_LIST_CHANGE: the list of SIO_ADDRESS_LIST_QUERY.
pub(super) fn address_list(request: &Request<'_>) -> Result<Notice> {
    of_family(
        request,
        (Changes::ADDRESSES, Changes::ADDRESSES6),
        Events::ADDRESS_LIST_CHANGE,
    )
}

/// SIO_ROUTING_INTERFACE_CHANGE: the way to the address given. Every change of a route is told, as for the wildcard
/// address.
pub(super) fn routing_interface(request: &Request<'_>) -> Result<Notice> {
    route::address(request)?;
    of_family(
        request,
        (Changes::ROUTES, Changes::ROUTES6),
        Events::ROUTING_INTERFACE_CHANGE,
    )
}

fn of_family(request: &Request<'_>, (inet, inet6): (Changes, Changes), event: Events) -> Result<Notice> {
    let family = request.socket.protocol.family;
    request.applies(matches!(family, AF_INET | AF_INET6))?;
    let changes = if family == AF_INET6 { inet6 } else { inet };
    Ok(Notice { changes, event })
}

/// Carries a command out: later, or by waiting, or by an event (WSPIoctl.2, EV.10). Nothing is given out.
pub(super) fn wait(request: &Request<'_>, notice: &Notice, overlapped: Overlapped) -> Result<()> {
    let socket = request.socket;
    if overlapped.is_asked_on(socket) {
        return changes::start(socket, notice.changes, overlapped).map(drop);
    }
    request.buffers.returned.read()?;
    if socket.state.has(State::NONBLOCKING) {
        changes::notify(socket, notice.changes, notice.event)?;
        return Err(WsaError::WSAEWOULDBLOCK);
    }
    let outcome = changes::wait(socket, notice.changes)?;
    if let Some(error) = outcome.error {
        return Err(error);
    }
    Ok(request.buffers.returned.write(0)?)
}
