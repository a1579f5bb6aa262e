//! IPPROTO_TCP.

use super::Keeper::{Always, Kernel, KernelOnly, Ours};
use super::{ANY, Entry, ask_kernel, failed, flag, number, tell_kernel};
use crate::abi::*;
use crate::error::Result;
use crate::object::options::Switch;
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::tcp as kernel;

/// Windows probes ten times, a second apart, before it gives a connection up.
const PROBES: i32 = 10;
const SECONDS_BETWEEN_PROBES: i32 = 1;

/// The options of IPPROTO_TCP, for TCP sockets.
pub(super) fn option(name: i32) -> Option<Entry> {
    Some(match name {
        TCP_NODELAY => flag(Kernel(libc::IPPROTO_TCP, libc::TCP_NODELAY)),
        TCP_KEEPALIVE => number(1..=32767, Kernel(libc::IPPROTO_TCP, libc::TCP_KEEPIDLE)),
        TCP_KEEPCNT => number(1..=127, Ours(probes, set_probes)),
        TCP_KEEPINTVL => number(1..=32767, Ours(interval, set_interval)),
        TCP_MAXSEG => number(ANY, KernelOnly(libc::IPPROTO_TCP, libc::TCP_MAXSEG)),
        TCP_MAXRT => number(
            -1..=i32::MAX / 1000,
            Ours(max_retransmission, set_max_retransmission),
        ),
        TCP_MAXRTMS => number(
            -1..=i32::MAX,
            Ours(max_retransmission_ms, set_max_retransmission_ms),
        ),
        TCP_FASTOPEN => flag(Ours(fast_open, set_fast_open)),
        // How urgent data is understood is one setting of the whole host, and the default is Windows' own.
        TCP_BSDURGENT => flag(Always(1)),
        TCP_EXPEDITED_1122 => flag(Always(0)),
        _ => return None,
    })
}

pub(super) fn is_tcp(socket: &Reference) -> bool {
    socket.protocol.is_stream() && socket.protocol_number == IPPROTO_TCP
}

/// Whether the connection has been reset, noticed by a call or not yet.
pub(super) fn was_reset(socket: &Reference) -> Result<bool> {
    let state = socket.state.get();
    if state.contains(State::RESET) {
        return Ok(true);
    }
    // One that both sides have ended in good order has no connection either.
    if !is_tcp(socket) || !state.contains(State::CONNECTED) || state.contains(State::SHUT_SEND) {
        return Ok(false);
    }
    kernel::is_unconnected(&socket.descriptor).map_err(failed)
}

/// Gives the kernel Windows' count of probes and the time between them, unless the program has its own.
pub(crate) fn set_keep_alive_defaults(socket: &Reference) -> Result<()> {
    if socket.options.is_on(Switch::KEEP_ALIVE_TUNED) {
        return Ok(());
    }
    tell_kernel(socket, libc::IPPROTO_TCP, libc::TCP_KEEPCNT, PROBES)?;
    tell_kernel(
        socket,
        libc::IPPROTO_TCP,
        libc::TCP_KEEPINTVL,
        SECONDS_BETWEEN_PROBES,
    )?;
    socket.options.assign(Switch::KEEP_ALIVE_TUNED, true);
    Ok(())
}

fn probes(socket: &Reference) -> Result<i32> {
    tuned(socket, libc::TCP_KEEPCNT, PROBES)
}

fn set_probes(socket: &Reference, count: i32) -> Result<()> {
    tune(socket, libc::TCP_KEEPCNT, count)
}

fn interval(socket: &Reference) -> Result<i32> {
    tuned(socket, libc::TCP_KEEPINTVL, SECONDS_BETWEEN_PROBES)
}

fn set_interval(socket: &Reference, seconds: i32) -> Result<()> {
    tune(socket, libc::TCP_KEEPINTVL, seconds)
}

fn tuned(socket: &Reference, name: i32, default: i32) -> Result<i32> {
    if socket.options.is_on(Switch::KEEP_ALIVE_TUNED) {
        ask_kernel(socket, libc::IPPROTO_TCP, name)
    } else {
        Ok(default)
    }
}

fn tune(socket: &Reference, name: i32, value: i32) -> Result<()> {
    set_keep_alive_defaults(socket)?;
    tell_kernel(socket, libc::IPPROTO_TCP, name, value)
}

/// TCP_MAXRTMS is TCP_USER_TIMEOUT: milliseconds after which a connection without an answer is given up. 0 leaves it to the
/// kernel; -1 is never, and the kernel's longest is 24 days.
fn max_retransmission_ms(socket: &Reference) -> Result<i32> {
    match ask_kernel(socket, libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT)? {
        i32::MAX => Ok(-1),
        milliseconds => Ok(milliseconds),
    }
}

fn set_max_retransmission_ms(socket: &Reference, milliseconds: i32) -> Result<()> {
    let milliseconds = if milliseconds < 0 { i32::MAX } else { milliseconds };
    tell_kernel(socket, libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT, milliseconds)
}

/// TCP_MAXRT is the same in seconds.
fn max_retransmission(socket: &Reference) -> Result<i32> {
    match max_retransmission_ms(socket)? {
        -1 => Ok(-1),
        // Rounded up, so that a short time does not read as "left to the kernel".
        milliseconds => Ok((milliseconds as u32).div_ceil(1000) as i32),
    }
}

fn set_max_retransmission(socket: &Reference, seconds: i32) -> Result<()> {
    set_max_retransmission_ms(socket, if seconds < 0 { -1 } else { seconds * 1000 })
}

/// TCP_FASTOPEN: a listener takes data that comes with the connection request. The kernel wants to know of how many
/// clients at a time.
fn fast_open(socket: &Reference) -> Result<i32> {
    ask_kernel(socket, libc::IPPROTO_TCP, libc::TCP_FASTOPEN)
}

fn set_fast_open(socket: &Reference, on: i32) -> Result<()> {
    const CLIENTS: i32 = 256;
    tell_kernel(socket, libc::IPPROTO_TCP, libc::TCP_FASTOPEN, on * CLIENTS)
}
