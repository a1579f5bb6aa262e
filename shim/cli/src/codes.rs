//! `ws2spi error`: what a code means, who produces it, and what helps.

use crate::failure::{Failure, Result};
use std::io::Write;
use ws2spi::error::WsaError;

/// Each documented function and code, with the circumstance: the list that the library is tested against.
const DOCUMENTED: &[u8] = include_bytes!("../../../tests/spec/errors.csv");

/// A function that can fail with a code, and when it does.
struct Source {
    function: String,
    name: String,
    code: i32,
    condition: String,
}

fn documented() -> impl Iterator<Item = Source> {
    csv::Reader::from_reader(DOCUMENTED)
        .into_records()
        .filter_map(|row| {
            let row = row.ok()?;
            Some(Source {
                function: row.get(0)?.into(),
                name: row.get(1)?.into(),
                code: row.get(2)?.parse().ok()?,
                condition: row.get(3)?.into(),
            })
        })
}

/// What the function's page says of the code.
pub(crate) fn condition(function: &str, code: WsaError) -> Option<String> {
    documented()
        .find(|source| source.function == function && source.code == code.code())
        .map(|source| source.condition)
}

/// Prints all that is known of a code.
pub(crate) fn explain(wanted: &str, out: &mut dyn Write) -> Result<()> {
    let code = parse(wanted)?;
    let sources: Vec<Source> = documented().filter(|source| source.code == code.code()).collect();
    let name = code
        .name()
        .or_else(|| sources.first().map(|source| &*source.name));
    let Some(name) = name else {
        return Err(unknown(wanted, Some(code.code())));
    };
    writeln!(out, "{name} ({})", code.code())?;
    if let Some(meaning) = code.meaning() {
        writeln!(out, "{}", sentence(meaning))?;
    }
    if !sources.is_empty() {
        writeln!(out, "\nProduced by:")?;
        let width = sources
            .iter()
            .map(|source| source.function.len())
            .max()
            .unwrap_or_default();
        for source in &sources {
            writeln!(
                out,
                "  {:<width$}  {}",
                source.function.replace(':', " "),
                source.condition
            )?;
        }
    }
    if let Some(advice) = advice(code) {
        writeln!(out, "\nWhat to do:\n  {}", sentence(advice))?;
    }
    Ok(())
}

/// With a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// Reads a code: `10048`, `0x2740`, `0x80072740`, `WSAEADDRINUSE`, `EADDRINUSE`, in either case.
fn parse(wanted: &str) -> Result<WsaError> {
    let number = match wanted.strip_prefix("0x").or_else(|| wanted.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        // Programs that print the code as an HRESULT often do so with its sign.
        None => wanted
            .parse()
            .ok()
            .or_else(|| wanted.parse().ok().map(i32::cast_unsigned)),
    };
    if let Some(number) = number {
        // An HRESULT of the facility that carries system codes.
        const FACILITY_WIN32: u32 = 0x8007_0000;
        let code = match number & 0xffff_0000 {
            FACILITY_WIN32 => number & 0xffff,
            _ => number,
        };
        return Ok(WsaError::from_code(code.cast_signed()));
    }
    let upper = wanted.to_uppercase();
    names()
        .into_iter()
        .find(|(name, _)| {
            [name.as_str(), name.trim_start_matches("WSA")].contains(&upper.as_str())
                || name.trim_start_matches("WSA_") == upper
        })
        .map(|(_, code)| code)
        .ok_or_else(|| unknown(wanted, None))
}

/// Every name there is: the library's codes, and what the pages name besides.
fn names() -> Vec<(String, WsaError)> {
    let ours = WsaError::ALL
        .iter()
        .filter_map(|code| Some((String::from(code.name()?), *code)));
    ours.chain(documented().map(|source| (source.name, WsaError::from_code(source.code))))
        .collect()
}

const RANGE: &str = "they are 10004 to 11004, and some below 1000";

fn unknown(wanted: &str, number: Option<i32>) -> Failure {
    let failure = Failure::problem(format!("error: {wanted} is no code of Winsock's"));
    match number {
        Some(0) => failure.advise("0 is success"),
        Some(errno @ 1..200) => failure.advise(format!(
            "as an errno of the kernel's it is: {}",
            std::io::Error::from_raw_os_error(errno)
        )),
        Some(_) => failure.advise(RANGE),
        // No code has so many digits.
        None if wanted
            .trim_start_matches('-')
            .starts_with(|first: char| first.is_ascii_digit()) =>
        {
            failure.advise(RANGE)
        }
        None => {
            let near = nearest(&wanted.to_uppercase());
            failure.advise(format!("did you mean {near}?"))
        }
    }
}

