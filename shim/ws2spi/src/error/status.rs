//! How a finished request's code reads to those who ask the kernel instead of Winsock: as a status (NTSTATUS) in
//! `OVERLAPPED.Internal` and `OVERLAPPED_ENTRY.Internal`, and as the system code that follows from the status, which is
//! the last error after GetQueuedCompletionStatus and GetOverlappedResult.

use super::WsaError;
use crate::abi::*;

/// A code, its status, and the system code that RtlNtStatusToDosError makes of the status. Where Windows reads several
/// statuses as one code, the row has the one that TCP/IP gives. Statuses differ, so that each leads back to its code;
/// several share a system code, as on Windows.
#[rustfmt::skip]
const ROWS: [(WsaError, u32, u32); 27] = [
    (WsaError::from_code(0), STATUS_SUCCESS, ERROR_SUCCESS),
    (WsaError::WSA_OPERATION_ABORTED, STATUS_CANCELLED, ERROR_OPERATION_ABORTED),
    (WsaError::WSAEINTR, STATUS_REQUEST_ABORTED, ERROR_REQUEST_ABORTED),
    (WsaError::WSAEACCES, STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED),
    (WsaError::WSAEFAULT, STATUS_ACCESS_VIOLATION, ERROR_NOACCESS),
    (WsaError::WSAEINVAL, STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER),
    (WsaError::WSAEWOULDBLOCK, STATUS_DEVICE_NOT_READY, ERROR_NOT_READY),
    (WsaError::WSAENOTSOCK, STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE),
    (WsaError::WSAEMSGSIZE, STATUS_BUFFER_OVERFLOW, ERROR_MORE_DATA),
    (WsaError::WSAEOPNOTSUPP, STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED),
    (WsaError::WSAEAFNOSUPPORT, STATUS_PROTOCOL_NOT_SUPPORTED, ERROR_NOT_SUPPORTED),
    (WsaError::WSAEADDRINUSE, STATUS_ADDRESS_ALREADY_EXISTS, ERROR_DUP_NAME),
    (WsaError::WSAEADDRNOTAVAIL, STATUS_INVALID_ADDRESS_COMPONENT, ERROR_INVALID_NETNAME),
    (WsaError::WSAENETDOWN, STATUS_UNEXPECTED_NETWORK_ERROR, ERROR_UNEXP_NET_ERR),
    (WsaError::WSAENETUNREACH, STATUS_NETWORK_UNREACHABLE, ERROR_NETWORK_UNREACHABLE),
    (WsaError::WSAENETRESET, STATUS_HOPLIMIT_EXCEEDED, ERROR_HOST_UNREACHABLE),
    (WsaError::WSAECONNABORTED, STATUS_CONNECTION_ABORTED, ERROR_CONNECTION_ABORTED),
    (WsaError::WSAECONNRESET, STATUS_CONNECTION_RESET, ERROR_NETNAME_DELETED),
    (WsaError::WSAENOBUFS, STATUS_INSUFFICIENT_RESOURCES, ERROR_NO_SYSTEM_RESOURCES),
    (WsaError::WSAEISCONN, STATUS_CONNECTION_ACTIVE, ERROR_CONNECTION_ACTIVE),
    (WsaError::WSAENOTCONN, STATUS_INVALID_CONNECTION, ERROR_UNEXP_NET_ERR),
    (WsaError::WSAESHUTDOWN, STATUS_PIPE_DISCONNECTED, ERROR_PIPE_NOT_CONNECTED),
    (WsaError::WSAETIMEDOUT, STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT),
    (WsaError::WSAECONNREFUSED, STATUS_CONNECTION_REFUSED, ERROR_CONNECTION_REFUSED),
    (WsaError::WSAEHOSTDOWN, STATUS_HOST_DOWN, ERROR_HOST_DOWN),
    (WsaError::WSAEHOSTUNREACH, STATUS_HOST_UNREACHABLE, ERROR_HOST_UNREACHABLE),
    (WsaError::WSAEDISCON, STATUS_GRACEFUL_DISCONNECT, ERROR_GRACEFUL_DISCONNECT),
];

/// What a code without a row is in a status: Windows' own way to carry a system code in one (FACILITY_NTWIN32), from
/// which it comes out unchanged.
const SYSTEM_CODE: u32 = 0xc007_0000;

fn row(code: WsaError) -> Option<(u32, u32)> {
    ROWS.iter()
        .find(|(of, ..)| *of == code)
        .map(|&(_, status, system)| (status, system))
}

