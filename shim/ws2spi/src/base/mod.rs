//! The base provider over POSIX: the WSP* functions in safe Rust, one file per subject.
#![forbid(unsafe_code)]

pub(crate) mod accept;
pub(crate) mod apc;
pub(crate) mod bind;
pub(crate) mod blocking;
pub(crate) mod close;
pub(crate) mod connect;
pub(crate) mod create;
pub(crate) mod duplicate;
pub(crate) mod event;
pub(crate) mod events;
pub(crate) mod extension;
pub(crate) mod handle;
pub(crate) mod ioctl;
pub(crate) mod lifecycle;
pub(crate) mod listen;
pub(crate) mod multipoint;
pub(crate) mod names;
pub(crate) mod options;
pub(crate) mod poll;
pub(crate) mod port;
pub(crate) mod qos;
mod readiness;
pub(crate) mod result;
pub(crate) mod select;
mod sharing;
pub(crate) mod shutdown;
pub(crate) mod text;
pub(crate) mod transfer;
pub(crate) mod wait;

use crate::abi::SOCKET;
use crate::error::Result;
use crate::object::socket::State;
use crate::object::table::{self, Reference};
use crate::object::thread;

/// What every function asks first: is the provider started, is the thread free to call, is the handle a socket.
/// Only then come the other arguments (OBS.12).
#[inline]
pub(crate) fn enter(handle: SOCKET) -> Result<Reference> {
    enter_without_socket()?;
    let socket = table::look_up(handle)?;
    if socket.state.has(State::ABROAD) {
        duplicate::learn(&socket);
    }
    Ok(socket)
}

/// [`enter`] for functions that take no handle.
#[inline]
pub(crate) fn enter_without_socket() -> Result<()> {
    lifecycle::check_started()?;
    thread::check_not_in_progress()
}
