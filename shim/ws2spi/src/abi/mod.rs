//! The C side's types and constants, as `include/` declares them for 64-bit Windows. No logic.
//!
//! Names and fields are spelled as in the headers, so that one can be read beside the other.
#![allow(
    non_camel_case_types,
    non_snake_case,
    missing_docs,
    reason = "the names are the C headers'"
)]

pub mod constants;
pub mod control;
pub mod options;
pub mod proc_table;
pub mod status;
pub mod types;

pub use constants::*;
pub use control::*;
pub use options::*;
pub use proc_table::*;
pub use status::*;
pub use types::*;
