//! SOL_SOCKET.

use super::Keeper::{Always, Exchanged, Found, Kept, Kernel, Ours, Shown, Taken};
use super::{ANY, Entry, Given, Room, ask_kernel, data, flag, number, tcp, tell_kernel};
use crate::abi::*;
use crate::address::Address;
use crate::base::connect;
use crate::base::extension::context;
use crate::error::{Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::socket as kernel;
use crate::sys::time;
use std::sync::atomic::Ordering;

/// The options of SOL_SOCKET (WSPGetSockOpt.3, WSPSetSockOpt.2).
pub(super) fn option(socket: &Reference, name: i32) -> Option<Entry> {
    let stream = socket.protocol.is_stream();
    Some(match name {
        SO_ACCEPTCONN => flag(Found(|socket| Ok(socket.state.has(State::LISTENING).into()))),
        SO_BROADCAST => flag(Kernel(libc::SOL_SOCKET, libc::SO_BROADCAST)),
        SO_BSP_STATE => data(Shown(bsp_state)),
        SO_CONDITIONAL_ACCEPT if stream => flag(Kept(Switch::CONDITIONAL_ACCEPT)),
        SO_CONNECT_TIME => number(ANY, Found(connect_time)),
        SO_DEBUG => flag(Kept(Switch::DEBUG)),
        SO_DONTLINGER if stream => flag(Ours(dont_linger, set_dont_linger)),
        SO_DONTROUTE => flag(Ours(dont_route, set_dont_route)),
        SO_ERROR => number(ANY, Ours(error, set_error)),
        SO_EXCLUSIVEADDRUSE => flag(Ours(exclusive, set_exclusive)),
        SO_GROUP_ID => number(ANY, Found(|_| Ok(0))),
        SO_GROUP_PRIORITY => number(ANY, Always(0)),
        SO_KEEPALIVE => flag(Ours(keep_alive, set_keep_alive)),
        SO_LINGER if stream => data(Exchanged(linger, set_linger)),
        SO_MAX_MSG_SIZE if !stream => number(ANY, Found(|socket| Ok(socket.protocol.message_size() as i32))),
        SO_OOBINLINE => flag(Ours(oob_inline, set_oob_inline)),
        SO_PROTOCOL_INFOA => data(Shown(|socket, room| room.put(narrow(&socket.protocol.info())))),
        SO_PROTOCOL_INFOW => data(Shown(|socket, room| room.put(socket.protocol.info()))),
        // The kernel always chooses ports at random.
        SO_RANDOMIZE_PORT => flag(Kept(Switch::RANDOMIZE_PORT)),
        SO_RCVBUF => number(ANY, Ours(receive_buffer, set_receive_buffer)),
        SO_RCVTIMEO => number(ANY, Ours(receive_timeout, set_receive_timeout)),
        SO_REUSEADDR => flag(Ours(reuse, set_reuse)),
        SO_SNDBUF => number(ANY, Ours(send_buffer, set_send_buffer)),
        SO_SNDTIMEO => number(ANY, Ours(send_timeout, set_send_timeout)),
        SO_TYPE => number(ANY, Found(|socket| Ok(socket.protocol.kind))),
        SO_UPDATE_ACCEPT_CONTEXT if stream => data(Taken(|socket, given| {
            context::update_accepted(socket, given.value::<SOCKET>()?)
        })),
        SO_UPDATE_CONNECT_CONTEXT if stream => data(Taken(|socket, _| context::update_connected(socket))),
        _ => return None,
    })
}

/// SO_ERROR: how the last non-blocking connect ended, if it failed; reading does not clear it (OBS.4).
fn error(socket: &Reference) -> Result<i32> {
    if socket.state.has(State::CONNECTING) {
        connect::settle(socket);
    }
    Ok(socket.error.load(Ordering::Relaxed))
}

fn set_error(socket: &Reference, code: i32) -> Result<()> {
    socket.error.store(code, Ordering::Relaxed);
    Ok(())
}

/// SO_CONNECT_TIME: whole seconds since the connection was made, 0xffffffff when there is none (OBS.35). It shows the
/// connection of a request, too: of AcceptEx while it waits for the first data, of ConnectEx while it sends.
fn connect_time(socket: &Reference) -> Result<i32> {
    let since = socket.connected_at.load(Ordering::Relaxed);
    if since == 0
        || !socket
            .state
            .has(State::CONNECTED | State::CONNECTING | State::ACCEPTING)
    {
        return Ok(-1);
    }
    let now = time::monotonic().as_millis() as u64;
    Ok((now.saturating_sub(since) / 1000) as i32)
}

/// SO_LINGER is ours alone: closing does what it says, and the kernel's stays off.
fn linger(socket: &Reference, room: Room) -> Result<()> {
    room.put(socket.options.linger_option())
}

fn set_linger(socket: &Reference, given: Given) -> Result<()> {
    socket.options.set_linger_option(given.value()?);
    Ok(())
}

fn dont_linger(socket: &Reference) -> Result<i32> {
    Ok((socket.options.linger_option().l_onoff == 0).into())
}

fn set_dont_linger(socket: &Reference, on: i32) -> Result<()> {
    socket.options.set_linger_on(on == 0);
    Ok(())
}

/// SO_DONTROUTE has no effect on AF_INET, and is not known on AF_INET6 (WSPSetSockOpt.3).
fn dont_route(socket: &Reference) -> Result<i32> {
    Ok(socket.options.is_on(Switch::DONT_ROUTE).into())
}

fn set_dont_route(socket: &Reference, on: i32) -> Result<()> {
    if socket.protocol.family == AF_INET6 {
        return Err(WsaError::WSAENOPROTOOPT);
    }
    socket.options.assign(Switch::DONT_ROUTE, on != 0);
    Ok(())
}

/// SO_EXCLUSIVEADDRUSE and SO_REUSEADDR act when the socket is bound (WSPSetSockOpt.7) and exclude each other (OBS.17).
fn exclusive(socket: &Reference) -> Result<i32> {
    Ok(socket.options.is_on(Switch::EXCLUSIVE_ADDRESS).into())
}

fn set_exclusive(socket: &Reference, on: i32) -> Result<()> {
    assign_unless(socket, Switch::EXCLUSIVE_ADDRESS, on != 0, Switch::REUSE_ADDRESS)
}

fn reuse(socket: &Reference) -> Result<i32> {
    Ok(socket.options.is_on(Switch::REUSE_ADDRESS).into())
}

fn set_reuse(socket: &Reference, on: i32) -> Result<()> {
    assign_unless(socket, Switch::REUSE_ADDRESS, on != 0, Switch::EXCLUSIVE_ADDRESS)
}

fn assign_unless(socket: &Reference, switch: Switch, on: bool, other: Switch) -> Result<()> {
    if on && socket.options.is_on(other) {
        return Err(WsaError::WSAEINVAL);
    }
    socket.options.assign(switch, on);
    Ok(())
}

fn keep_alive(socket: &Reference) -> Result<i32> {
    ask_kernel(socket, libc::SOL_SOCKET, libc::SO_KEEPALIVE)
}

/// SO_KEEPALIVE; WSAENOTCONN on a connection that was reset (WSPSetSockOpt.8).
fn set_keep_alive(socket: &Reference, on: i32) -> Result<()> {
    if tcp::was_reset(socket)? {
        return Err(WsaError::WSAENOTCONN);
    }
    if on != 0 && tcp::is_tcp(socket) {
        tcp::set_keep_alive_defaults(socket)?;
    }
    tell_kernel(socket, libc::SOL_SOCKET, libc::SO_KEEPALIVE, on)
}

/// SO_OOBINLINE: the kernel does it, and receiving asks what it is (OBS.30).
fn oob_inline(socket: &Reference) -> Result<i32> {
    Ok(socket.options.is_on(Switch::OOB_INLINE).into())
}

fn set_oob_inline(socket: &Reference, on: i32) -> Result<()> {
    tell_kernel(socket, libc::SOL_SOCKET, libc::SO_OOBINLINE, on)?;
    socket.options.assign(Switch::OOB_INLINE, on != 0);
    Ok(())
}

/// SO_RCVTIMEO and SO_SNDTIMEO are milliseconds, and read back the same (OBS.34).
fn receive_timeout(socket: &Reference) -> Result<i32> {
    Ok(socket.options.receive_timeout.load(Ordering::Relaxed) as i32)
}

fn set_receive_timeout(socket: &Reference, milliseconds: i32) -> Result<()> {
    let options = &socket.options;
    options
        .receive_timeout
        .store(milliseconds as u32, Ordering::Relaxed);
    socket.state.set(State::TUNED);
    options.apply_timeouts(&socket.descriptor);
    Ok(())
}

fn send_timeout(socket: &Reference) -> Result<i32> {
    Ok(socket.options.send_timeout.load(Ordering::Relaxed) as i32)
}

fn set_send_timeout(socket: &Reference, milliseconds: i32) -> Result<()> {
    let options = &socket.options;
    options.send_timeout.store(milliseconds as u32, Ordering::Relaxed);
    socket.state.set(State::TUNED);
    options.apply_timeouts(&socket.descriptor);
    Ok(())
}

/// SO_RCVBUF and SO_SNDBUF read back what was set (OBS.34), whatever the kernel granted (WSPSetSockOpt.6). Before that
/// they are half of what the kernel says, since it counts its own bookkeeping: setting that half changes nothing.
fn receive_buffer(socket: &Reference) -> Result<i32> {
    match socket.options.receive_buffer() {
        Some(bytes) => Ok(bytes),
        None => Ok(ask_kernel(socket, libc::SOL_SOCKET, libc::SO_RCVBUF)? / 2),
    }
}

fn set_receive_buffer(socket: &Reference, bytes: i32) -> Result<()> {
    tell_kernel(socket, libc::SOL_SOCKET, libc::SO_RCVBUF, bytes)?;
    socket.options.set_receive_buffer(bytes);
    Ok(())
}

fn send_buffer(socket: &Reference) -> Result<i32> {
    match socket.options.send_buffer() {
        Some(bytes) => Ok(bytes),
        None => Ok(ask_kernel(socket, libc::SOL_SOCKET, libc::SO_SNDBUF)? / 2),
    }
}

fn set_send_buffer(socket: &Reference, bytes: i32) -> Result<()> {
    tell_kernel(socket, libc::SOL_SOCKET, libc::SO_SNDBUF, bytes)?;
    socket.options.set_send_buffer(bytes);
    Ok(())
}

/// The catalog entry with its name in 8-bit characters; the names here are ASCII.
fn narrow(info: &WSAPROTOCOL_INFOW) -> WSAPROTOCOL_INFOA {
    WSAPROTOCOL_INFOA {
        dwServiceFlags1: info.dwServiceFlags1,
        dwServiceFlags2: info.dwServiceFlags2,
        dwServiceFlags3: info.dwServiceFlags3,
        dwServiceFlags4: info.dwServiceFlags4,
        dwProviderFlags: info.dwProviderFlags,
        ProviderId: info.ProviderId,
        dwCatalogEntryId: info.dwCatalogEntryId,
        ProtocolChain: info.ProtocolChain,
        iVersion: info.iVersion,
        iAddressFamily: info.iAddressFamily,
        iMaxSockAddr: info.iMaxSockAddr,
        iMinSockAddr: info.iMinSockAddr,
        iSocketType: info.iSocketType,
        iProtocol: info.iProtocol,
        iProtocolMaxOffset: info.iProtocolMaxOffset,
        iNetworkByteOrder: info.iNetworkByteOrder,
        iSecurityScheme: info.iSecurityScheme,
        dwMessageSize: info.dwMessageSize,
        dwProviderReserved: info.dwProviderReserved,
        szProtocol: info.szProtocol.map(|unit| u8::try_from(unit).unwrap_or(b'?')),
    }
}

/// SO_BSP_STATE: a CSADDR_INFO, and behind it the addresses that it points to. A socket without an address, or
/// without a peer, has NULL there.
fn bsp_state(socket: &Reference, room: Room) -> Result<()> {
    /// Offsets in CSADDR_INFO, and its size.
    const LOCAL: usize = 0;
    const REMOTE: usize = 16;
    const KIND: usize = 32;
    const PROTOCOL: usize = 36;
    const SIZE: usize = 40;
    const LONGEST: usize = 112;

    let local = socket
        .state
        .has(State::BOUND)
        .then(|| kernel::local_address(&socket.descriptor));
    let remote = socket
        .state
        .has(State::CONNECTED)
        .then(|| kernel::peer_address(&socket.descriptor));
    let mut state = [0u8; SIZE + 2 * LONGEST];
    let mut end = SIZE;
    for (field, address) in [(LOCAL, local), (REMOTE, remote)] {
        let Some(Ok(address)) = address else { continue };
        let Some(address) = Address::from_kernel(&address) else {
            continue;
        };
        address.with_bytes(|bytes| {
            let pointer = room.at.add(end).address();
            state[field..field + 8].copy_from_slice(&(pointer as u64).to_ne_bytes());
            state[field + 8..field + 12].copy_from_slice(&(bytes.len() as i32).to_ne_bytes());
            state[end..end + bytes.len()].copy_from_slice(bytes);
            end += bytes.len().next_multiple_of(4);
        });
    }
    state[KIND..KIND + 4].copy_from_slice(&socket.protocol.kind.to_ne_bytes());
    state[PROTOCOL..PROTOCOL + 4].copy_from_slice(&socket.protocol_number.to_ne_bytes());
    room.put_bytes(&state[..end])
}
