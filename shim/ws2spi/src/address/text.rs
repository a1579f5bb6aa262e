//! Addresses as text, in the forms that Windows reads and prints (OBS.43).

use super::Address;
use crate::abi::*;
use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::ops::Range;

/// The text of an address: `1.2.3.4:80`, `[fe80::1%3]:80`, a path; without the port if that is 0. Nothing for
/// AF_UNIX names that are not text.
pub(crate) fn format(address: &Address) -> Option<String> {
    match address {
        Address::Internet(SocketAddr::V4(address)) if address.port() == 0 => Some(address.ip().to_string()),
        Address::Internet(SocketAddr::V4(address)) => Some(address.to_string()),
        Address::Internet(SocketAddr::V6(address)) => {
            let mut text = format_ipv6(address.ip());
            if address.scope_id() != 0 {
                let _ = write!(text, "%{}", address.scope_id());
            }
            Some(match address.port() {
                0 => text,
                port => format!("[{text}]:{port}"),
            })
        }
        // A name in Linux' abstract name space begins with NUL, which ends a string.
        Address::Unix(path) if path.contains(&0) => None,
        Address::Unix(path) => std::str::from_utf8(path).ok().map(String::from),
    }
}

/// Windows writes more addresses with an IPv4 tail than RFC 5952 asks for: those that carry one.
pub(crate) fn format_ipv6(ip: &Ipv6Addr) -> String {
    let groups = ip.segments();
    let embeds_ipv4 = match groups {
        // Compatible and mapped, the latter also shifted (RFC 2765).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, _] | [0, 0, 0, 0, 0xffff, 0, high, _] => high != 0,
        // ISATAP.
        [_, _, _, _, 0 | 0x200, 0x5efe, _, _] => true,
        _ => false,
    };
    let (groups, tail) = groups.split_at(if embeds_ipv4 { 6 } else { 8 });
    let zeros = longest_zeros(groups);
    let mut text = String::new();
    for (position, group) in groups.iter().enumerate() {
        if zeros.contains(&position) {
            if position == zeros.start {
                text.push_str("::");
            }
            continue;
        }
        if position != 0 && position != zeros.end {
            text.push(':');
        }
        let _ = write!(text, "{group:x}");
    }
    if let [high, low] = *tail {
        if zeros.end != groups.len() {
            text.push(':');
        }
        let _ = write!(
            text,
            "{}",
            Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
        );
    }
    text
}

/// The first of the longest runs of two zeros and more; `usize::MAX..usize::MAX` if there is none.
fn longest_zeros(groups: &[u16]) -> Range<usize> {
    let mut longest = usize::MAX..usize::MAX;
    let mut start = 0;
    for (position, &group) in groups.iter().enumerate() {
        if group != 0 {
            start = position + 1;
        } else if position + 1 - start > longest.len().max(1) {
            longest = start..position + 1;
        }
    }
    longest
}

/// The address that a text means in `family`; AF_UNSPEC finds out which IP it is.
pub(crate) fn parse(text: &str, family: i32) -> Option<Address> {
    match family {
        AF_INET => parse_ipv4(text).map(|address| Address::Internet(address.into())),
        AF_INET6 => parse_ipv6(text).map(|address| Address::Internet(address.into())),
        AF_UNIX => parse_path(text),
        AF_UNSPEC => parse(text, AF_INET).or_else(|| parse(text, AF_INET6)),
        _ => None,
    }
}

/// `a`, `a.b`, `a.b.c` or `a.b.c.d`, where the last part fills what is left of the address; then perhaps `:port`.
fn parse_ipv4(text: &str) -> Option<SocketAddrV4> {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, parse_port(port)?),
        None => (text, 0),
    };
    Some(SocketAddrV4::new(parse_ipv4_host(host)?, port))
}

/// [`parse_ipv4`] without a port.
pub(crate) fn parse_ipv4_host(host: &str) -> Option<Ipv4Addr> {
    let mut address = 0u32;
    let mut left = 32;
    let mut parts = host.split('.').peekable();
    while let Some(part) = parts.next() {
        let value = parse_number(part)?;
        let bits = if parts.peek().is_some() { 8 } else { left };
        if left == 0 || bits < 32 && value >> bits != 0 {
            return None;
        }
        left -= bits;
        address |= value << left;
    }
    Some(Ipv4Addr::from_bits(address))
}

