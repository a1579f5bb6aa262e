//! WSPGetOverlappedResult.

use super::enter;
use crate::abi::{BOOL, SOCKET, WSAOVERLAPPED};
use crate::error::Result;
use crate::overlapped;
use crate::sys::guard::UserPointer;

/// WSPGetOverlappedResult: how the request of `structure` has ended.
pub(crate) fn overlapped_result(
    handle: SOCKET,
    structure: UserPointer<WSAOVERLAPPED>,
    bytes: UserPointer<u32>,
    wait: BOOL,
    flags: UserPointer<u32>,
) -> Result<()> {
    let socket = enter(handle)?;
    let outcome = overlapped::result(&socket, structure, wait != BOOL::FALSE)?;
    if let Some(error) = outcome.error {
        // The count stays as it was (WSPGetOverlappedResult.2).
        return Err(error);
    }
    bytes.write(outcome.bytes)?;
    Ok(flags.write(outcome.flags)?)
}
