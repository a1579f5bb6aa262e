//! The headers, checked against the tables in `tests/abi` and compiled as a user would.

fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), Vec::new()).exit();
}
