//! Addresses as text, and numbers in network order. 8-bit text is UTF-8. `htonl`, `htons`, `ntohl` and `ntohs` are libc's,
//! which do the same (include/ws2posix.h).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::{spi, wsp};
use crate::abi::*;
use crate::chain::{addresses, byte_order, inet, names};
use crate::sys::guard::UserPointer;
use std::ffi::{c_char, c_int, c_void};

spi! {
    /// Writes an address as text, numbers and all: by the provider of the entry at `lpProtocolInfo`, or with NULL of the
    /// first of the address's family.
    ///
    /// `lpsaAddress` has `dwAddressLength` bytes; `lpszAddressString` receives UTF-16 with its NUL;
    /// `lpdwAddressStringLength` is its size in characters, in: of the room, out: of the text, or what is needed.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (also for too little room), WSAEINPROGRESS or WSAEINVAL. Safe on any
    /// thread. Source: WSPAddressToString.1 to .3, OBS.43.
    fn WSAAddressToStringW(
        lpsaAddress: *mut SOCKADDR,
        dwAddressLength: DWORD,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
        lpszAddressString: *mut WCHAR,
        lpdwAddressStringLength: *mut DWORD,
    ) -> c_int {
        addresses::to_string(
            (lpsaAddress, dwAddressLength),
            lpProtocolInfo,
            (lpszAddressString, lpdwAddressStringLength),
        )
    }

    /// As WSAAddressToStringW, in UTF-8, whose lengths are in bytes.
    ///
    /// Returns as WSAAddressToStringW does. Safe on any thread. Source: WSPAddressToString.1 to .3, OBS.43.
    fn WSAAddressToStringA(
        lpsaAddress: *mut SOCKADDR,
        dwAddressLength: DWORD,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOA,
        lpszAddressString: *mut c_char,
        lpdwAddressStringLength: *mut DWORD,
    ) -> c_int {
        addresses::to_string_narrow(
            (lpsaAddress, dwAddressLength),
            lpProtocolInfo,
            (lpszAddressString.cast(), lpdwAddressStringLength),
        )
    }

    /// Reads an address from text: by the provider of the entry at `lpProtocolInfo`, or with NULL of the first of
    /// `AddressFamily`.
    ///
    /// `AddressString` is UTF-16 and ends with a NUL; `lpAddress` has `*lpAddressLength` bytes, which becomes the length of
    /// the address, or what is needed.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (also for too little room), WSAEINPROGRESS or WSAEINVAL. Safe on any
    /// thread. Source: WSPStringToAddress.1 to .4, OBS.43.
    fn WSAStringToAddressW(
        AddressString: *mut WCHAR,
        AddressFamily: c_int,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
        lpAddress: *mut SOCKADDR,
        lpAddressLength: *mut c_int,
    ) -> c_int {
        addresses::from_string(AddressString, AddressFamily, lpProtocolInfo, (lpAddress, lpAddressLength))
    }

    /// As WSAStringToAddressW, from UTF-8.
    ///
    /// Returns as WSAStringToAddressW does. Safe on any thread. Source: WSPStringToAddress.1 to .4, OBS.43.
    fn WSAStringToAddressA(
        AddressString: *mut c_char,
        AddressFamily: c_int,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOA,
        lpAddress: *mut SOCKADDR,
        lpAddressLength: *mut c_int,
    ) -> c_int {
        let text = AddressString.cast();
        addresses::from_string_narrow(text, AddressFamily, lpProtocolInfo, (lpAddress, lpAddressLength))
    }

    /// Puts a number into the byte order of the socket's protocol.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS or WSAENOTSOCK. Safe on any thread. Source: NEED-S14.
    fn WSAHtonl(s: SOCKET, hostlong: u32, lpnetlong: *mut u32) -> c_int {
        byte_order::convert_long(s, hostlong, lpnetlong, &wsp::PROC_TABLE)
    }

    /// As WSAHtonl, with 16 bits.
    ///
    /// Returns as WSAHtonl does. Safe on any thread. Source: NEED-S14.
    fn WSAHtons(s: SOCKET, hostshort: u16, lpnetshort: *mut u16) -> c_int {
        byte_order::convert_short(s, hostshort, lpnetshort, &wsp::PROC_TABLE)
    }

    /// Takes a number out of the byte order of the socket's protocol.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS or WSAENOTSOCK. Safe on any thread. Source: NEED-S14.
    fn WSANtohl(s: SOCKET, netlong: u32, lphostlong: *mut u32) -> c_int {
        byte_order::convert_long(s, netlong, lphostlong, &wsp::PROC_TABLE)
    }

    /// As WSANtohl, with 16 bits.
    ///
    /// Returns as WSANtohl does. Safe on any thread. Source: NEED-S14.
    fn WSANtohs(s: SOCKET, netshort: u16, lphostshort: *mut u16) -> c_int {
        byte_order::convert_short(s, netshort, lphostshort, &wsp::PROC_TABLE)
    }

    /// `inet_addr`: the IPv4 address that a text means, in network order: 1 to 4 parts, decimal, octal or hexadecimal. The
    /// text ends with a NUL or at a blank; an empty one, and a single blank, mean INADDR_ANY.
    ///
    /// Returns the address, or INADDR_NONE for other text, and for a bad pointer with WSAEFAULT. Needs no WSAStartup. Safe on
    /// any thread. Source: OBS.43.
    fn WS_inet_addr(cp: *const c_char) -> u32 {
        inet::address(cp.cast())
    }

    /// `inet_ntoa`: the text of an IPv4 address in network order.
    ///
    /// Returns the text, which stays until the calling thread asks for the next. Cannot fail. Needs no WSAStartup. Safe on
    /// any thread. Source: OBS.43.
    fn WS_inet_ntoa(r#in: IN_ADDR) -> *mut c_char {
        Ok(inet::text_of(r#in.s_addr).cast())
    }

    /// `inet_pton`: reads an IP address in its standard form, without port or scope.
    ///
    /// `Family` is AF_INET or AF_INET6; `pAddr` receives 4 or 16 bytes in network order.
    ///
    /// Returns 1, 0 for text that is no address of the family, or -1 with WSAEAFNOSUPPORT or WSAEFAULT. Needs no WSAStartup.
    /// Safe on any thread. Source: OBS.43.
    fn WS_inet_pton(Family: c_int, pStringBuf: *const c_char, pAddr: *mut c_void) -> c_int {
        inet::from_text::<u8>(Family, pStringBuf.cast(), pAddr)
    }

    /// As `inet_pton`, from UTF-16.
    ///
    /// Returns as `inet_pton` does. Needs no WSAStartup. Safe on any thread. Source: OBS.43.
    fn InetPtonW(Family: c_int, pStringBuf: *const WCHAR, pAddr: *mut c_void) -> c_int {
        inet::from_text(Family, pStringBuf, pAddr)
    }

    /// `inet_ntop`: writes an IP address as text, with its NUL.
    ///
    /// `Family` is AF_INET or AF_INET6; `pAddr` has 4 or 16 bytes in network order; `pStringBuf` has room for
    /// `StringBufSize` characters.
    ///
    /// Returns `pStringBuf`, or NULL with WSAEAFNOSUPPORT, WSAEFAULT or WSA_INVALID_PARAMETER (no room, or too little). Needs
    /// no WSAStartup. Safe on any thread. Source: OBS.43.
    fn WS_inet_ntop(
        Family: c_int,
        pAddr: *const c_void,
        pStringBuf: *mut c_char,
        StringBufSize: usize,
    ) -> *mut c_char {
        inet::to_text::<u8>(Family, pAddr, pStringBuf.cast(), StringBufSize).map(UserPointer::cast)
    }

    /// As `inet_ntop`, in UTF-16.
    ///
    /// Returns as `inet_ntop` does. Needs no WSAStartup. Safe on any thread. Source: OBS.43.
    fn InetNtopW(
        Family: c_int,
        pAddr: *const c_void,
        pStringBuf: *mut WCHAR,
        StringBufSIze: usize,
    ) -> *mut WCHAR {
        inet::to_text(Family, pAddr, pStringBuf, StringBufSIze)
    }

    /// `gethostname`: the host's name with its NUL, in `namelen` bytes.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (also for too little room), WSAEINPROGRESS or WSAENETDOWN. Safe on any
    /// thread. Source: C.2, C.4.
    fn WS_gethostname(name: *mut c_char, namelen: c_int) -> c_int {
        names::host_name(name.cast(), namelen)
    }

    /// The host's name in UTF-16 with its NUL, in `namelen` characters.
    ///
    /// Returns as `gethostname` does. Safe on any thread. Source: C.2, C.4.
    fn GetHostNameW(name: *mut WCHAR, namelen: c_int) -> c_int {
        names::host_name_wide(name, namelen)
    }

    /// What `gai_strerror` is: a few words on a code.
    ///
    /// Returns the text, which stays until the calling thread asks for the next. Cannot fail. Needs no WSAStartup. Safe on
    /// any thread. Source: NEED-H18.
    fn gai_strerrorA(ecode: c_int) -> *mut c_char {
        Ok(names::text_of_code(ecode).cast())
    }

    /// As `gai_strerrorA`, in UTF-16.
    ///
    /// Returns as `gai_strerrorA` does. Safe on any thread. Source: NEED-H18.
    fn gai_strerrorW(ecode: c_int) -> *mut WCHAR {
        Ok(names::text_of_code_wide(ecode))
    }
}
