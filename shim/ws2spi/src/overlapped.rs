//! What a call says about overlapped I/O.

use crate::abi::{LPWSAOVERLAPPED_COMPLETION_ROUTINE, WSA_FLAG_OVERLAPPED, WSAOVERLAPPED};
use crate::error::{Result, WsaError};
use crate::object::socket::Socket;
use crate::sys::guard::UserPointer;

/// The two arguments that ask for overlapped work.
#[derive(Clone, Copy)]
pub(crate) struct Overlapped {
    asked: bool,
    structure: bool,
}

impl Overlapped {
    #[inline]
    pub(crate) fn new(
        overlapped: UserPointer<WSAOVERLAPPED>,
        routine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> Self {
        Self {
            asked: !overlapped.is_null() || routine.is_some(),
            structure: !overlapped.is_null(),
        }
    }

    /// `lpOverlapped` is not NULL.
    pub(crate) const fn has_structure(self) -> bool {
        self.structure
    }

    /// Lets synchronous calls pass: both arguments NULL (OV.1), or a socket that is not overlapped, where they are
    /// ignored (OV.2). Overlapped work is not built yet.
    #[inline]
    pub(crate) fn must_be_synchronous(self, socket: &Socket) -> Result<()> {
        if self.asked && socket.creation_flags & WSA_FLAG_OVERLAPPED != 0 {
            Err(WsaError::WSAEOPNOTSUPP)
        } else {
            Ok(())
        }
    }
}
