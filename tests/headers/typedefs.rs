//! Every type name stands for Windows' type (NEED-H1, NEED-H16).

use crate::exceptions::applied;
use crate::probe::{self, Probe, WAYS};
use crate::table::{HEADERS, NOT_OURS, Row, c_type, rows};
use libtest_mimic::Trial;

const TABLE: &str = "typedefs.csv";

pub(crate) fn trials() -> Vec<Trial> {
    let mut table = rows(TABLE);
    // struct timeval is libc's: structs.rs holds it to that.
    table.retain(|row| &row["typedef"] != "TIMEVAL");
    let mut trials = Vec::new();
    for (way, options) in WAYS {
        for header in HEADERS {
            let mut probe = Probe::new(
                TABLE,
                format!("typedefs: {header} {way}"),
                &format!("#include <{header}>"),
            );
            for row in table.iter().filter(|row| row.our_header() == Some(header)) {
                if !NOT_OURS.contains(&&row["typedef"]) {
                    probe.row(row.line, &row["typedef"], &check(row));
                }
            }
            if !probe.is_empty() {
                trials.push(probe.trial(options));
            }
        }
    }
    trials.push(unicode(&table));
    trials
}

/// A name that stands for its ANSI form stands for its wide form where UNICODE is defined (NEED-H4). ADDRINFO
/// does not: it is what getaddrinfo() answers, whatever UNICODE says.
fn unicode(table: &[Row]) -> Trial {
    let headers = HEADERS.map(|header| format!("#include <{header}>\n")).concat();
    let mut probe = Probe::new(TABLE, "typedefs: UNICODE", &headers);
    for row in table {
        let name = &row["typedef"];
        if &row["definition"] == format!("{name}A").as_str() {
            let form = if name == "ADDRINFO" {
                "ADDRINFOA".to_owned()
            } else {
                format!("{name}W")
            };
            let same = format!("__builtin_types_compatible_p({name}, {form})");
            probe.row(
                row.line,
                name,
                &probe::demand(&format!("{name} is {form}"), &same),
            );
        }
    }
    probe.trial(&["-DUNICODE"])
}

fn check(row: &Row) -> String {
    let (name, definition) = (&row["typedef"], &row["definition"]);
    let mut c = String::new();
    let mut demand = |what: String, condition: String| c += &probe::demand(&what, &condition);
    if !row["size"].is_empty() {
        let (size, align) = (&row["size"], &row["align"]);
        demand(
            format!("{name} has {size} bytes"),
            format!("sizeof({name}) == {size}"),
        );
        demand(
            format!("{name} is aligned to {align}"),
            format!("_Alignof({name}) == {align}"),
        );
    }
    match &row["signed"] {
        "yes" => demand(format!("{name} is signed"), format!("({name})-1 < 0")),
        "no" => demand(format!("{name} is unsigned"), format!("({name})-1 > 0")),
        _ => {}
    }
    // What has no tag can only be compared by its size.
    if !["struct", "union", "enum"].contains(&definition) {
        let defined = applied(name, c_type(definition));
        demand(
            format!("{name} is {defined}"),
            format!("__builtin_types_compatible_p({name}, {defined})"),
        );
    }
    c
}