/// An IPv6 address with an optional `%scope`, which is a number; in brackets if a `:port` follows.
fn parse_ipv6(text: &str) -> Option<SocketAddrV6> {
    let (host, port) = match text.strip_prefix('[') {
        None => (text, 0),
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            let port = match rest {
                "" => 0,
                rest => parse_port(rest.strip_prefix(':')?)?,
            };
            (host, port)
        }
    };
    let (ip, scope) = match host.split_once('%') {
        Some((ip, scope)) if scope.bytes().all(|byte| byte.is_ascii_digit()) => (ip, scope.parse().ok()?),
        Some(_) => return None,
        None => (host, 0),
    };
    Some(SocketAddrV6::new(ip.parse().ok()?, port, 0, scope))
}

/// A path has to leave room for the NUL at its end.
fn parse_path(text: &str) -> Option<Address> {
    (1..super::UNIX_LENGTH - size_of::<u16>())
        .contains(&text.len())
        .then(|| Address::Unix(text.as_bytes().into()))
}

/// A port; 0 cannot be asked for.
fn parse_port(text: &str) -> Option<u16> {
    let port = u16::try_from(parse_number(text)?).ok()?;
    (port != 0).then_some(port)
}

/// Hexadecimal after `0x`, octal after `0`, else decimal. Too large a number loses its upper bits, as on Windows.
fn parse_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0u32, |value, digit| {
        Some(value.wrapping_mul(radix).wrapping_add(digit.to_digit(radix)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ipv4(text: &str) -> Option<(u32, u16)> {
        parse_ipv4(text).map(|address| (address.ip().to_bits(), address.port()))
    }

    /// OBS.43: parts, bases and ports.
    #[test]
    fn ipv4_is_read_as_on_windows() {
        let good = [
            ("1.2.3.4", 0x0102_0304, 0),
            ("0.0.0.0", 0, 0),
            ("255.255.255.255:65535", 0xffff_ffff, 65535),
            ("1", 1, 0),
            ("1:1", 1, 1),
            ("1.2", 0x0100_0002, 0),
            ("1.223756", 0x0103_6a0c, 0),
            ("3.4.756", 0x0304_02f4, 0),
            ("203569230:123", 0x0c22_384e, 123),
            ("1.1.1.0XaA", 0x0101_01aa, 0),
            ("1.1.1.010", 0x0101_0108, 0),
            ("1.1.1.00", 0x0101_0100, 0),
            ("017700000001", 0x7f00_0001, 0),
            ("0x123456789", 0x2345_6789, 0),
            ("127.127.127.127:0xAbCd", 0x7f7f_7f7f, 0xabcd),
            ("127.127.127.127:010", 0x7f7f_7f7f, 8),
        ];
        for (text, address, port) in good {
            assert_eq!(ipv4(text), Some((address, port)), "{text}");
        }
        let bad = [
            "",
            " ",
            ".",
            "a",
            "-1",
            "1.",
            "1..2",
            "1.2.3.",
            "1.2.3.4.",
            "3.4.5.6.7",
            "256.1.1.1",
            "1.1.1.256",
            "3.4.65536",
            "1.16777216",
            "1.1.1.0x",
            "1.1.1.08",
            "1.1.1.0a",
            "1.1.1.-2",
            "1.1.1.+2",
            " 1.1.1.1",
            "1.1.1.1 ",
            "1. 1.1.1",
            "1.1.1.1:",
            "1.1.1.1:0",
            "1.1.1.1:65536",
            "1.1.1.1::1",
            "1.1.1.1:08",
            "1.1.1.1: 7",
            "[1.1.1.1]",
            "x1",
            "1234BEEF",
            "::1",
            ":1",
            "1.1.1.１",
        ];
        for text in bad {
            assert_eq!(ipv4(text), None, "{text}");
        }
    }

    /// OBS.43: brackets, ports and scopes.
    #[test]
    fn ipv6_is_read_as_on_windows() {
        let good = [
            ("::1", "[::1]:0"),
            ("[::1]", "[::1]:0"),
            ("[::1]:65535", "[::1]:65535"),
            ("[::1]:0x10", "[::1]:16"),
            ("2001::1", "[2001::1]:0"),
            ("001::1", "[1::1]:0"),
            ("::1:2:3:4:5:6:7", "[0:1:2:3:4:5:6:7]:0"),
            ("fe80::1%3", "[fe80::1%3]:0"),
            ("[FE80::1%3]:80", "[fe80::1%3]:80"),
            ("::ffff:1.2.3.4", "[::ffff:1.2.3.4]:0"),
        ];
        for (text, address) in good {
            assert_eq!(parse_ipv6(text), address.parse().ok(), "{text}");
        }
        let bad = [
            "",
            "::1]:80",
            "[::1",
            "[::1]80",
            "[::1]:",
            "[::1]:0",
            "[::1]:65536",
            "1.2.3.4",
            "1:2:3:",
            "1::2::3",
            "12345::",
            "1:2:3:4:5:6:7:8:9",
            "fe80::1%",
            "fe80::1%+3",
            "fe80::1%lo",
            "fe80::1%4294967296",
            "::1 ",
        ];
        for text in bad {
            assert_eq!(parse_ipv6(text), None, "{text}");
        }
    }

    /// OBS.43: what Windows prints.
    #[test]
    fn addresses_are_printed_as_on_windows() {
        let texts = [
            "0.0.0.0",
            "1.2.3.4:80",
            "::",
            "::1",
            "1::",
            "[::1]:80",
            "fe80::1%3",
            "[fe80::1%3]:80",
            "1:2:3:4:5:6:7:8",
            "1:0:3:4:5:6:7:8",
            "1::4:5:6:7:8",
            "1:0:0:4::8",
            "1::4:0:0:7:8",
            "::ffff:1.2.3.4",
            "::1.2.3.4",
            "::ffff:0:1.2.3.4",
            "fe80::5efe:1.2.3.4",
            "0:0:0:2::",
            "0:1:2:3:4:5:6:7",
        ];
        for text in texts {
            let address = parse(text, AF_UNSPEC).unwrap();
            assert_eq!(format(&address).as_deref(), Some(text));
        }
    }

    #[test]
    fn paths_are_text_when_they_can_be() {
        let path = parse("/run/echo.sock", AF_UNIX).unwrap();
        assert_eq!(path, Address::Unix((*b"/run/echo.sock").into()));
        assert_eq!(format(&path).as_deref(), Some("/run/echo.sock"));
        assert!(parse("", AF_UNIX).is_none());
        assert!(parse(&"x".repeat(107), AF_UNIX).is_some());
        assert!(parse(&"x".repeat(108), AF_UNIX).is_none());
        assert!(format(&Address::Unix((*b"\0name").into())).is_none());
        assert!(format(&Address::Unix((*b"\xff").into())).is_none());
        assert_eq!(format(&Address::Unix(Box::default())).as_deref(), Some(""));
    }

    proptest! {
        /// WSPAddressToString.1: nothing of an address is lost in its text.
        #[test]
        fn what_is_printed_can_be_read(bits: u128, mask: u128, port: u16, scope: u32) {
            // With the mask, runs of zeros are common.
            let groups = Ipv6Addr::from_bits(mask).segments();
            let ip = Ipv6Addr::from(std::array::from_fn::<u16, 8, _>(|position| {
                if groups[position] & 1 == 0 { 0 } else { Ipv6Addr::from_bits(bits).segments()[position] }
            }));
            let ipv6 = Address::Internet(SocketAddrV6::new(ip, port, 0, scope).into());
            prop_assert_eq!(parse(&format(&ipv6).unwrap(), AF_UNSPEC), Some(ipv6));
            let ipv4 = Address::Internet(SocketAddrV4::new(Ipv4Addr::from_bits(bits as u32), port).into());
            prop_assert_eq!(parse(&format(&ipv4).unwrap(), AF_UNSPEC), Some(ipv4));
        }

        /// WSPStringToAddress.4: no text does harm, and what is understood can be printed.
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-fxX.:%\\[\\] ]{0,24}|.{0,12}") {
            for family in [AF_INET, AF_INET6, AF_UNSPEC] {
                if let Some(address) = parse(&text, family) {
                    prop_assert!(format(&address).is_some());
                }
            }
        }
    }
}
