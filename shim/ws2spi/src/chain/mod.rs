//! What the Winsock library itself does above its providers: it reads the catalog, loads and starts the provider that
//! serves a protocol, and leads the calls on each handle to whoever serves that.
//!
//! Providers are foreign code: none of them is called while a lock is held, and each may call everything here.

pub(crate) mod addresses;
pub(crate) mod byte_order;
pub(crate) mod call;
pub(crate) mod choose;
pub(crate) mod connect_list;
pub(crate) mod extension;
pub(crate) mod host;
pub(crate) mod inet;
pub(crate) mod layered;
pub(crate) mod names;
pub(crate) mod poll;
pub(crate) mod protocols;
mod provider;
pub(crate) mod select;
pub(crate) mod startup;

use crate::abi::{SOCKET, WSPPROC_TABLE};
use crate::error::Result;
use crate::object::table::{self, Server};

/// The functions that serve a handle: of the base provider also for what is none. WSANOTINITIALISED outside of
/// WSAStartup and WSACleanup.
#[inline]
pub(crate) fn serving(handle: SOCKET, base: &'static WSPPROC_TABLE) -> Result<&'static WSPPROC_TABLE> {
    startup::check_started()?;
    match table::server(handle) {
        Server::Base => Ok(base),
        Server::Layered(procs) => Ok(procs),
        Server::Entry(entry) => start_for(handle, entry),
    }
}

/// A layer below others registered the handle, and was started by them: now the library needs it as well.
#[cold]
fn start_for(handle: SOCKET, entry: u32) -> Result<&'static WSPPROC_TABLE> {
    let procs = choose::of_entry(&*startup::view()?, entry)?;
    table::serve(handle, Server::Layered(procs));
    Ok(procs)
}
