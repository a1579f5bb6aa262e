//! WSAPoll (NEED-S13). Handles that layered providers have made themselves stand for those that the providers name
//! (SIO_BSP_HANDLE_POLL), which normally are their own: then the first such provider polls for all of them
//! (SIO_EXT_POLL). Everything else is polled by the base provider, whose sockets IFS handles are.
#![forbid(unsafe_code)]

use super::{call, layered, serving, startup};
use crate::abi::{SIO_BSP_HANDLE_POLL, SOCKET, WSAPOLLDATA, WSAPOLLFD, WSPPROC_TABLE};
use crate::base;
use crate::error::{Result, WsaError};
use crate::object::table::{self, Server};
use crate::object::thread::{check_not_in_progress, last_error};
use crate::sys::guard::UserPointer;
use std::mem::offset_of;

/// The structure of SIO_EXT_POLL takes up as much as an element of its array.
const _: () = assert!(size_of::<WSAPOLLDATA>() == size_of::<WSAPOLLFD>());

/// WSAPoll.
pub(crate) fn poll(
    array: UserPointer<WSAPOLLFD>,
    count: u32,
    timeout: i32,
    base: &'static WSPPROC_TABLE,
) -> Result<i32> {
    // Who has come by WSPStartup alone knows no layers.
    if startup::check_started().is_err() || !involves_layers(array, count) {
        return base::poll::poll(array, count, timeout);
    }
    check_not_in_progress()?;
    let mut elements = vec![WSAPOLLFD {
        fd: 0,
        events: 0,
        revents: 0,
    }];
    for place in 0..count as usize {
        let mut element = array.add(place).read()?;
        element.fd = layered::target(element.fd, SIO_BSP_HANDLE_POLL, base)?;
        elements.push(element);
    }
    let ready = match server(&elements, base)? {
        Some((procs, handle)) => {
            UserPointer::to_own_slice(&mut elements)
                .cast()
                .write(WSAPOLLDATA {
                    result: 0,
                    fds: count,
                    timeout,
                    padding: [],
                })?;
            call::poll(procs, handle, &mut elements)?;
            let answered = UserPointer::to_own_slice(&mut elements).cast::<WSAPOLLDATA>();
            answered.read()?.result
        }
        None => base::poll::poll(UserPointer::to_own_slice(&mut elements).add(1), count, timeout)?,
    };
    if ready < 0 {
        return Err(match last_error() {
            0 => WsaError::WSASYSCALLFAILURE,
            code => WsaError::from_code(code.cast_signed()),
        });
    }
    for (place, element) in elements.iter().skip(1).enumerate() {
        let revents = offset_of!(WSAPOLLFD, revents);
        array
            .add(place)
            .cast::<u8>()
            .add(revents)
            .cast()
            .write(element.revents)?;
    }
    Ok(ready)
}

/// Whether any element names a handle that a layered provider has made. What cannot be read is the base provider's to
/// judge.
fn involves_layers(array: UserPointer<WSAPOLLFD>, count: u32) -> bool {
    (0..count as usize)
        .map_while(|place| array.add(place).cast::<SOCKET>().read().ok())
        .any(|handle| !matches!(table::server(handle), Server::Base) && layered::is_one(handle))
}

/// Who polls in place of the base provider, and on which handle.
fn server(
    elements: &[WSAPOLLFD],
    base: &'static WSPPROC_TABLE,
) -> Result<Option<(&'static WSPPROC_TABLE, SOCKET)>> {
    let own = elements.iter().skip(1).map(|element| element.fd);
    for handle in own.filter(|&handle| layered::is_one(handle)) {
        let procs = serving(handle, base)?;
        if !std::ptr::eq(procs, base) {
            return Ok(Some((procs, handle)));
        }
    }
    Ok(None)
}
