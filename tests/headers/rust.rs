//! C and Rust agree: every type of `ws2spi::abi` lies in memory as the headers say, every constant has their
//! value. The build script lists them, so that nothing can be forgotten.

use crate::layout;
use crate::probe::{self, Probe};
use crate::table::HEADERS;
use libtest_mimic::Trial;
use ws2spi::abi::*;

pub(crate) fn trials() -> Vec<Trial> {
    let (layouts, constants) = include!(concat!(env!("OUT_DIR"), "/abi.rs"));
    let headers = HEADERS.map(|header| format!("#include <{header}>\n")).concat();
    let mut probe = Probe::new("ws2spi::abi", "constants: ws2spi::abi", &headers);
    for (line, (name, value, bytes)) in (1..).zip(constants) {
        let mask = u64::MAX >> (64 - 8 * bytes);
        let same = format!(
            "((unsigned long long)({name}) & {mask:#x}ull) == {:#x}ull",
            value as u64 & mask
        );
        probe.row(line, name, &probe::demand(&format!("{name} is {value}"), &same));
    }
    vec![layout::trial("ws2spi::abi", &layouts), probe.trial(&[])]
}
