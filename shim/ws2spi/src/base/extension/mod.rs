//! The functions beyond the procedure table, which a program asks for by GUID.
//!
//! Each starts an overlapped request. A connection that AcceptEx or ConnectEx has made has no *context* at first: the
//! socket transfers, and functions that ask for more take it for unconnected until SO_UPDATE_ACCEPT_CONTEXT or
//! SO_UPDATE_CONNECT_CONTEXT is set ([`context`]).

mod accept;
mod areas;
mod connect;
pub(crate) mod context;
mod disconnect;
mod transmit;

pub(crate) use accept::accept;
pub(crate) use areas::Areas;
pub(crate) use connect::{FirstData, connect};
pub(crate) use disconnect::disconnect;
pub(crate) use transmit::{transmit_file, transmit_packets};

use crate::abi::WSAOVERLAPPED;
use crate::error::{Result, WsaError};
use crate::overlapped::Overlapped;
use crate::sys::guard::UserPointer;
use disconnect::Disconnect;

/// The OVERLAPPED of a function that must have one, and that no completion routine goes with.
fn required(structure: UserPointer<WSAOVERLAPPED>) -> Result<Overlapped> {
    let structure = structure.non_null().ok_or(WsaError::WSA_INVALID_PARAMETER)?;
    Ok(Overlapped::new(structure, None, UserPointer::from_address(0)))
}
