//! libws2spi: the Winsock service provider interface over POSIX.
//!
//! C programs and layered providers come in through the functions of `spi` (their prototypes: `include/ws2spi.h`).
//! From there everything flows one way; a module may use those below it, never those above:
//!
//! - `spi`: the exported C functions, without logic
//! - `chain`: the Winsock library above its providers: which one serves a protocol or a handle, loading, starting
//! - `base`: the base provider: what the WSP* functions do
//! - `overlapped`: requests that complete later, and the engine that drives them
//! - `upcall`: what the provider asks of its host and of the program
//! - `object`: what a handle names, and the table of handles
//! - `address`: socket addresses, Winsock's and the kernel's
//! - `catalog`: the protocols there are
//! - `error`, `trace`: codes, and the log
//! - `abi`: the headers' types and constants
//! - `sys`: the kernel and foreign memory: a port to another Unix is this folder

pub mod abi;
mod address;
mod base;
mod catalog;
mod chain;
pub mod error;
mod object;
mod overlapped;
pub mod spi;
mod sys;
mod trace;
mod upcall;

/// The path of a provider's library, whose references to the environment are resolved.
pub use catalog::path::expand as expand_path;
/// What entries and chains are made of.
pub use catalog::{FIRST_ID, chain_over};
/// Whether only root and the user can change a file: the rule for catalogs and for what is loaded into programs.
pub use sys::trust::check as check_trust;

ctor::declarative::ctor! {
    /// While the library is loaded, when no other thread can be in it: a fork must find every lock in its place, also in the
    /// middle of the first WSAStartup.
    #[ctor(unsafe)]
    fn at_load() {
        sys::fork::install(&[chain::startup::FORK, base::lifecycle::FORK]);
    }
}
