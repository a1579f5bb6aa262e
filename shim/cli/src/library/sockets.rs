//! A started provider and its sockets: the functions of the table that WSPStartup fills.

use super::Library;
use crate::failure::{Failure, Result};
use std::ffi::c_int;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::ptr::null_mut;
use ws2spi::abi::*;
use ws2spi::error::WsaError;

/// The base provider between its WSPStartup and its WSPCleanup.
pub(crate) struct Provider {
    table: WSPPROC_TABLE,
    description: String,
}

/// A socket of the provider's.
pub(crate) struct Socket<'p> {
    provider: &'p Provider,
    handle: SOCKET,
}

/// Calls a function of the table: `call!(table, lpWSPBind(handle, …))`. Each has `lpErrno` as its last parameter; what
/// it answers comes back unless it is the mark of failure.
macro_rules! call {
    ($table:expr, $member:ident($($argument:expr),* $(,)?), fails: $mark:expr) => {{
        let name = stringify!($member).trim_start_matches("lp");
        let mut error: c_int = 0;
        match $table.$member {
            None => Err(Failure::problem(format!("the provider's table has no {name}"))),
            Some(function) => {
                // SAFETY: the provider filled the table with its functions. Every pointer among the arguments is to a
                // value that outlives the call, with its length beside it.
                let answer = unsafe { function($($argument,)* &raw mut error) };
                if answer == $mark {
                    Err(Failure::call(name, WsaError::from_code(error)))
                } else {
                    Ok(answer)
                }
            }
        }
    }};
}

impl Library {
    /// Calls WSPStartup.
    pub(crate) fn start(&self) -> Result<Provider> {
        const VERSION_2_2: u16 = 0x0202;
        let start = self.functions.WSPStartup()?;
        let mut data = WSPDATA {
            wVersion: 0,
            wHighVersion: 0,
            szDescription: [0; 256],
        };
        let mut table = NO_FUNCTIONS;
        // SAFETY: both structures are there to be filled; a table of no upcalls leaves them to the library.
        let error = unsafe { start(VERSION_2_2, &raw mut data, null_mut(), NO_UPCALLS, &raw mut table) };
        if error != 0 {
            return Err(Failure::call("WSPStartup", WsaError::from_code(error)));
        }
        let description = data.szDescription.split(|unit| *unit == 0).next();
        Ok(Provider {
            table,
            description: String::from_utf16_lossy(description.unwrap_or_default()),
        })
    }
}

impl Provider {
    /// How the provider describes itself.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    /// A TCP socket over IPv4.
    pub(crate) fn socket(&self) -> Result<Socket<'_>> {
        let handle = call!(
            self.table,
            lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, null_mut(), 0, 0),
            fails: INVALID_SOCKET
        )?;
        Ok(Socket {
            provider: self,
            handle,
        })
    }

    /// Calls WSPCleanup.
    pub(crate) fn cleanup(self) -> Result<()> {
        call!(self.table, lpWSPCleanup(), fails: SOCKET_ERROR).map(drop)
    }
}

impl<'p> Socket<'p> {
    pub(crate) fn bind(&self, address: SocketAddrV4) -> Result<()> {
        let address = sockaddr(address);
        call!(
            self.provider.table,
            lpWSPBind(self.handle, &raw const address, size_of::<SOCKADDR>() as c_int),
            fails: SOCKET_ERROR
        )
        .map(drop)
    }

    pub(crate) fn listen(&self, backlog: i32) -> Result<()> {
        call!(self.provider.table, lpWSPListen(self.handle, backlog), fails: SOCKET_ERROR).map(drop)
    }

    /// The address that the socket is bound to.
    pub(crate) fn local_address(&self) -> Result<SocketAddrV4> {
        let mut address = sockaddr(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0));
        let mut length = size_of::<SOCKADDR>() as c_int;
        call!(
            self.provider.table,
            lpWSPGetSockName(self.handle, &raw mut address, &raw mut length),
            fails: SOCKET_ERROR
        )?;
        let [port @ .., a, b, c, d, _, _, _, _, _, _, _, _] = address.sa_data;
        Ok(SocketAddrV4::new(
            Ipv4Addr::new(a, b, c, d),
            u16::from_be_bytes(port),
        ))
    }

    pub(crate) fn accept(&self) -> Result<Socket<'p>> {
        let handle = call!(
            self.provider.table,
            lpWSPAccept(self.handle, null_mut(), null_mut(), None, 0),
            fails: INVALID_SOCKET
        )?;
        Ok(Socket {
            provider: self.provider,
            handle,
        })
    }

    /// Receives into `bytes`; how many came, 0 at the end.
    pub(crate) fn receive(&self, bytes: &mut [u8]) -> Result<usize> {
        let mut buffer = WSABUF {
            len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            buf: bytes.as_mut_ptr(),
        };
        let (mut count, mut flags) = (0, 0);
        call!(
            self.provider.table,
            lpWSPRecv(
                self.handle,
                &raw mut buffer,
                1,
                &raw mut count,
                &raw mut flags,
                null_mut(),
                None,
                null_mut(),
            ),
            fails: SOCKET_ERROR
        )?;
        Ok(count as usize)
    }

    /// Sends `bytes`; how many went.
    pub(crate) fn send(&self, bytes: &[u8]) -> Result<usize> {
        let mut buffer = WSABUF {
            len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            buf: bytes.as_ptr().cast_mut(),
        };
        let mut count = 0;
        call!(
            self.provider.table,
            lpWSPSend(
                self.handle,
                &raw mut buffer,
                1,
                &raw mut count,
                0,
                null_mut(),
                None,
                null_mut(),
            ),
            fails: SOCKET_ERROR
        )?;
        Ok(count as usize)
    }

    pub(crate) fn close(self) -> Result<()> {
        call!(self.provider.table, lpWSPCloseSocket(self.handle), fails: SOCKET_ERROR).map(drop)
    }
}

/// The address as Winsock has it: `sockaddr_in`, which is as long as `SOCKADDR`.
fn sockaddr(address: SocketAddrV4) -> SOCKADDR {
    let mut data = [0; 14];
    data[..2].copy_from_slice(&address.port().to_be_bytes());
    data[2..6].copy_from_slice(&address.ip().octets());
    SOCKADDR {
        sa_family: AF_INET as u16,
        sa_data: data,
    }
}

// SAFETY: a table of NULL pointers: each member is an Option.
const NO_FUNCTIONS: WSPPROC_TABLE = unsafe { std::mem::zeroed() };
// SAFETY: as above.
const NO_UPCALLS: WSPUPCALLTABLE = unsafe { std::mem::zeroed() };
