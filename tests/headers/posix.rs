//! Where Winsock and POSIX give one name two values: the plain name is Winsock's, whatever libc's headers
//! say; with WS2SPI_USE_WS_PREFIX the plain name is POSIX's, and the `WS_` name is Winsock's (NEED-H9,
//! NEED-H11).

use crate::exceptions::value;
use crate::probe::{self, Probe};
use crate::table::{HEADERS, Row, rows};
use libtest_mimic::{Failed, Trial};
use std::collections::HashSet;
use std::fs;
use std::process::Command;
use std::time::Duration;
use ws2spi_tests::{place, run};

const TABLE: &str = "linux-vs-windows.csv";

/// The headers from which the table's Linux values come. What only the kernel's own headers define is not
/// among them.
const LIBC: &str = "#include <arpa/inet.h>\n#include <net/if.h>\n#include <netdb.h>\n#include <netinet/in.h>\n\
    #include <netinet/tcp.h>\n#include <poll.h>\n#include <sys/ioctl.h>\n#include <sys/socket.h>\n#include <sys/un.h>";
const KERNEL: [&str; 2] = ["IPPROTO_L2TP", "UNIX_PATH_MAX"];

pub(crate) fn trials() -> Vec<Trial> {
    let declared = rows("constants.csv");
    let declared: HashSet<&str> = declared
        .iter()
        .filter(|row| HEADERS.contains(&&row["header"]))
        .map(|row| &row["name"])
        .collect();
    let mut table = rows(TABLE);
    table.retain(|row| match &row["kind"] {
        "constant" => declared.contains(&row["name"]),
        "macro_value" => true,
        _ => false,
    });
    let (functions, table): (Vec<Row>, Vec<Row>) =
        table.into_iter().partition(|row| row["name"].starts_with("hton"));
    let ours = HEADERS.map(|header| format!("#include <{header}>\n")).concat();
    let mut trials = vec![Trial::test("posix: byte order", || byte_order(functions))];
    for (order, headers) in [
        ("before", format!("{ours}{LIBC}")),
        ("after", format!("{LIBC}\n{ours}")),
    ] {
        let headers = format!("#define _GNU_SOURCE\n{headers}");
        let mut plain = Probe::new(
            TABLE,
            format!("posix: plain names, {order} libc's headers"),
            &headers,
        );
        for row in &table {
            plain.row(
                row.line,
                &row["name"],
                &has(&row["name"], &winsock(row), "Winsock's"),
            );
        }
        trials.push(plain.trial(&[]));

        let headers = format!("#define WS2SPI_USE_WS_PREFIX\n{headers}");
        let mut prefixed = Probe::new(
            TABLE,
            format!("posix: WS_ names, {order} libc's headers"),
            &headers,
        );
        for row in &table {
            prefix(&mut prefixed, row);
        }
        trials.push(prefixed.trial(&[]));
    }
    trials
}

/// What is a function here is called.
fn byte_order(rows: Vec<Row>) -> Result<(), Failed> {
    assert!(!rows.is_empty());
    let checks: Vec<String> = rows
        .iter()
        .map(|row| format!("{} == {}", &row["name"], &row["windows_value"]))
        .collect();
    let dir = place::scratch("headers");
    let (path, program) = (dir.join("byte_order.c"), dir.join("byte_order"));
    fs::write(
        &path,
        format!(
            "#include <winsock2.h>\nint main(void) {{ return !({}); }}\n",
            checks.join(" && ")
        ),
    )?;
    probe::compiler().compile(&path, &program)?;
    run::success(&mut Command::new(&program), Duration::from_secs(30))?;
    Ok(())
}

fn prefix(probe: &mut Probe, row: &Row) {
    let name = &row["name"];
    if !KERNEL.contains(&name) {
        probe.row(row.line, name, &has(name, &row["linux_value"], "POSIX's"));
    }
    let original = has(&format!("WS_{name}"), &winsock(row), "Winsock's");
    // A name on whose value both agree may stay as it is.
    let optional = &row["same"] == "yes";
    if optional {
        probe.directive(&format!("#ifdef WS_{}", name.split('(').next().expect("a name")));
    }
    probe.row(row.line, name, &original);
    if optional {
        probe.directive("#endif");
    }
}

fn winsock(row: &Row) -> String {
    value(&row["name"], row["windows_value"].parse().expect("a number")).to_string()
}

/// Values are compared as 32-bit patterns: the table writes both sides without their types.
fn has(name: &str, value: &str, whose: &str) -> String {
    probe::demand(
        &format!("{name} is {whose} {value}"),
        &format!("(unsigned)({name}) == (unsigned)({value})"),
    )
}