/// The status of a request that ended with `code`, which is 0 for success (OV.21).
///
/// Total: a code without a row, such as one that a layered provider made up, is carried in a status by its low 16
/// bits. STATUS_PENDING comes of none, not of WSA_IO_PENDING either.
pub(crate) fn status(code: WsaError) -> u32 {
    row(code).map_or(
        SYSTEM_CODE | (code.code().cast_unsigned() & 0xffff),
        |(status, _)| status,
    )
}

/// The system code of a request that ended with `code`, which is 0 for success. A code without a row is its own.
pub(crate) fn win32(code: WsaError) -> u32 {
    row(code).map_or(code.code().cast_unsigned(), |(_, system)| system)
}

/// What Windows reads into a status that it does not know. It is in none of our headers.
const ERROR_MR_MID_NOT_FOUND: u32 = 317;

/// The system code of a request whose structure has `status`.
pub(crate) fn win32_of(status: u32) -> u32 {
    let row = ROWS.iter().find(|(_, of, _)| *of == status);
    match row {
        Some(&(.., system)) => system,
        None if status & 0xffff_0000 == SYSTEM_CODE => status & 0xffff,
        None => ERROR_MR_MID_NOT_FOUND,
    }
}

/// A system code as an error: what the functions of the kernel's fail with.
pub(crate) const fn system(code: u32) -> WsaError {
    WsaError::from_code(code.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows' numbers, once more: code, status, system code.
    #[rustfmt::skip]
    const WINDOWS: [(i32, u32, u32); 27] = [
        (0, 0, 0),
        (995, 0xc000_0120, 995),
        (10004, 0xc000_0240, 1235),
        (10013, 0xc000_0022, 5),
        (10014, 0xc000_0005, 998),
        (10022, 0xc000_000d, 87),
        (10035, 0xc000_00a3, 21),
        (10038, 0xc000_0008, 6),
        (10040, 0x8000_0005, 234),
        (10045, 0xc000_00bb, 50),
        (10047, 0xc000_a013, 50),
        (10048, 0xc000_020a, 52),
        (10049, 0xc000_0207, 1214),
        (10050, 0xc000_00c4, 59),
        (10051, 0xc000_023c, 1231),
        (10052, 0xc000_a012, 1232),
        (10053, 0xc000_0241, 1236),
        (10054, 0xc000_020d, 64),
        (10055, 0xc000_009a, 1450),
        (10056, 0xc000_023b, 1230),
        (10057, 0xc000_0140, 59),
        (10058, 0xc000_00b0, 233),
        (10060, 0xc000_00b5, 121),
        (10061, 0xc000_0236, 1225),
        (10064, 0xc000_0350, 1256),
        (10065, 0xc000_023d, 1232),
        (10101, 0xc000_0237, 1226),
    ];

    fn all() -> impl Iterator<Item = WsaError> {
        (-0x1_0000..=0x1_ffff).map(WsaError::from_code)
    }

    #[test]
    fn codes_read_as_on_windows() {
        let ours = WINDOWS.map(|(code, ..)| {
            let of = WsaError::from_code(code);
            (code, status(of), win32(of))
        });
        assert_eq!(ours, WINDOWS);
        assert_eq!(ROWS.map(|(code, ..)| code.code()), WINDOWS.map(|(code, ..)| code));
    }

    #[test]
    fn a_status_leads_to_the_system_code_of_its_code() {
        let known = WsaError::ALL.iter().copied().chain(all());
        for known in known.filter(|known| (0..=0xffff).contains(&known.code())) {
            assert_eq!(win32_of(status(known)), win32(known));
        }
        let mut statuses = WINDOWS.map(|(_, status, _)| status);
        statuses.sort_unstable();
        assert!(
            statuses.is_sorted_by(|one, next| one < next),
            "each leads back to one code"
        );
        assert_eq!(win32_of(0xc000_ffff), 317);
    }

    /// Whatever the code: a failure is an error or a warning to NT_SUCCESS and to GetLastError, and nothing that
    /// finished is pending (OV.21).
    #[test]
    fn only_success_reads_as_success() {
        for code in all() {
            assert_eq!(status(code) < 0x8000_0000, code.code() == 0, "{code}");
            assert_eq!(win32(code) == 0, code.code() == 0, "{code}");
        }
        assert_eq!(status(WsaError::WSA_IO_PENDING), 0xc007_03e5);
    }

    #[test]
    fn a_code_without_a_row_keeps_its_number() {
        assert_eq!(status(WsaError::WSAEMFILE), 0xc007_2728);
        assert_eq!(win32(WsaError::WSAEMFILE), 10024);
        assert_eq!(win32(WsaError::from_code(0x1_0002)), 0x1_0002);
    }
}
