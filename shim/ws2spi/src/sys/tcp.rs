//! What the kernel tells about a TCP connection (`TCP_INFO`).

use super::errno::Result;
use super::socket::{self, Descriptor};
use std::mem::size_of;

/// `struct tcp_info` as far as it is used here; what an older kernel does not know stays 0.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct TcpInfo {
    pub(crate) state: u8,
    _congestion: [u8; 4],
    pub(crate) options: u8,
    _scale: [u8; 2],
    _timers: [u32; 2],
    pub(crate) send_segment: u32,
    _receive_segment: u32,
    pub(crate) unacknowledged: u32,
    _counts: [u32; 10],
    pub(crate) round_trip: u32,
    _variance: [u32; 2],
    pub(crate) congestion_window: u32,
    _advertised: [u32; 3],
    pub(crate) receive_space: u32,
    pub(crate) retransmitted: u32,
    _rates: [u64; 3],
    pub(crate) bytes_received: u64,
    _segments: [u32; 3],
    pub(crate) least_round_trip: u32,
    _data_segments: [u32; 2],
    _delivery: [u64; 4],
    _delivered: [u32; 2],
    pub(crate) bytes_sent: u64,
    pub(crate) bytes_retransmitted: u64,
    _disorder: [u32; 3],
    pub(crate) send_window: u32,
    pub(crate) receive_window: u32,
    _rehash: u32,
    pub(crate) timeouts: u16,
    _recoveries: u16,
    _timeout_time: u32,
}

const _: () = assert!(size_of::<TcpInfo>() == 248);

impl TcpInfo {
    /// Time stamps are in use.
    pub(crate) const TIMESTAMPS: u8 = 1;

    pub(crate) fn of(fd: &Descriptor) -> Result<Self> {
        socket::option(fd, libc::IPPROTO_TCP, libc::TCP_INFO)
    }
}

/// The states of RFC 9293, by the kernel's numbers.
const FIN_WAIT_1: u8 = 4;
const FIN_WAIT_2: u8 = 5;
const TIME_WAIT: u8 = 6;
const CLOSE: u8 = 7;
const CLOSE_WAIT: u8 = 8;
const LAST_ACK: u8 = 9;
const CLOSING: u8 = 11;

/// The connection's state, which is the first byte.
fn state(fd: &Descriptor) -> Result<u8> {
    socket::option(fd, libc::IPPROTO_TCP, libc::TCP_INFO)
}

/// Whether the kernel's socket has no connection, or none any more.
pub(crate) fn is_unconnected(fd: &Descriptor) -> Result<bool> {
    state(fd).map(|state| state == CLOSE)
}

/// Whether a connection that was shut down for sending still has data, or its end, to deliver.
pub(crate) fn is_sending(fd: &Descriptor) -> bool {
    state(fd).is_ok_and(|state| matches!(state, FIN_WAIT_1 | LAST_ACK | CLOSING))
}

/// Whether this side has ended sending on a connection that is there still.
pub(crate) fn has_ended_sending(fd: &Descriptor) -> bool {
    state(fd).is_ok_and(|state| matches!(state, FIN_WAIT_1 | FIN_WAIT_2 | TIME_WAIT | LAST_ACK | CLOSING))
}

/// Whether the peer has ended sending, also when this side has ended both directions.
pub(crate) fn has_peer_ended(fd: &Descriptor) -> bool {
    state(fd).is_ok_and(|state| matches!(state, TIME_WAIT | CLOSE | CLOSE_WAIT | LAST_ACK | CLOSING))
}

/// How many connections wait on a listening socket, for which a field has this meaning.
pub(crate) fn queued_connections(fd: &Descriptor) -> Result<u32> {
    // Up to and including tcpi_unacked, the seventh number after eight bytes.
    let info: [u32; 7] = socket::option(fd, libc::IPPROTO_TCP, libc::TCP_INFO)?;
    Ok(info[6])
}
