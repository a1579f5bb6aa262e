//! Commands that look at what has arrived.

use super::{Request, failed};
use crate::abi::*;
use crate::error::Result;
use crate::object::socket::State;
use crate::sys::info;
use crate::sys::wait::events_now;

/// FIONREAD: the bytes that one receive could take from a stream; of messages, all that are queued (OBS.8).
pub(super) fn receivable(request: &Request<'_>) -> Result<usize> {
    request.check_room(size_of::<u32>())?;
    let descriptor = &request.socket.descriptor;
    let first = || info::receivable(descriptor).map_err(failed);
    let bytes = match request.socket.protocol.is_stream() {
        true => first()?,
        // The kernel is asked first, since it alone reports what is wrong with the descriptor.
        false => first().map(|first| info::queued(descriptor).unwrap_or(first))?,
    };
    request.output(bytes)
}

/// SIOCATMARK: TRUE when no out-of-band data waits, the opposite of Unix (OBS.7).
pub(super) fn no_urgent_data(request: &Request<'_>) -> Result<usize> {
    request.applies(request.socket.protocol.has_out_of_band())?;
    // From now on a receive takes care not to pass what waits (OBS.30).
    request.socket.state.set(State::URGENT);
    let kept = request.socket.urgent.take(true).is_some();
    let waits = kept || events_now(&request.socket.descriptor, libc::POLLPRI) & libc::POLLPRI != 0;
    request.output(if waits { BOOL::FALSE.0 } else { BOOL::TRUE.0 })
}
