//! The Winsock calls that programs make: starting, and a socket by way of a chain.

use super::Library;
use crate::failure::{Failure, Result};
use std::ffi::{c_char, c_int};
use ws2spi::abi::*;
use ws2spi::error::WsaError;

/// As winsock2.h has it.
#[derive(Clone, Copy)]
#[repr(C)]
#[allow(
    non_snake_case,
    clippy::upper_case_acronyms,
    reason = "the names are the C headers'"
)]
pub(super) struct WSADATA {
    wVersion: WORD,
    wHighVersion: WORD,
    iMaxSockets: u16,
    iMaxUdpDg: u16,
    lpVendorInfo: *mut c_char,
    szDescription: [c_char; 257],
    szSystemStatus: [c_char; 129],
}

/// The time between WSAStartup and WSACleanup.
pub(crate) struct Started<'l> {
    library: &'l Library,
}

impl Library {
    /// Calls WSAStartup.
    pub(crate) fn start_winsock(&self) -> Result<Started<'_>> {
        const VERSION_2_2: u16 = 0x0202;
        let start = self.functions.WSAStartup()?;
        // SAFETY: integers and a pointer that may be NULL.
        let mut data: WSADATA = unsafe { std::mem::zeroed() };
        // SAFETY: the structure is there to be filled.
        match unsafe { start(VERSION_2_2, &raw mut data) } {
            0 => Ok(Started { library: self }),
            code => Err(Failure::call("WSAStartup", WsaError::from_code(code))),
        }
    }

    /// The thread's last error (WSAGetLastError).
    pub(super) fn last_error(&self) -> Result<WsaError> {
        let get = self.functions.WSAGetLastError()?;
        // SAFETY: it takes nothing.
        Ok(WsaError::from_code(unsafe { get() }))
    }
}

impl Started<'_> {
    /// Makes a socket of a chain's entry, which loads and starts every provider on the way down (WSASocketW).
    pub(crate) fn try_chain(&self, chain: &WSAPROTOCOL_INFOW) -> Result<()> {
        let socket = self.library.functions.WSASocketW()?;
        let mut info = *chain;
        // SAFETY: the structure is one of the catalog's.
        let made = unsafe {
            socket(
                FROM_PROTOCOL_INFO,
                FROM_PROTOCOL_INFO,
                FROM_PROTOCOL_INFO,
                &raw mut info,
                0,
                WSA_FLAG_OVERLAPPED,
            )
        };
        if made == INVALID_SOCKET {
            return Err(Failure::call("WSASocketW", self.library.last_error()?));
        }
        Ok(())
    }
}

impl Drop for Started<'_> {
    /// Closes the sockets, too.
    fn drop(&mut self) {
        if let Ok(cleanup) = self.library.functions.WSACleanup() {
            // SAFETY: it takes nothing. What it answers helps nobody any more.
            let _: c_int = unsafe { cleanup() };
        }
    }
}

const _: () = assert!(size_of::<WSADATA>() == 408);
