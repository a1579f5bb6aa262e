//! Extension functions by name: a layered provider carries out its own on the sockets that it serves.
#![forbid(unsafe_code)]

use super::{call, layered, serving, startup};
use crate::abi::{
    GUID, LPWSAOVERLAPPED_COMPLETION_ROUTINE, SOCKET, WSAMSG, WSAOVERLAPPED, WSASENDMSG, WSPPROC_TABLE,
};
use crate::error::{Result, WsaError};
use crate::object::apc;
use crate::object::table::{self, Server};
use crate::sys::guard::UserPointer;

/// Where the layered provider that serves a socket has its function of a GUID; `None` for the base provider's, which is also
/// that of who has come by WSPStartup alone. A provider that refuses is not gone round.
#[inline]
pub(crate) fn function(s: SOCKET, guid: GUID, base: &'static WSPPROC_TABLE) -> Result<Option<usize>> {
    match table::server(s) {
        Server::Layered(_) | Server::Entry(_) if startup::check_started().is_ok() => {
            layered_function(s, guid, base)
        }
        _ => Ok(None),
    }
}

#[cold]
fn layered_function(s: SOCKET, guid: GUID, base: &'static WSPPROC_TABLE) -> Result<Option<usize>> {
    let procs = serving(s, base)?;
    if std::ptr::eq(procs, base) {
        return Ok(None);
    }
    match call::extension_function(procs, s, guid)? {
        0 => Err(WsaError::WSAEOPNOTSUPP),
        address => Ok(Some(address)),
    }
}

/// WSASendMsg on a handle that a layered provider has made (NEED-S12, NEED-S13); `None` for all others.
#[inline]
pub(crate) fn send_message(
    s: SOCKET,
    message: UserPointer<WSAMSG>,
    flags: u32,
    sent: UserPointer<u32>,
    overlapped: UserPointer<WSAOVERLAPPED>,
    routine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    base: &'static WSPPROC_TABLE,
) -> Option<Result<()>> {
    let is_layered = !matches!(table::server(s), Server::Base) && layered::is_one(s);
    if !is_layered || startup::check_started().is_err() {
        return None;
    }
    let message = WSASENDMSG {
        lpMsg: message.raw(),
        dwFlags: flags,
        lpNumberOfBytesSent: sent.raw(),
        lpOverlapped: overlapped.raw(),
        lpCompletionRoutine: routine,
    };
    Some(send_layered(s, message, base))
}

#[cold]
fn send_layered(s: SOCKET, message: WSASENDMSG, base: &'static WSPPROC_TABLE) -> Result<()> {
    let procs = serving(s, base)?;
    let is_later = !message.lpOverlapped.is_null() || message.lpCompletionRoutine.is_some();
    let caller = is_later.then(apc::current_id).transpose()?;
    call::send_message(procs, s, message, caller)
}
