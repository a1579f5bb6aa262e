//! The names that libws2spi.so gives to programs.

use object::read::elf::{Dyn as _, ElfFile64, FileHeader as _, ProgramHeader as _};
use object::{Endianness, Object as _, ObjectSymbol as _, elf};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use ws2spi_tests::{library, place, run};

fn exported(library: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(library).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    file.dynamic_symbols()
        .filter(|symbol| symbol.is_definition())
        .map(|symbol| String::from(symbol.name().unwrap()))
        .collect()
}

fn listed() -> Vec<String> {
    let list = place::text(&place::root().join("shim/ws2spi/exports.txt"));
    list.lines().map(String::from).collect()
}

fn built() -> PathBuf {
    library::build();
    library::folder().join("libws2spi.so")
}

/// The library exports what the list says, and the list is sorted.
#[test]
fn exports_are_those_of_the_list() {
    let listed = listed();
    assert!(
        listed.is_sorted() && !listed.is_empty(),
        "shim/ws2spi/exports.txt is not sorted"
    );
    let listed: BTreeSet<String> = listed.into_iter().collect();
    let exported = exported(&built());
    let missing: Vec<_> = listed.difference(&exported).collect();
    let unlisted: Vec<_> = exported.difference(&listed).collect();
    assert!(missing.is_empty(), "listed, but not exported: {missing:?}");
    assert!(unlisted.is_empty(), "exported, but not listed: {unlisted:?}");
}

/// Every exported function is declared in a header: a program can call it.
#[test]
fn exports_are_declared() {
    let headers = std::fs::read_dir(place::include()).unwrap();
    let text: String = headers.map(|entry| place::text(&entry.unwrap().path())).collect();
    let words: BTreeSet<&str> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .collect();
    for name in listed() {
        assert!(words.contains(name.as_str()), "{name} is in no header");
    }
}

/// No program that compiles fails to link: what the headers of the Winsock API declare is exported, if not built then to
/// fail. The few that stay libc's are libc's.
#[test]
fn declared_functions_are_exported() {
    const HEADERS: [&str; 4] = ["winsock2.h", "ws2tcpip.h", "mswsock.h", "nspapi.h"];
    const LIBCS: [&str; 4] = ["htonl", "htons", "ntohl", "ntohs"];
    let exported: BTreeSet<String> = listed().into_iter().collect();
    let table = place::root().join("tests/abi/prototypes.csv");
    let mut rows = csv::Reader::from_path(table).unwrap();
    let functions: Vec<String> = rows
        .records()
        .map(Result::unwrap)
        .filter(|row| HEADERS.contains(&&row[0]) && &row[4] == "function")
        .map(|row| String::from(&row[1]))
        .collect();
    assert!(functions.len() > 140, "{}", functions.len());
    let missing: Vec<_> = functions
        .iter()
        .filter(|name| !exported.contains(*name) && !exported.contains(&format!("WS_{name}")))
        .filter(|name| !LIBCS.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "declared, but not exported: {missing:?}");
}

/// NEED-H10: who links the library keeps libc's functions.
#[test]
fn no_export_has_a_libc_name() {
    let found = run::success(Command::new("cc").arg("-print-file-name=libc.so.6"), crate::LIMIT).unwrap();
    let libc = exported(Path::new(String::from_utf8_lossy(&found.stdout).trim()));
    assert!(
        libc.contains("socket") && libc.contains("select"),
        "this is no libc"
    );
    let taken: Vec<_> = exported(&built()).intersection(&libc).cloned().collect();
    assert!(taken.is_empty(), "{taken:?}");
}

/// A host that brings its own kernel32 links the library: what ws2kernel.h binds to `ws2spi_NAME` is not exported as
/// NAME.
#[test]
fn no_export_has_a_name_of_the_kernel() {
    let header = place::text(&place::include().join("ws2kernel.h"));
    let names: Vec<&str> = header
        .split("__asm__(\"ws2spi_")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(names.contains(&"GetLastError"), "{names:?}");
    let exported = exported(&built());
    let taken: Vec<_> = names.iter().filter(|name| exported.contains(**name)).collect();
    assert!(taken.is_empty(), "{taken:?}");
}

/// Programs ask for the major version.
#[test]
fn the_soname_is_libws2spi_so_0() {
    let bytes = std::fs::read(built()).unwrap();
    let file = ElfFile64::<Endianness>::parse(&*bytes).unwrap();
    let (header, endian) = (file.elf_header(), file.endian());
    let sections = header.sections(endian, &*bytes).unwrap();
    let entries = header
        .program_headers(endian, &*bytes)
        .unwrap()
        .iter()
        .find_map(|segment| segment.dynamic(endian, &*bytes).unwrap())
        .unwrap();
    let (_, strings) = sections.dynamic(endian, &*bytes).unwrap().unwrap();
    let strings = sections.strings(endian, &*bytes, strings).unwrap();
    let soname = entries
        .iter()
        .find(|entry| entry.tag32(endian) == Some(elf::DT_SONAME))
        .map(|entry| entry.string(endian, strings).unwrap());
    assert_eq!(soname, Some(&b"libws2spi.so.0"[..]));
}
