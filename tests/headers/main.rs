//! The headers, checked against the tables in `tests/abi` and compiled as a user would.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod constants;
mod exceptions;
mod guids;
mod kernel;
mod layout;
mod matrix;
mod posix;
mod probe;
mod programs;
mod prototypes;
mod rust;
mod structs;
mod table;
mod typedefs;
mod windows_sys;

use libtest_mimic::{Arguments, Trial, run};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = [
        constants::trials,
        structs::trials,
        typedefs::trials,
        prototypes::trials,
        guids::trials,
        posix::trials,
        windows_sys::trials,
        kernel::trials,
        rust::trials,
        matrix::trials,
        programs::trials,
    ]
    .into_iter()
    .flat_map(|trials| trials())
    .collect();
    run(&arguments, trials).exit();
}
