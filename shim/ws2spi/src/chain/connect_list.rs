//! WSAConnectByList: connects to the first address of a list that can be reached.
#![forbid(unsafe_code)]

use super::{call, select, serving, startup};
use crate::abi::*;
use crate::base::select::duration;
use crate::error::{Result, WsaError};
use crate::object::socket::State;
use crate::object::table;
use crate::object::thread::check_not_in_progress;
use crate::sys::guard::UserPointer;
use crate::sys::time;
use libc::timeval;
use std::mem::offset_of;
use std::time::Duration;

/// Where an address is told, and how much room is there; either may be NULL.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub(crate) address: UserPointer<SOCKADDR>,
    pub(crate) length: UserPointer<u32>,
}

/// WSAConnectByList: `timeout` is for all attempts together.
pub(crate) fn connect(
    s: SOCKET,
    list: UserPointer<SOCKET_ADDRESS_LIST>,
    (local, remote): (Room, Room),
    timeout: UserPointer<timeval>,
    reserved: UserPointer<WSAOVERLAPPED>,
    base: &'static WSPPROC_TABLE,
) -> Result<()> {
    startup::check_started()?;
    check_not_in_progress()?;
    let socket = Socket {
        s,
        procs: serving(s, base)?,
        base,
    };
    let protocol = call::protocol_info(socket.procs, s)?;
    if protocol.iSocketType != SOCK_STREAM || !reserved.is_null() {
        return Err(WsaError::WSAEINVAL);
    }
    let addresses = read(list)?;
    local.check(&protocol)?;
    remote.check(&protocol)?;
    let limit = match timeout.non_null() {
        Some(timeout) => Some(time::monotonic() + duration(timeout.read()?)?),
        None => None,
    };
    // A wait that may end before the attempt does not block in it.
    let changes_mode = limit.is_some() && !socket.is_nonblocking();
    if changes_mode {
        call::set_nonblocking(socket.procs, s, true)?;
    }
    let outcome = socket.connect_to_one(&addresses, limit);
    if changes_mode {
        call::set_nonblocking(socket.procs, s, false)?;
    }
    outcome?;
    if let Some(mut length) = local.length()? {
        call::local_address(socket.procs, s, local.address, &mut length)?;
        local.length.write(length.cast_unsigned())?;
    }
    if let Some(mut length) = remote.length()? {
        call::peer_address(socket.procs, s, remote.address, &mut length)?;
        remote.length.write(length.cast_unsigned())?;
    }
    Ok(())
}

/// The addresses of the list; WSAEINVAL for none.
fn read(list: UserPointer<SOCKET_ADDRESS_LIST>) -> Result<Vec<SOCKET_ADDRESS>> {
    let count = list.cast::<i32>().read()?;
    let first = list.cast::<u8>().add(offset_of!(SOCKET_ADDRESS_LIST, Address));
    let places =
        (0..usize::try_from(count).unwrap_or(0)).map(|place| first.cast::<SOCKET_ADDRESS>().add(place));
    let addresses: Vec<_> = places.map(|at| Ok(at.read()?)).collect::<Result<_>>()?;
    if addresses.is_empty() {
        return Err(WsaError::WSAEINVAL);
    }
    Ok(addresses)
}

impl Room {
    /// How much room there is; `None` where nothing is to be told.
    fn length(self) -> Result<Option<i32>> {
        if self.address.is_null() || self.length.is_null() {
            return Ok(None);
        }
        Ok(Some(i32::try_from(self.length.read()?).unwrap_or(i32::MAX)))
    }

    /// WSAEFAULT before anything is done where an address of the protocol has no room.
    fn check(self, protocol: &WSAPROTOCOL_INFOW) -> Result<()> {
        if self
            .length()?
            .is_some_and(|length| length < protocol.iMinSockAddr)
        {
            return Err(WsaError::WSAEFAULT);
        }
        Ok(())
    }
}

struct Socket {
    s: SOCKET,
    procs: &'static WSPPROC_TABLE,
    base: &'static WSPPROC_TABLE,
}

impl Socket {
    /// Handles that layered providers have made are taken to block: nothing tells.
    fn is_nonblocking(&self) -> bool {
        table::look_up(self.s).is_ok_and(|socket| socket.state.has(State::NONBLOCKING))
    }

    /// Tries the addresses in turn; the code of the last failure. What is wrong with the socket, or with the time, is wrong
    /// with every address.
    fn connect_to_one(&self, addresses: &[SOCKET_ADDRESS], limit: Option<Duration>) -> Result<()> {
        let mut outcome = Err(WsaError::WSAEINVAL);
        for address in addresses {
            let name = UserPointer::from_address(address.lpSockaddr);
            outcome = match call::connect(self.procs, self.s, name, address.iSockaddrLength) {
                Err(WsaError::WSAEWOULDBLOCK) => match self.wait(limit) {
                    Err(WsaError::WSAETIMEDOUT) if limit.is_some_and(|limit| limit <= time::monotonic()) => {
                        return Err(WsaError::WSAETIMEDOUT);
                    }
                    outcome => outcome,
                },
                outcome => outcome,
            };
            match outcome {
                Ok(())
                | Err(
                    WsaError::WSAENOTSOCK
                    | WsaError::WSAEISCONN
                    | WsaError::WSAEALREADY
                    | WsaError::WSAEINTR
                    | WsaError::WSAEINPROGRESS
                    | WsaError::WSANOTINITIALISED,
                ) => return outcome,
                Err(_) => {}
            }
        }
        outcome
    }

    /// Waits for the end of an attempt.
    fn wait(&self, limit: Option<Duration>) -> Result<()> {
        let (mut write, mut except) = ([1, self.s], [1, self.s]);
        for set in [&mut write, &mut except] {
            UserPointer::to_own_slice(set).cast::<u32>().write(1)?;
        }
        let left = limit.map(|limit| limit.saturating_sub(time::monotonic()));
        let mut left = left.map(|left| timeval {
            tv_sec: left.as_secs().cast_signed(),
            tv_usec: left.subsec_micros().into(),
        });
        let timeout = left
            .as_mut()
            .map_or(UserPointer::from_address(0), UserPointer::to_own_value);
        let sets = [
            UserPointer::from_address(0),
            UserPointer::to_own_slice(&mut write).cast(),
            UserPointer::to_own_slice(&mut except).cast(),
        ];
        match select::select(0, sets, timeout, self.base)? {
            0 => Err(WsaError::WSAETIMEDOUT),
            _ => match call::error_of(self.procs, self.s)? {
                0 => Ok(()),
                code => Err(WsaError::from_code(code)),
            },
        }
    }
}
