//! WSPJoinLeaf: multicast groups.

use super::enter;
use crate::abi::{QOS, SOCKADDR, SOCKET, WSABUF};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// WSPJoinLeaf.
pub(crate) fn join_leaf(
    handle: SOCKET,
    _name: UserPointer<SOCKADDR>,
    _length: i32,
    _caller_data: UserPointer<WSABUF>,
    _callee_data: UserPointer<WSABUF>,
    _quality: UserPointer<QOS>,
    _flags: u32,
) -> Result<SOCKET> {
    enter(handle)?;
    Err(WsaError::WSAEOPNOTSUPP)
}
