//! Who may have a local address that somebody has: SO_REUSEADDR and SO_EXCLUSIVEADDRUSE as Windows means them.
//!
//! Linux knows less about it, and means something else by SO_REUSEADDR:
//!
//! | to share a port | TCP | UDP |
//! | --- | --- | --- |
//! | with connections in TIME_WAIT | SO_REUSEADDR on both sides | |
//! | with a socket | SO_REUSEPORT on both | SO_REUSEADDR on both |
//!
//! So the kernel's options stay off until a bind(2) meets EADDRINUSE. Only then are the owners looked for among our
//! own sockets, judged by Windows' table, and if they all allow it the options are set on both sides. Owners in other
//! processes cannot be judged; theirs is what the kernel says.

use crate::abi::*;
use crate::address::Address;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::sys::errno::{self, Errno};
use crate::sys::socket as kernel;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a socket says about sharing its address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Policy {
    Default,
    Reuse,
    Exclusive,
}

impl Policy {
    fn of(socket: &Socket, reuse: bool) -> Self {
        if reuse {
            Self::Reuse
        } else if socket.options.is_on(Switch::EXCLUSIVE_ADDRESS) {
            Self::Exclusive
        } else {
            Self::Default
        }
    }

    /// Of who is about to bind.
    fn wanted(socket: &Socket) -> Self {
        Self::of(socket, socket.options.is_on(Switch::REUSE_ADDRESS))
    }

    /// Of who has bound; SO_REUSEADDR counts as it was then (WSPBind.8).
    fn held(socket: &Socket) -> Self {
        Self::of(socket, socket.state.has(State::REUSING))
    }
}

/// How the address that is wanted lies to one that is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Overlap {
    /// Both are the wildcard.
    Wildcards,
    /// Both are one specific address.
    Same,
    /// The wildcard is wanted where a specific address is held.
    OverSpecific,
    /// A specific address is wanted where the wildcard is held.
    UnderWildcard,
}

/// Whether a socket may bind to what another holds (WSPBind.8, OBS.18): Windows' table for two sockets of one user.
fn judge(wanted: Policy, held: Policy, overlap: Overlap) -> Result<()> {
    use Overlap::{OverSpecific, UnderWildcard};
    use Policy::{Default, Exclusive, Reuse};
    match (wanted, held, overlap) {
        (Exclusive, Exclusive, UnderWildcard) => Err(WsaError::WSAEACCES),
        (Exclusive, Default | Reuse, UnderWildcard) => Ok(()),
        (Exclusive, ..) => Err(WsaError::WSAEADDRINUSE),
        (Reuse, Reuse, _) | (_, _, OverSpecific) => Ok(()),
        (_, Exclusive, UnderWildcard) => Err(WsaError::WSAEACCES),
        (_, _, UnderWildcard) => Ok(()),
        (Reuse, ..) => Err(WsaError::WSAEACCES),
        (Default, ..) => Err(WsaError::WSAEADDRINUSE),
    }
}

/// Whether a socket without SO_REUSEADDR shares its port, so that the kernel would let others with it in.
static SHARED_WITHOUT_REUSE: AtomicBool = AtomicBool::new(false);

/// Before the first attempt: lets who has SO_REUSEADDR share with those who have it, in other processes too.
pub(super) fn prepare(socket: &Socket, address: &Address) -> Result<()> {
    let reuse = Policy::wanted(socket) == Policy::Reuse;
    if reuse && SHARED_WITHOUT_REUSE.load(Ordering::Acquire) {
        judge_all(socket, &owners(socket, address))?;
    }
    offer(socket)
}

/// Lets others in who have SO_REUSEADDR too, if the socket has it.
pub(super) fn offer(socket: &Socket) -> Result<()> {
    if Policy::wanted(socket) != Policy::Reuse {
        return Ok(());
    }
    socket.state.set(State::REUSING);
    share(socket).map_err(|errno| WsaError::from_errno(Operation::Bind, errno))
}

fn judge_all(socket: &Socket, owners: &[(Reference, Overlap)]) -> Result<()> {
    let wanted = Policy::wanted(socket);
    owners
        .iter()
        .try_for_each(|(owner, overlap)| judge(wanted, Policy::held(owner), *overlap))
}

