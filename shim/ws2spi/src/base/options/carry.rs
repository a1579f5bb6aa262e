//! The options that the kernel keeps with a descriptor, carried over to another one.

use crate::abi::AF_UNIX;
use crate::object::socket::Socket;
use crate::sys::socket::{self as kernel, Descriptor};

/// Of stream sockets, those that the program can set and the kernel keeps.
const KEPT: &[(i32, i32)] = &[
    (libc::SOL_SOCKET, libc::SO_BROADCAST),
    (libc::SOL_SOCKET, libc::SO_KEEPALIVE),
    (libc::SOL_SOCKET, libc::SO_OOBINLINE),
];

/// And those of internet sockets.
const KEPT_INTERNET: &[(i32, i32)] = &[
    (libc::IPPROTO_TCP, libc::TCP_NODELAY),
    (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE),
    (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL),
    (libc::IPPROTO_TCP, libc::TCP_KEEPCNT),
    (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT),
    (libc::IPPROTO_IP, libc::IP_TOS),
    (libc::IPPROTO_IP, libc::IP_TTL),
    (libc::IPPROTO_IP, libc::IP_MTU_DISCOVER),
    (libc::IPPROTO_IP, libc::IP_UNICAST_IF),
    (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY),
    (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS),
    (libc::IPPROTO_IPV6, libc::IPV6_TCLASS),
    (libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER),
    (libc::IPPROTO_IPV6, libc::IPV6_DONTFRAG),
];

/// Gives `to` the kernel's options that the program has set on `from`. What it does not take, a socket without IPv6 for
/// example, it has no use for.
pub(crate) fn carry_over(from: &Socket, to: &Descriptor) {
    let internet = match from.protocol.family {
        AF_UNIX => &[],
        _ => KEPT_INTERNET,
    };
    for &(level, name) in KEPT.iter().chain(internet) {
        let value = |descriptor| kernel::option::<i32>(descriptor, level, name);
        if let (Ok(wanted), Ok(now)) = (value(&from.descriptor), value(to))
            && wanted != now
        {
            let _ = kernel::set_option(to, level, name, wanted);
        }
    }
    // Setting one, even to what it is, ends the kernel's own choice of its size.
    let buffers = [
        (libc::SO_RCVBUF, from.options.receive_buffer()),
        (libc::SO_SNDBUF, from.options.send_buffer()),
    ];
    for (name, bytes) in buffers {
        if let Some(bytes) = bytes {
            let _ = kernel::set_option(to, libc::SOL_SOCKET, name, bytes);
        }
    }
    from.options.apply_timeouts(to);
}
