//! What a host does for its providers where it leaves that to the library: new handles, the blocking hook, messages.

use crate::abi::{LPBLOCKINGCALLBACK, SOCKET};
use crate::catalog::base::PROTOCOLS;
use crate::error::{Result, WsaError};
use crate::object::table;
use crate::sys::guard::UserPointer;
use crate::upcall;

/// WPUModifyIFSHandle: a socket of the base provider stays what it is (NEED-S5).
pub(crate) fn modify_ifs_handle(proposed: SOCKET) -> Result<SOCKET> {
    match table::look_up(proposed) {
        Ok(_) => Ok(proposed),
        Err(_) => Err(WsaError::WSAEINVAL),
    }
}

/// WPUQueryBlockingCallback: there is no hook, so providers block as they can (WPUQueryBlockingCallback.3).
pub(crate) fn query_blocking_callback(
    catalog_entry: u32,
    callback: UserPointer<LPBLOCKINGCALLBACK>,
    context: UserPointer<usize>,
) -> Result<()> {
    if !PROTOCOLS
        .iter()
        .any(|protocol| protocol.catalog_entry == catalog_entry)
    {
        return Err(WsaError::WSAEINVAL);
    }
    callback.cast::<usize>().write(0)?;
    Ok(context.write(0)?)
}

/// WPUPostMessage: what the program has named takes it (NEED-S17).
pub(crate) fn post_message(window: usize, message: u32, wparam: usize, lparam: isize) -> bool {
    upcall::deliver_message(window, message, wparam, lparam)
}
