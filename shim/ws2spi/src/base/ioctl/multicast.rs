//! Commands for multicast senders.

use super::{Request, failed};
use crate::abi::*;
use crate::error::Result;
use crate::sys::socket as kernel;

/// SIO_MULTIPOINT_LOOPBACK: whether what is sent to a group reaches the members on this host.
pub(super) fn set_loopback(request: &Request<'_>) -> Result<usize> {
    let on = i32::from(request.input::<u32>()? != 0);
    set(request, libc::IP_MULTICAST_LOOP, libc::IPV6_MULTICAST_LOOP, on)
}

/// SIO_MULTICAST_SCOPE: how many routers the datagrams cross, plus one; 0 stays on the host.
pub(super) fn set_scope(request: &Request<'_>) -> Result<usize> {
    let scope = request.input::<i32>()?;
    request.applies((0..=255).contains(&scope))?;
    set(request, libc::IP_MULTICAST_TTL, libc::IPV6_MULTICAST_HOPS, scope)
}

fn set(request: &Request<'_>, option: i32, option6: i32, value: i32) -> Result<usize> {
    request.applies(!request.socket.protocol.is_stream())?;
    let (level, option) = match request.socket.protocol.family {
        AF_INET6 => (libc::IPPROTO_IPV6, option6),
        _ => (libc::IPPROTO_IP, option),
    };
    kernel::set_option(&request.socket.descriptor, level, option, value).map_err(failed)?;
    Ok(0)
}
