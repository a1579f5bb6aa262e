//! Every constant has Windows' value, width and sign.

use crate::exceptions::value;
use crate::probe::{self, Probe, WAYS};
use crate::table::{HEADERS, Row, rows};
use libtest_mimic::Trial;

const TABLE: &str = "constants.csv";

pub(crate) fn trials() -> Vec<Trial> {
    let table = rows(TABLE);
    let mut trials = Vec::new();
    for (way, options) in WAYS {
        for header in HEADERS {
            let name = format!("constants: {header} {way}");
            let mut probe = Probe::new(TABLE, name, &format!("#include <{header}>"));
            let ours = |row: &&Row| &row["header"] == header || header == "winsock2.h" && is_wsa_error(row);
            for row in table.iter().filter(ours) {
                probe.row(row.line, &row["name"], &check(row));
            }
            if !probe.is_empty() {
                trials.push(probe.trial(options));
            }
        }
    }
    trials.push(base(&table));
    trials.push(protocol_info(&table));
    trials
}

fn is_wsa_error(row: &Row) -> bool {
    &row["header"] == "winerror.h" && row["name"].starts_with("WSA")
}

/// Windows' base headers hold more than winsock2.h must have. What it has must be right (NEED-H16).
fn base(table: &[Row]) -> Trial {
    const BASE: [&str; 6] = [
        "minwindef.h",
        "winnt.h",
        "winbase.h",
        "winuser.h",
        "handleapi.h",
        "winerror.h",
    ];
    let prelude = "#include <ws2spi.h>\n#include <mswsock.h>\n#include <mstcpip.h>";
    let mut probe = Probe::new(TABLE, "constants: base names that are there (NEED-H16)", prelude);
    for row in table
        .iter()
        .filter(|row| BASE.contains(&&row["header"]) && !is_wsa_error(row))
    {
        probe.directive(&format!("#ifdef {}", &row["name"]));
        probe.row(row.line, &row["name"], &check(row));
        probe.directive("#endif");
    }
    probe.trial(&[])
}

/// SO_PROTOCOL_INFO follows UNICODE, as the functions do (NEED-H4).
fn protocol_info(table: &[Row]) -> Trial {
    let mut probe = Probe::new(TABLE, "constants: UNICODE", "#include <winsock2.h>");
    let row = table
        .iter()
        .find(|row| &row["name"] == "SO_PROTOCOL_INFO")
        .expect("the row");
    let wide = probe::demand(
        "SO_PROTOCOL_INFO is the wide one",
        "SO_PROTOCOL_INFO == SO_PROTOCOL_INFOW",
    );
    probe.row(row.line, &row["name"], &wide);
    probe.trial(&["-DUNICODE"])
}

/// An integer constant expression with the value's bit pattern, as wide as on Windows, and as signed. An
/// enumerator's type is left to the compiler: `int` in C, the enumeration in C++.
fn check(row: &Row) -> String {
    let (name, hex, kind) = (&row["name"], &row["value_hex"], &row["type"]);
    let bytes = match kind {
        "unsigned char" => 1,
        "unsigned short" => 2,
        _ => (hex.len() - 2) / 2,
    };
    let bits = u64::from_str_radix(&hex[2..], 16).expect("a bit pattern");
    let expected = value(name, bits as i64) as u64;
    let mask = u64::MAX >> (64 - 8 * bytes);
    let condition = match kind {
        "pointer" => format!("__builtin_classify_type({name}) == __builtin_classify_type((void *)0)"),
        _ if kind.starts_with("enum") => String::from("1"),
        _ if kind.starts_with("unsigned") => format!("(__typeof__({name}))-1 > 0"),
        _ => format!("(__typeof__({name}))-1 < 0"),
    };
    probe::demand(
        &format!("{name} is {expected:#x}, {bytes} bytes, {kind}"),
        &format!(
            "((unsigned long long)({name}) & {mask:#x}ull) == {expected:#x}ull && sizeof({name}) == {bytes} && {condition}"
        ),
    )
}
