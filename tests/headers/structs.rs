//! Every structure has Windows' layout, under each of its names (NEED-H5, NEED-H8, NEED-H19).

use crate::exceptions::applied;
use crate::probe::{self, Probe, WAYS, compiler};
use crate::table::{HEADERS, NOT_OURS, Row, c_type, rows};
use libtest_mimic::{Failed, Trial};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Duration;
use ws2spi_tests::{place, run};

const TABLE: &str = "structs.csv";

pub(crate) fn trials() -> Vec<Trial> {
    let mut table = rows(TABLE);
    let timeval = table
        .iter()
        .find(|row| &row["struct"] == "timeval")
        .map(timeval)
        .expect("its row");
    table.retain(|row| is_ours(row) && &row["struct"] != "timeval");
    let mut trials = vec![
        Trial::test("structs: bit-fields", || bit_fields(rows(TABLE))),
        timeval,
    ];
    for (way, options) in WAYS {
        for header in HEADERS {
            let prelude = format!("#include <stddef.h>\n#include <{header}>");
            let mut probe = Probe::new(TABLE, format!("structs: {header} {way}"), &prelude);
            for (place, row) in table
                .iter()
                .enumerate()
                .filter(|(_, row)| row.our_header() == Some(header))
            {
                let whole = table[..=place].iter().rev().find(|row| row["field"].is_empty());
                let about = format!("{}.{}", &row["struct"], &row["field"]);
                probe.row(
                    row.line,
                    about.trim_end_matches('.'),
                    &check(row, whole.expect("the whole")),
                );
            }
            if !probe.is_empty() {
                trials.push(probe.trial(options));
            }
        }
    }
    trials
}

fn is_ours(row: &Row) -> bool {
    row.our_header().is_some() && !NOT_OURS.contains(&&row["struct"])
}

/// A name that declares the structure: its tag, or its first other name where it has no tag.
fn spelling(whole: &Row) -> &str {
    match &whole["type"] {
        "struct" | "union" => whole["typedefs"].split(' ').next().expect("a name"),
        tag => tag,
    }
}

fn check(row: &Row, whole: &Row) -> String {
    let name = spelling(whole);
    let (field, size, align, kind) = (&row["field"], &row["size"], &row["align"], &row["type"]);
    let mut c = String::new();
    let mut demand = |what: String, condition: String| c += &probe::demand(&what, &condition);
    if field.is_empty() {
        demand(
            format!("sizeof({name}) is {size}"),
            format!("sizeof({name}) == {size}"),
        );
        demand(
            format!("_Alignof({name}) is {align}"),
            format!("_Alignof({name}) == {align}"),
        );
        for other in row["typedefs"].split_whitespace() {
            demand(format!("{other} is {name}"), same(other, name));
        }
    } else if !kind.contains('@') {
        let offset = &row["offset"];
        demand(
            format!("{name}.{field} is at {offset}"),
            format!("offsetof({name}, {field}) == {offset}"),
        );
        let flexible = size == "0";
        let member = format!("__typeof__((({name} *)0)->{field})");
        let aligned = if flexible {
            format!("__typeof__((({name} *)0)->{field}[0])")
        } else {
            member.clone()
        };
        demand(
            format!("{name}.{field} is aligned to {align}"),
            format!("_Alignof({aligned}) == {align}"),
        );
        if !flexible {
            demand(
                format!("{name}.{field} has {size} bytes"),
                format!("sizeof({member}) == {size}"),
            );
        }
        if !kind.contains("anonymous") {
            let kind = applied(&format!("{}.{field}", &row["struct"]), c_type(kind));
            demand(format!("{name}.{field} is {kind}"), same(&member, &kind));
        }
    }
    c
}

fn same(one: &str, other: &str) -> String {
    format!("__builtin_types_compatible_p({one}, {other})")
}

/// struct timeval is libc's, so that it is what the program's own calls mean by it (NEED-H7).
fn timeval(row: &Row) -> Trial {
    let prelude = "#include <winsock2.h>\n#include <sys/time.h>";
    let mut probe = Probe::new(TABLE, "structs: timeval is libc's (NEED-H7)", prelude);
    let same = "__builtin_types_compatible_p(TIMEVAL, struct timeval)";
    let taken =
        "__builtin_types_compatible_p(__typeof__(&utimes), int (*)(const char *, const struct timeval *))";
    let checks = [
        probe::demand("TIMEVAL is struct timeval", same),
        probe::demand("struct timeval is what libc's functions take", taken),
    ];
    probe.row(row.line, "timeval", &checks.concat());
    probe.trial(&[])
}

/// A program writes all ones into each bit-field and shows which bits of the structure changed.
fn bit_fields(table: Vec<Row>) -> Result<(), Failed> {
    let fields: Vec<&Row> = table
        .iter()
        .filter(|row| is_ours(row) && row["type"].contains('@'))
        .collect();
    assert!(!fields.is_empty());
    let (mut source, mut expected) = (String::new(), String::new());
    for row in &fields {
        let (name, field) = (&row["struct"], &row["field"]);
        let (width, first) = row["type"]
            .split_once(':')
            .and_then(|(_, bits)| bits.split_once('@'))
            .unwrap();
        let (width, first, offset): (u32, u32, usize) = (
            width.parse().unwrap(),
            first.parse().unwrap(),
            row["offset"].parse().unwrap(),
        );
        let unit = ((1u64 << width) - 1) << first;
        writeln!(expected, "{name}.{field} {offset}: {unit:016x}").unwrap();
        writeln!(
            source,
            "{{ union {{ {name} it; unsigned char bytes[sizeof({name}) + 8]; }} u = {{ 0 }}; unsigned long long unit;\n\
             u.it.{field} = ~u.it.{field}; memcpy(&unit, u.bytes + {offset}, 8);\n\
             printf(\"{name}.{field} {offset}: %016llx\\n\", unit); }}"
        )
        .unwrap();
    }
    let headers: String = HEADERS
        .iter()
        .map(|header| format!("#include <{header}>\n"))
        .collect();
    let source = format!(
        "{headers}#include <stdio.h>\n#include <string.h>\nint main(void) {{\n{source}return 0; }}\n"
    );
    let dir = place::scratch("headers");
    let (path, program) = (dir.join("bit_fields.c"), dir.join("bit_fields"));
    fs::write(&path, source).unwrap();
    compiler().compile(&path, &program)?;
    let printed = run::success(&mut Command::new(&program), Duration::from_secs(30))?;
    let printed = String::from_utf8(printed.stdout).unwrap();
    if printed != expected {
        return Err(format!("bits set by all ones\n{printed}by the table\n{expected}").into());
    }
    Ok(())
}