/// The name that is most like the one the user wrote.
fn nearest(wanted: &str) -> String {
    names()
        .into_iter()
        .map(|(name, _)| (strsim::jaro_winkler(&name, wanted), name))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map_or_else(String::new, |(_, name)| name)
}

/// What helps against a code: a sentence without its capital and full stop.
pub(crate) fn advice(code: WsaError) -> Option<&'static str> {
    Some(match code {
        WsaError::WSA_INVALID_HANDLE => {
            "check that the event was made by WSACreateEvent and has not been closed"
        }
        WsaError::WSA_NOT_ENOUGH_MEMORY => {
            "free memory, or raise the limit that the process has reached (ulimit -a)"
        }
        WsaError::WSA_INVALID_PARAMETER => "compare the arguments with the function's page; the sizes first",
        WsaError::ERROR_CALL_NOT_IMPLEMENTED => "do without: it is not there on Windows either",
        WsaError::WSA_OPERATION_ABORTED => {
            "nothing, if the socket was closed or the request cancelled on purpose; else find who did, and whether the thread that asked has ended"
        }
        WsaError::WSA_IO_INCOMPLETE => "ask again later, or let WSAGetOverlappedResult wait",
        WsaError::WSA_IO_PENDING => {
            "nothing: this is the usual answer; wait for the event, the completion port or the completion routine"
        }
        WsaError::WSAEINTR => {
            "look for who closed the socket or called WSPCancelBlockingCall; signals alone do not cause it"
        }
        WsaError::WSAEBADF => "pass a handle that is open",
        WsaError::WSAEACCES => {
            "run with the rights that the address or file needs (ports below net.ipv4.ip_unprivileged_port_start are reserved), or set SO_BROADCAST before sending to a broadcast address"
        }
        WsaError::WSAEFAULT => "check every pointer, and that each length says how large its buffer is",
        WsaError::WSAEINVAL => {
            "check the arguments, and the order of calls: what must be bound or listening, or must not be yet"
        }
        WsaError::WSAEMFILE => {
            "close sockets that are not used any more, or raise the limit of open files (ulimit -n)"
        }
        WsaError::WSAEWOULDBLOCK => {
            "wait with WSPSelect, WSPEventSelect or an overlapped request, then call again"
        }
        WsaError::WSAEINPROGRESS => "let the outstanding call or the callback end first",
        WsaError::WSAEALREADY => "wait for the first attempt to end",
        WsaError::WSAENOTSOCK => {
            "look for a handle that was closed earlier, or that is no socket of this library"
        }
        WsaError::WSAEDESTADDRREQ => "connect the socket first, or name the destination",
        WsaError::WSAEMSGSIZE => {
            "use a larger buffer for receiving; send no more than SO_MAX_MSG_SIZE in one datagram"
        }
        WsaError::WSAEPROTOTYPE => "ask for a protocol of the socket's type: IPPROTO_TCP with SOCK_STREAM",
        WsaError::WSAENOPROTOOPT => {
            "check level and name of the option, and that the socket is of a kind that has it"
        }
        WsaError::WSAEPROTONOSUPPORT => "see `ws2spi catalog list` for the protocols there are",
        WsaError::WSAESOCKTNOSUPPORT => {
            "see `ws2spi catalog list` for the socket types of each address family"
        }
        WsaError::WSAEOPNOTSUPP => {
            "use a socket of the kind that the function is for, or leave out the flag it names"
        }
        WsaError::WSAEPFNOSUPPORT | WsaError::WSAEAFNOSUPPORT => {
            "use an address of the socket's own family; see `ws2spi catalog list` for the families there are"
        }
        WsaError::WSAEADDRINUSE => {
            "find who has the address (ss -ltnp, ss -lunp) and end it, or bind to another port; to share it on purpose set SO_REUSEADDR on both sockets"
        }
        WsaError::WSAEADDRNOTAVAIL => {
            "bind to an address of this host (ip addr), and connect to a complete one: neither port 0 nor 0.0.0.0"
        }
        WsaError::WSAENETDOWN => {
            "look at the library's log (WS2SPI_LOG=error) for what the kernel said, and at the interfaces (ip link)"
        }
        WsaError::WSAENETUNREACH => "check the routes (ip route get ADDRESS)",
        WsaError::WSAENETRESET => "connect again; set the option before the connection is lost",
        WsaError::WSAECONNABORTED => "connect again; if it comes often, look for losses on the way",
        WsaError::WSAECONNRESET => {
            "look at why the peer ended: it was killed, closed with data unread, or is not listening (UDP)"
        }
        WsaError::WSAENOBUFS => "free memory, or close sockets with large buffers; see also `ulimit -a`",
        WsaError::WSAEISCONN => "use another socket: this one has its connection",
        WsaError::WSAENOTCONN => "connect first, or accept; a datagram needs a destination",
        WsaError::WSAESHUTDOWN => "nothing can be sent or received after WSPShutdown in that direction",
        WsaError::WSAETOOMANYREFS => "close some of the references",
        WsaError::WSAETIMEDOUT => {
            "check that the peer is running and that no firewall drops its packets; SO_RCVTIMEO and SO_SNDTIMEO cause it as well"
        }
        WsaError::WSAECONNREFUSED => {
            "start the server, check the port (ss -ltn at the peer), or give it a larger backlog: a full queue refuses"
        }
        WsaError::WSAELOOP => "resolve the loop in the name",
        WsaError::WSAENAMETOOLONG => "use a shorter name",
        WsaError::WSAEHOSTDOWN => "check that the host is up and on the same network",
        WsaError::WSAEHOSTUNREACH => "check the routes (ip route get ADDRESS) and the firewalls on the way",
        WsaError::WSAENOTEMPTY => "empty the directory first",
        WsaError::WSAEPROCLIM => "end programs that use the provider",
        WsaError::WSAEUSERS | WsaError::WSAEDQUOT => "ask for a larger quota, or use less",
        WsaError::WSAESTALE => "open the file again",
        WsaError::WSAEREMOTE => "use an item of this host",
        WsaError::WSASYSNOTREADY => "run `ws2spi doctor`",
        WsaError::WSAVERNOTSUPPORTED => "ask for version 2.2: MAKEWORD(2, 2)",
        WsaError::WSANOTINITIALISED => "call WSPStartup (or WSAStartup) first, and not WSPCleanup too often",
        WsaError::WSAEMSGPARTIAL => "receive again: the rest of the message follows",
        WsaError::WSAEDISCON => "nothing: the peer has ended the connection in good order; close the socket",
        WsaError::WSAENOMORE | WsaError::WSA_E_NO_MORE => "nothing: that was the last one; end the look-up",
        WsaError::WSAECANCELLED | WsaError::WSA_E_CANCELLED => {
            "nothing, if the look-up was ended on purpose; else find who did"
        }
        WsaError::WSAEINVALIDPROCTABLE => {
            "the provider has to fill every function of its table; `ws2spi doctor` says which are missing"
        }
        WsaError::WSAEINVALIDPROVIDER => {
            "run `ws2spi doctor`: the provider's file is missing, cannot be loaded, has no WSPStartup or another version"
        }
        WsaError::WSAEPROVIDERFAILEDINIT => {
            "run `ws2spi doctor`, which starts each provider; WS2SPI_LOG=error prints why one failed"
        }
        WsaError::WSASYSCALLFAILURE => {
            "look at the library's log (WS2SPI_LOG=error) for what the kernel said"
        }
        WsaError::WSASERVICE_NOT_FOUND => {
            "check the name; see `ws2spi catalog list` for the name spaces that were asked"
        }
        WsaError::WSATYPE_NOT_FOUND => "install the service class first (WSAInstallServiceClass)",
        WsaError::WSAEREFUSED => "see whether another server answers the query",
        WsaError::WSAHOST_NOT_FOUND => "check the name, and what resolves it (getent hosts NAME)",
        WsaError::WSATRY_AGAIN => "try again later",
        WsaError::WSANO_RECOVERY => {
            "check that the catalog can be written (with --system: as root), that it is sound (`ws2spi catalog check`), and that the provider is not installed already"
        }
        WsaError::WSANO_DATA => "ask for another kind of record",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_advice() {
        for code in WsaError::ALL {
            assert!(advice(*code).is_some(), "{code}");
        }
    }

    #[test]
    fn sentences_are_not_closed_twice() {
        for code in WsaError::ALL {
            let advice = advice(*code).unwrap_or_default();
            assert!(
                !advice.ends_with('.') && !advice.starts_with(char::is_uppercase) || advice.starts_with("WS"),
                "{advice}"
            );
        }
    }

    #[test]
    fn every_row_of_the_list_is_read() {
        let lines = DOCUMENTED
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        assert_eq!(documented().count() + 1, lines.count());
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        for wanted in [
            "10048",
            "0x2740",
            "0x80072740",
            "-2147014848",
            "2147952448",
            "WSAEADDRINUSE",
            "wsaeaddrinuse",
            "EADDRINUSE",
        ] {
            assert_eq!(parse(wanted).unwrap(), WsaError::WSAEADDRINUSE, "{wanted}");
        }
        assert_eq!(parse("IO_PENDING").unwrap(), WsaError::WSA_IO_PENDING);
        assert_eq!(parse("WSANO_RECOVERY").unwrap(), WsaError::WSANO_RECOVERY);
    }

    #[test]
    fn a_misspelt_name_leads_to_the_right_one() {
        assert_eq!(nearest("WSAEADRINUSE"), "WSAEADDRINUSE");
    }
}
