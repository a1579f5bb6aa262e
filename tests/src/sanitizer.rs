//! Library and C programs under a sanitizer: `WS2SPI_TEST_SANITIZER=thread` or `address`.
//!
//! Needs a nightly toolchain with `rust-src`, since std is built as well: what happens in it is then seen, too. Both
//! sides use the run-time library that comes with that toolchain, and clang leaves out its own.

use crate::run;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Which sanitizer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sanitizer {
    /// ThreadSanitizer: data races.
    Thread,
    /// AddressSanitizer with UndefinedBehaviorSanitizer on the C side: memory that is not there any more, or never was.
    Address,
}

use Sanitizer::{Address, Thread};

/// What the environment asks for.
///
/// # Panics
/// If that is neither of the two.
pub fn chosen() -> Option<Sanitizer> {
    match std::env::var("WS2SPI_TEST_SANITIZER")
        .unwrap_or_default()
        .as_str()
    {
        "thread" => Some(Thread),
        "address" => Some(Address),
        other => {
            assert!(
                other.is_empty(),
                "WS2SPI_TEST_SANITIZER is thread or address, not {other}"
            );
            None
        }
    }
}

/// The host, as Rust names it: a build for a named target leaves build scripts and macros as they are.
fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

impl Sanitizer {
    const fn name(self) -> &'static str {
        match self {
            Thread => "thread",
            Address => "address",
        }
    }

    /// The folder below `target` that is this build's own.
    pub fn folder(self) -> String {
        format!("library-{}", self.name())
    }

    /// Where in [`Sanitizer::folder`] a profile's libraries are.
    pub fn profile(self, profile: &str) -> PathBuf {
        PathBuf::from(target()).join(profile)
    }

    /// The command that builds a library: cargo, but for what is to be built.
    pub fn cargo(self) -> Command {
        let mut command = Command::new("rustup");
        command.args(["run", "nightly", "cargo"]);
        command.env("RUSTFLAGS", format!("-Zsanitizer={}", self.name()));
        command
    }

    /// What `cargo build` takes beside that.
    pub fn arguments(self) -> [String; 3] {
        [String::from("-Zbuild-std"), String::from("--target"), target()]
    }

    /// What clang takes to compile a file.
    pub fn compile(self) -> Vec<String> {
        let mut flags = vec![format!("-fsanitize={}", self.name())];
        if self == Address {
            flags.extend(["-fsanitize=undefined", "-fno-sanitize-recover=undefined"].map(String::from));
        }
        flags.extend(["-fno-sanitize-link-runtime", "-fno-omit-frame-pointer"].map(String::from));
        flags
    }

    /// What links a program: the run-time library, where the shared library finds it as well.
    ///
    /// # Panics
    /// If there is no such toolchain.
    pub fn link(self) -> Vec<String> {
        let printed = run::success(
            Command::new("rustup").args(["run", "nightly", "rustc", "--print", "sysroot"]),
            Duration::from_secs(60),
        )
        .expect("a nightly toolchain");
        let short = match self {
            Thread => "tsan",
            Address => "asan",
        };
        let sysroot = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
        let library = format!(
            "{sysroot}/lib/rustlib/{}/lib/librustc-nightly_rt.{short}.a",
            target()
        );
        let mut flags = vec![
            String::from("-Wl,--whole-archive"),
            library,
            String::from("-Wl,--no-whole-archive"),
        ];
        flags.extend(["-rdynamic", "-ldl", "-lrt", "-lm", "-lresolv"].map(String::from));
        flags
    }

    /// The sanitizer's settings while a program runs: faults are the library's own to handle, and a child of a fork
    /// goes on as without a sanitizer.
    pub const fn settings(self) -> (&'static str, &'static str) {
        match self {
            Thread => ("TSAN_OPTIONS", "handle_segv=0:handle_sigbus=0:die_after_fork=0"),
            Address => (
                "ASAN_OPTIONS",
                "handle_segv=0:handle_sigbus=0:detect_leaks=1:detect_stack_use_after_return=1",
            ),
        }
    }
}
