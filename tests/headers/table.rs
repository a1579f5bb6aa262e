//! The tables of facts in `tests/abi`, row by row.

use csv::{Reader, StringRecord};
use std::ops::Index;
use std::path::PathBuf;
use std::sync::Arc;
use ws2spi_tests::place;

/// The public headers, in the order in which they build on each other.
pub(crate) const HEADERS: [&str; 14] = [
    "ws2def.h",
    "winsock2.h",
    "qos.h",
    "ws2ipdef.h",
    "ws2tcpip.h",
    "wspiapi.h",
    "mswsock.h",
    "mstcpip.h",
    "afunix.h",
    "sporder.h",
    "nspapi.h",
    "ws2spi.h",
    "ws2base.h",
    "ws2kernel.h",
];

/// Types of Windows' base headers that our headers do not need: the port that uses them brings them
/// (NEED-H16).
pub(crate) const NOT_OURS: [&str; 5] = [
    "CRITICAL_SECTION",
    "LPCRITICAL_SECTION",
    "RTL_CRITICAL_SECTION",
    "LIST_ENTRY",
    "RTL_CRITICAL_SECTION_DEBUG",
];

/// One row, with the line that it stands on.
pub(crate) struct Row {
    pub(crate) line: u64,
    names: Arc<StringRecord>,
    fields: StringRecord,
}

impl Index<&str> for Row {
    type Output = str;

    fn index(&self, column: &str) -> &str {
        let place = self.names.iter().position(|name| name == column);
        &self.fields[place.unwrap_or_else(|| panic!("no column {column}"))]
    }
}

impl Row {
    /// The header of ours that must declare what this row tells. The tables name Windows' own small headers
    /// too; what those declare comes with winsock2.h here (NEED-H16), the IPv6 address with ws2tcpip.h.
    pub(crate) fn our_header(&self) -> Option<&'static str> {
        let header = match &self["header"] {
            "inaddr.h" | "guiddef.h" | "minwinbase.h" | "minwindef.h" | "basetsd.h" | "winnt.h"
            | "windef.h" | "winbase.h" | "winuser.h" | "handleapi.h" | "winerror.h" => "winsock2.h",
            "in6addr.h" => "ws2tcpip.h",
            header => header,
        };
        HEADERS.into_iter().find(|ours| *ours == header)
    }
}

/// Where the table `name` is.
pub(crate) fn path(name: &str) -> PathBuf {
    place::root().join("tests/abi").join(name)
}

/// All rows of the table `name`.
pub(crate) fn rows(name: &str) -> Vec<Row> {
    let mut reader = Reader::from_path(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let names = Arc::new(reader.headers().unwrap().clone());
    let rows = reader.records().map(|record| {
        let fields = record.unwrap();
        Row {
            line: fields.position().unwrap().line(),
            names: Arc::clone(&names),
            fields,
        }
    });
    rows.collect()
}

/// A C type as the tables spell it, for Windows, in words that mean the same here: `long` is 32 bits there
/// (NEED-H1), and WINBOOL is one compiler's spelling of BOOL.
pub(crate) fn c_type(windows: &str) -> String {
    let mut text = windows
        .replace("unsigned __int64", "ULONGLONG")
        .replace("unsigned long long", "ULONGLONG");
    for (theirs, ours) in [
        ("long long", "LONGLONG"),
        ("unsigned long", "ULONG"),
        ("long", "LONG"),
        ("wchar_t", "WCHAR"),
        ("WINBOOL", "BOOL"),
    ] {
        text = replace_word(&text, theirs, ours);
    }
    text
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    let part_of_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let whole = !part_of_name(before.chars().next_back().or(out.chars().next_back()))
            && !part_of_name(after.chars().next());
        out += before;
        out += if whole { by } else { word };
        rest = after;
    }
    out + rest
}
