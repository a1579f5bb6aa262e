//! AcceptEx's buffer: the first data, then an area for each of the two addresses.
//!
//! An area holds the length of its address in four bytes, and the address at the next multiple of 8 behind them, so that
//! it is aligned wherever the program's buffer lies. That fits the 16 bytes which an area has beyond its address.

use crate::address::Address;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// How many bytes an area needs beyond its address.
const HEAD: usize = 16;

/// The buffer, and how many bytes it has for what.
#[derive(Clone, Copy)]
pub(crate) struct Areas {
    pub(crate) buffer: UserPointer<u8>,
    pub(crate) data: usize,
    pub(crate) local: usize,
    pub(crate) remote: usize,
}

/// Where a caller wants an address and its length; either may be NULL.
type Wanted = (UserPointer<usize>, UserPointer<i32>);

impl Areas {
    /// WSAEFAULT when there is less room than an address of the family needs, or none at all.
    pub(super) fn check(self, family: i32) -> Result<()> {
        let needed = Address::any(family).with_bytes(<[u8]>::len) + HEAD;
        if self.buffer.is_null() || self.local < needed || self.remote < needed {
            return Err(WsaError::WSAEFAULT);
        }
        // A bad pointer is found before anything is done.
        let nobody = Address::any(family);
        self.write(&nobody, &nobody)
    }

    fn local_area(self) -> UserPointer<u8> {
        self.buffer.add(self.data)
    }

    fn remote_area(self) -> UserPointer<u8> {
        self.local_area().add(self.local)
    }

    /// Writes both addresses.
    pub(super) fn write(self, local: &Address, remote: &Address) -> Result<()> {
        write(self.local_area(), local)?;
        write(self.remote_area(), remote)
    }

    /// GetAcceptExSockaddrs: where the addresses are, and how long.
    pub(crate) fn find(self, local: Wanted, remote: Wanted) -> Result<()> {
        find(self.local_area(), local)?;
        find(self.remote_area(), remote)
    }
}

fn address_in(area: UserPointer<u8>) -> UserPointer<u8> {
    let behind_length = area.address().wrapping_add(size_of::<u32>());
    UserPointer::from_address(behind_length.wrapping_add(7) & !7)
}

fn write(area: UserPointer<u8>, address: &Address) -> Result<()> {
    address.with_bytes(|bytes| {
        area.cast::<u32>().write(bytes.len() as u32)?;
        Ok(address_in(area).write_slice(bytes)?)
    })
}

fn find(area: UserPointer<u8>, (address, length): Wanted) -> Result<()> {
    if let Some(length) = length.non_null() {
        length.write(area.cast::<i32>().read()?)?;
    }
    if let Some(address) = address.non_null() {
        address.cast::<usize>().write(address_in(area).address())?;
    }
    Ok(())
}
