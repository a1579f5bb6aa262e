//! Every function, callback and alias has Windows' prototype (NEED-H2, NEED-H12, NEED-H13).

use crate::exceptions::applied;
use crate::probe::{self, LIBC_SERVES, Probe, WAYS, compiler, in_libc};
use crate::table::{HEADERS, Row, c_type, rows};
use libtest_mimic::{Failed, Trial};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use ws2spi_tests::place;

const TABLE: &str = "prototypes.csv";

pub(crate) fn trials() -> Vec<Trial> {
    let table = rows(TABLE);
    let mut trials = vec![Trial::test(
        "prototypes: no symbol has a libc name (NEED-H10)",
        libc_names,
    )];
    for (way, options) in WAYS {
        for header in HEADERS {
            // Some parameters of ws2tcpip.h are structures that mstcpip.h completes and names.
            let prelude = format!("#include <{header}>\n#include <mstcpip.h>");
            let mut probe = Probe::new(TABLE, format!("prototypes: {header} {way}"), &prelude);
            for row in table
                .iter()
                .filter(|row| &row["header"] == header && &row["kind"] != "alias")
            {
                probe.row(row.line, &row["function"], &check(row));
            }
            if !probe.is_empty() {
                trials.push(probe.trial(options));
            }
        }
    }
    trials.push(Trial::test("aliases: plain", || aliases(false)));
    trials.push(Trial::test("aliases: UNICODE", || aliases(true)));
    trials
}

/// The row's type, as a pointer to function.
fn prototype(row: &Row) -> String {
    let (result, parameters) = (c_type(&row["return_type"]), c_type(&row["parameters"]));
    applied(&row["function"], format!("{result} (*)({parameters})"))
}

fn check(row: &Row) -> String {
    let (name, expected) = (&row["function"], prototype(row));
    if LIBC_SERVES.contains(&name) {
        // libc declares it with an attribute that makes its type another one; declaring it once more shows
        // conflicts.
        return format!("extern {};", expected.replace("(*)", &format!("({name})")));
    }
    let declared = match &row["kind"] {
        "callback" => name.to_owned(),
        _ => format!("__typeof__(&{name})"),
    };
    let same = format!("__builtin_types_compatible_p({declared}, {expected})");
    probe::demand(&format!("{name} is {expected}"), &same)
}

/// An alias is its target: the same type, or the same function down to the symbol that the linker sees.
fn aliases(unicode: bool) -> Result<(), Failed> {
    let table = rows(TABLE);
    let kinds: HashMap<&str, &str> = table.iter().map(|row| (&row["function"], &row["kind"])).collect();
    let mut source = everything();
    let mut functions = Vec::new();
    for row in table
        .iter()
        .filter(|row| &row["kind"] == "alias" && HEADERS.contains(&&row["header"]))
    {
        let name = &row["function"];
        let targets = row["parameters"].trim_start_matches("= ");
        let (ansi, wide) = targets.split_once(" | ").unwrap_or((targets, targets));
        let target = if unicode { wide } else { ansi };
        writeln!(source, "#line {} \"{TABLE}\"", row.line).unwrap();
        if name.starts_with("LP") {
            let same = format!("__builtin_types_compatible_p({name}, {target})");
            source += &probe::demand(&format!("{name} is {target}"), &same);
            source += "\n";
        } else {
            writeln!(
                source,
                "void *const alias_{name}[2] = {{ (void *){name}, (void *){target} }};"
            )
            .unwrap();
            functions.push((row.line, name, target));
        }
    }
    let file = if unicode { "aliases_unicode" } else { "aliases" };
    let symbols = assembled(file, &source, if unicode { &["-DUNICODE"] } else { &[] })?;
    let mut wrong = String::new();
    for (line, name, target) in functions {
        let found = &symbols[&format!("alias_{name}")];
        let inline = kinds.get(target) == Some(&"inline");
        if found.len() != 2 || found[0] != found[1] || !inline && found[0].is_empty() {
            writeln!(wrong, "{TABLE}:{line}: {name} is not {target}: {found:?}").unwrap();
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.into())
    }
}

/// A program linked with `-lws2spi` calls libc's functions by libc's names, so no function of ours that
/// differs from libc's may have one. Those few that do the same thing may be libc's.
fn libc_names() -> Result<(), Failed> {
    let table = rows(TABLE);
    let functions: Vec<&Row> = table
        .iter()
        .filter(|row| &row["kind"] == "function" && HEADERS.contains(&&row["header"]))
        .collect();
    let mut source = everything();
    for row in &functions {
        let name = &row["function"];
        writeln!(
            source,
            "#line {} \"{TABLE}\"\nvoid *const symbol_{name}[1] = {{ (void *)&{name} }};",
            row.line
        )
        .unwrap();
    }
    let symbols = assembled("symbols", &source, &[])?;
    let mut wrong = String::new();
    for row in functions {
        let name = &row["function"];
        let symbol = symbols[&format!("symbol_{name}")]
            .first()
            .map_or("", String::as_str);
        if in_libc(symbol) && !LIBC_SERVES.contains(&symbol) {
            writeln!(wrong, "{TABLE}:{}: {name} is libc's own {symbol}", row.line).unwrap();
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.into())
    }
}

fn everything() -> String {
    HEADERS
        .iter()
        .map(|header| format!("#include <{header}>\n"))
        .collect()
}

/// Compiles tables of addresses to assembly: for each table its entries, as the linker would see them.
pub(crate) fn assembled(
    name: &str,
    source: &str,
    options: &[&str],
) -> Result<HashMap<String, Vec<String>>, Failed> {
    let dir = place::scratch("headers");
    let (path, assembly) = (dir.join(format!("{name}.c")), dir.join(format!("{name}.s")));
    fs::write(&path, source).unwrap();
    compiler()
        .args(["-S", "-fno-pic"])
        .args(options)
        .compile(&path, &assembly)?;
    let mut tables: HashMap<String, Vec<String>> = HashMap::new();
    let mut current = String::new();
    for line in fs::read_to_string(&assembly).unwrap().lines() {
        if let Some(label) = line.strip_suffix(':') {
            current = label.to_owned();
        } else if let Some((".quad" | ".xword" | ".dword", entry)) =
            line.trim().split_once(char::is_whitespace)
        {
            tables
                .entry(current.clone())
                .or_default()
                .push(entry.trim().to_owned());
        }
    }
    Ok(tables)
}
