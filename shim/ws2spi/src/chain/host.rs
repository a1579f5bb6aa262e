//! What the library does for providers that leave it to the host: new handles, the blocking hook, messages.
#![forbid(unsafe_code)]

use super::{provider, startup};
use crate::abi::{LPBLOCKINGCALLBACK, SOCKET};
use crate::catalog::base::PROTOCOLS;
use crate::error::{Result, WsaError};
use crate::object::table::{self, Server};
use crate::sys::guard::UserPointer;
use crate::upcall;

/// WPUModifyIFSHandle: from now on the provider of the entry serves the socket, which stays what it is (NEED-S5). One
/// that was not started by the library is started with the first call that it is to serve.
pub(crate) fn modify_ifs_handle(entry: u32, proposed: SOCKET) -> Result<SOCKET> {
    // Also a handle that a layer below has made: it is that layer's as before, and the calls on it come here first.
    if table::serve(proposed, server(entry)?) {
        Ok(proposed)
    } else {
        Err(WsaError::WSAEINVAL)
    }
}

/// Who serves the handles that are registered for an entry; WSAEINVAL for an entry that there is not.
pub(super) fn server(entry: u32) -> Result<Server> {
    if is_base(entry) {
        return Ok(Server::Base);
    }
    // Before WSAStartup there is no catalog to look into: whoever starts providers by hand knows the entries.
    let Ok(view) = startup::view() else {
        return Ok(Server::Entry(entry));
    };
    let info = view.catalog.by_entry(entry).ok_or(WsaError::WSAEINVAL)?;
    Ok(provider::started(&info.ProviderId).map_or(Server::Entry(entry), Server::Layered))
}

fn is_base(entry: u32) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.catalog_entry == entry)
}

/// WPUQueryBlockingCallback: there is no hook, so providers block as they can (WPUQueryBlockingCallback.3).
pub(crate) fn query_blocking_callback(
    entry: u32,
    callback: UserPointer<LPBLOCKINGCALLBACK>,
    context: UserPointer<usize>,
) -> Result<()> {
    let is_known = is_base(entry) || startup::view().is_ok_and(|view| view.catalog.by_entry(entry).is_some());
    if !is_known {
        return Err(WsaError::WSAEINVAL);
    }
    callback.cast::<usize>().write(0)?;
    Ok(context.write(0)?)
}

/// WPUPostMessage: what the program has named takes it (NEED-S17).
pub(crate) fn post_message(window: usize, message: u32, wparam: usize, lparam: isize) -> bool {
    upcall::deliver_message(window, message, wparam, lparam)
}