/// Binds to an address of which the kernel has said that somebody has it.
pub(super) fn bind_to_held(socket: &Socket, address: &Address) -> Result<()> {
    let owners = owners(socket, address);
    judge_all(socket, &owners)?;
    let to = address.to_kernel()?;
    let attempt = || {
        if !owners.is_empty() {
            SHARED_WITHOUT_REUSE.store(true, Ordering::Release);
            owners.iter().try_for_each(|(owner, _)| share(owner))?;
            share(socket)?;
        }
        kernel::bind(&socket.descriptor, &to)
    };
    let outcome = if socket.protocol.is_stream() {
        reuse_time_wait(socket, true)
            .and_then(|()| attempt())
            .and(reuse_time_wait(socket, false))
    } else {
        attempt()
    };
    outcome.map_err(|errno| WsaError::from_errno(Operation::Bind, errno))
}

/// Has the kernel let the socket share its port with others that say the same.
fn share(socket: &Socket) -> errno::Result<()> {
    let option = if socket.protocol.is_stream() {
        libc::SO_REUSEPORT
    } else {
        libc::SO_REUSEADDR
    };
    kernel::set_option(&socket.descriptor, libc::SOL_SOCKET, option, 1)
}

/// Lets others bind to the port of a connection of this socket once it is in TIME_WAIT, and of those accepted from it
/// if it listens: Windows lets them always, Linux only if SO_REUSEADDR was on when the connection ended (WSPBind.8).
///
/// Off until then, because two sockets with the option can have one port in Linux. A listener's port is its own
/// nevertheless. To be called before listen(2), and before a connection is shut down or closed.
pub(crate) fn allow_rebinding(socket: &Socket) {
    if !socket.protocol.is_stream() || socket.protocol.family == AF_UNIX {
        return;
    }
    let state = socket.state.get();
    // There is no port, or the listener has allowed it.
    if !state.contains(State::BOUND) || state.contains(State::LISTENING) {
        return;
    }
    let exclusive = socket.options.is_on(Switch::EXCLUSIVE_ADDRESS);
    let allow = if state.contains(State::CONNECTED) {
        // The ports of others were chosen for them, or the listener has allowed it.
        exclusive || state.contains(State::NAMED)
    } else {
        // What an exclusive listener has accepted keeps the port until it ends.
        !exclusive
    };
    if allow {
        let _ = reuse_time_wait(socket, true);
    }
}

/// Sets Linux' SO_REUSEADDR.
pub(crate) fn reuse_time_wait(socket: &Socket, on: bool) -> errno::Result<()> {
    kernel::set_option(
        &socket.descriptor,
        libc::SOL_SOCKET,
        libc::SO_REUSEADDR,
        i32::from(on),
    )
}

/// Our sockets that hold `address`, or a part of it, and how it lies to theirs. Accepted connections are not owners:
/// they do not keep others from their listener's port, unless it was exclusive.
fn owners(socket: &Socket, address: &Address) -> Vec<(Reference, Overlap)> {
    table::all_sockets()
        .filter(|other| {
            !std::ptr::eq::<Socket>(&**other, socket) && other.protocol.kind == socket.protocol.kind
        })
        .filter(|other| {
            let state = other.state.get();
            state.contains(State::BOUND)
                && (state.contains(State::NAMED)
                    || !state.contains(State::CONNECTED)
                    || other.options.is_on(Switch::EXCLUSIVE_ADDRESS))
        })
        .filter_map(|other| {
            let held = Address::from_kernel(&kernel::local_address(&other.descriptor).ok()?)?;
            let overlap = overlap(socket, address, &other, &held)?;
            Some((other, overlap))
        })
        .collect()
}

/// How `wanted` lies to `held`; `None` if both can be had.
fn overlap(socket: &Socket, wanted: &Address, other: &Socket, held: &Address) -> Option<Overlap> {
    if wanted.port() != held.port() {
        return None;
    }
    let (wanted_ip, held_ip) = (wanted.ip()?.to_canonical(), held.ip()?.to_canonical());
    let both_families =
        |socket: &Socket, address: &Address| address.family() == AF_INET6 && !is_v6_only(socket);
    let in_reach = wanted_ip.is_ipv4() == held_ip.is_ipv4()
        || wanted_ip.is_unspecified() && both_families(socket, wanted)
        || held_ip.is_unspecified() && both_families(other, held);
    match (in_reach, wanted_ip.is_unspecified(), held_ip.is_unspecified()) {
        (false, ..) => None,
        (true, true, true) => Some(Overlap::Wildcards),
        (true, true, false) => Some(Overlap::OverSpecific),
        (true, false, true) => Some(Overlap::UnderWildcard),
        (true, false, false) => (wanted_ip == held_ip).then_some(Overlap::Same),
    }
}

/// Whether an IPv6 socket keeps away from IPv4.
pub(super) fn is_v6_only(socket: &Socket) -> bool {
    matches!(
        kernel::option::<i32>(&socket.descriptor, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY),
        Ok(1..) | Err(Errno(_))
    )
}
