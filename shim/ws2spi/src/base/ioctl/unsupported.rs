//! Commands that the kernel gives no means to carry out, and how each is refused.

use super::Request;
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::object::socket::State;

/// Of qossp.h, which is not among the headers.
const SIO_CHK_QOS: u32 = 0xdc00_0001;

/// The codes of the headers that are answered with WSAEOPNOTSUPP.
const NOT_SUPPORTED: &[u32] = &[
    SIO_ABSORB_RTRALERT,
    SIO_ACQUIRE_PORT_RESERVATION,
    SIO_AF_UNIX_SETBINDPARENTPATH,
    SIO_AF_UNIX_SETCONNPARENTPATH,
    SIO_APPLY_TRANSPORT_SETTING,
    SIO_ASSOCIATE_PORT_RESERVATION,
    SIO_CHK_QOS,
    SIO_CPU_AFFINITY,
    SIO_EXT_POLL,
    SIO_EXT_SELECT,
    SIO_EXT_SENDMSG,
    SIO_GET_INTERFACE_LIST_EX,
    SIO_GET_MULTICAST_FILTER,
    SIO_GET_TX_TIMESTAMP,
    SIO_INDEX_ADD_MCAST,
    SIO_INDEX_BIND,
    SIO_INDEX_DEL_MCAST,
    SIO_INDEX_MCASTIF,
    SIO_LIMIT_BROADCASTS,
    SIO_LOOPBACK_FAST_PATH,
    SIO_QUERY_TARGET_PNP_HANDLE,
    SIO_QUERY_TRANSPORT_SETTING,
    SIO_RCVALL_IF,
    SIO_RCVALL_IGMPMCAST,
    SIO_RCVALL_MCAST,
    SIO_RCVALL_MCAST_IF,
    SIO_RELEASE_PORT_RESERVATION,
    SIO_SET_COMPATIBILITY_MODE,
    SIO_SET_MULTICAST_FILTER,
    SIO_SET_PRIORITY_HINT,
    SIO_TCP_INITIAL_RTO,
    SIO_TCP_SET_ACK_FREQUENCY,
    SIO_TCP_SET_ICW,
    SIO_TIMESTAMPING,
    SIO_UCAST_IF,
    SIO_UDP_NETRESET,
    SIOCGMSFILTER,
    SIOCSMSFILTER,
];

pub(super) fn is_known(code: u32) -> bool {
    NOT_SUPPORTED.contains(&code)
}

/// Known, and cannot be carried out.
pub(super) fn not_supported(_: &Request<'_>) -> Result<usize> {
    Err(WsaError::WSAEOPNOTSUPP)
}

/// The pages make these commands optional and name the code of a provider without them.
pub(super) fn optional(_: &Request<'_>) -> Result<usize> {
    Err(WsaError::WSAENOPROTOOPT)
}

/// A notice that the kernel does not give; a socket that does not block would not wait for it either (WSPIoctl.2).
pub(super) fn waits(request: &Request<'_>) -> Result<usize> {
    Err(if request.socket.state.has(State::NONBLOCKING) {
        WsaError::WSAEWOULDBLOCK
    } else {
        WsaError::WSAEOPNOTSUPP
    })
}

/// Queries that say WSAEINVAL where all others say WSAEFAULT.
pub(super) fn too_short_is_invalid(request: &Request<'_>, needs: usize) -> Result<usize> {
    request
        .check_room(needs)
        .map_err(|_| WsaError::WSAEINVAL)
        .and(Err(WsaError::WSAEOPNOTSUPP))
}

/// SIO_RCVALL: a raw IPv4 or IPv6 socket that sees all packets of an interface. Off is what every socket is, and
/// RCVALL_SOCKETLEVELONLY has no effect on Windows either; Linux has such sockets only in another family.
pub(super) fn receive_all(request: &Request<'_>) -> Result<usize> {
    request.applies(request.socket.protocol.kind == SOCK_RAW)?;
    match request.input::<u32>()? {
        RCVALL_OFF | RCVALL_SOCKETLEVELONLY => Ok(0),
        RCVALL_ON | RCVALL_IPLEVEL => Err(WsaError::WSAEOPNOTSUPP),
        _ => Err(WsaError::WSAEINVAL),
    }
}
