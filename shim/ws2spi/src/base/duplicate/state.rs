//! What the kernel does not know of a socket, as it travels to another process.

use crate::catalog::base::Protocol;
use crate::object::options::Options;
use crate::object::socket::{Socket, State};
use crate::sys::socket::Descriptor;
use std::sync::atomic::Ordering;

/// Changes with the meaning of what follows, so that two versions of the library never misunderstand each other.
const VERSION: u32 = 2;

/// Version, catalog entry, protocol number, flags, state, error, time of the connection in two halves; options.
const NUMBERS: usize = 8 + Options::COUNT;

/// In bytes.
pub(super) const LENGTH: usize = NUMBERS * size_of::<u32>();

pub(super) fn pack(socket: &Socket) -> [u8; LENGTH] {
    let connected_at = socket.connected_at.load(Ordering::Relaxed);
    // A thread that settles a connection attempt is of this process.
    let state = (socket.state.get() | State::ABROAD) - State::SETTLING;
    let fixed = [
        VERSION,
        socket.protocol.catalog_entry,
        socket.protocol_number as u32,
        socket.creation_flags,
        state.bits(),
        socket.error.load(Ordering::Relaxed) as u32,
        (connected_at >> 32) as u32,
        connected_at as u32,
    ];
    let mut bytes = [0; LENGTH];
    let numbers = fixed.into_iter().chain(socket.options.to_numbers());
    for (place, number) in bytes.chunks_exact_mut(size_of::<u32>()).zip(numbers) {
        place.copy_from_slice(&number.to_ne_bytes());
    }
    bytes
}

/// The socket again, around its descriptor; `None` if it is not one of `entry`, or of another version.
pub(super) fn unpack(
    bytes: &[u8; LENGTH],
    entry: &'static Protocol,
    descriptor: Descriptor,
) -> Option<Socket> {
    let mut numbers = [0; NUMBERS];
    for (number, place) in numbers.iter_mut().zip(bytes.chunks_exact(size_of::<u32>())) {
        *number = u32::from_ne_bytes(place.try_into().ok()?);
    }
    let (fixed, options) = numbers.split_first_chunk::<8>()?;
    let &[
        version,
        catalog_entry,
        protocol_number,
        creation_flags,
        state,
        error,
        connected_high,
        connected_low,
    ] = fixed;
    if version != VERSION || catalog_entry != entry.catalog_entry {
        return None;
    }
    let socket = Socket::new(
        descriptor,
        entry,
        protocol_number as i32,
        creation_flags,
        State::from_bits_retain(state),
        Options::from_numbers(options.try_into().ok()?),
    );
    socket.error.store(error as i32, Ordering::Relaxed);
    let connected_at = u64::from(connected_high) << 32 | u64::from(connected_low);
    socket.connected_at.store(connected_at, Ordering::Relaxed);
    Some(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::base::PROTOCOLS;
    use crate::sys::socket::Descriptor;
    use std::os::fd::IntoRawFd;

    fn descriptor() -> Descriptor {
        let file = std::fs::File::open("/dev/null").expect("/dev/null");
        Descriptor::from_raw(file.into_raw_fd())
    }

    /// WSPDuplicateSocket.5: what is packed comes out again; another version or entry is refused.
    #[test]
    fn what_is_packed_comes_out() {
        let numbers: Vec<u32> = (10..).take(Options::COUNT).collect();
        let options = Options::from_numbers(numbers.clone().try_into().expect("COUNT numbers"));
        let state = State::BOUND | State::CONNECTED | State::NONBLOCKING;
        let socket = Socket::new(
            descriptor(),
            &PROTOCOLS[1],
            17,
            5,
            state | State::SETTLING,
            options,
        );
        socket.error.store(-7, Ordering::Relaxed);
        socket.connected_at.store(1 << 40 | 3, Ordering::Relaxed);
        let mut bytes = pack(&socket);
        let copy = unpack(&bytes, &PROTOCOLS[1], descriptor()).expect("the same version");
        assert_eq!(copy.protocol_number, 17);
        assert_eq!(copy.creation_flags, 5);
        assert_eq!(copy.state.get(), state | State::ABROAD);
        assert_eq!(copy.error.load(Ordering::Relaxed), -7);
        assert_eq!(copy.connected_at.load(Ordering::Relaxed), 1 << 40 | 3);
        assert_eq!(copy.options.to_numbers()[..], numbers[..]);
        assert!(unpack(&bytes, &PROTOCOLS[0], descriptor()).is_none());
        bytes[0] ^= 0x40;
        assert!(unpack(&bytes, &PROTOCOLS[1], descriptor()).is_none());
    }
}
