//! Every GUID initialiser has its bytes, in the order in which they lie in memory.

use crate::probe::compiler;
use crate::table::{HEADERS, rows};
use libtest_mimic::{Failed, Trial};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Duration;
use ws2spi_tests::{place, run};

const TABLE: &str = "guids.csv";

pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("guids", guids)]
}

fn guids() -> Result<(), Failed> {
    let mut table = rows(TABLE);
    table.retain(|row| HEADERS.contains(&&row["header"]));
    assert!(!table.is_empty());
    let mut source = HEADERS
        .iter()
        .map(|header| format!("#include <{header}>\n"))
        .collect::<String>();
    source += "#include <stdio.h>\nstatic void show(const void *guid) {\n\
        for (int i = 0; i < 16; i++) printf(\"%02X\", ((const unsigned char *)guid)[i]);\nputchar('\\n'); }\n\
        int main(void) {\n";
    for row in &table {
        let name = &row["name"];
        let value = if &row["kind"] == "initializer" {
            format!("GUID guid = {name}")
        } else {
            format!("GUID guid = ({name})")
        };
        writeln!(
            source,
            "#line {} \"{TABLE}\"\n{{ {value}; show(&guid); }}",
            row.line
        )
        .unwrap();
    }
    source += "return 0; }\n";
    let dir = place::scratch("headers");
    let (path, program) = (dir.join("guids.c"), dir.join("guids"));
    fs::write(&path, source).unwrap();
    compiler().compile(&path, &program)?;
    let printed = run::success(&mut Command::new(&program), Duration::from_secs(30))?;
    let printed = String::from_utf8(printed.stdout).unwrap();
    let mut wrong = String::new();
    for (row, found) in table.iter().zip(printed.lines()) {
        let expected = in_memory(&row["guid"]);
        if found != expected {
            writeln!(
                wrong,
                "{TABLE}:{}: {} is {found} in memory, not {expected}",
                row.line, &row["name"]
            )
            .unwrap();
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.into())
    }
}

/// The first three parts of a GUID are integers, little-endian in memory; the rest are bytes.
fn in_memory(guid: &str) -> String {
    let swapped = |part: &str| {
        part.as_bytes()
            .rchunks(2)
            .map(|byte| std::str::from_utf8(byte).unwrap())
            .collect::<String>()
    };
    let parts = guid.splitn(4, '-').collect::<Vec<_>>();
    format!(
        "{}{}{}{}",
        swapped(parts[0]),
        swapped(parts[1]),
        swapped(parts[2]),
        parts[3].replace('-', "")
    )
}
