//! The trace channel: `WS2SPI_LOG=trace` prints each call with its arguments, then its answer, as Wine's relay log
//! does; to standard error, or to the file that `WS2SPI_LOG_FILE` names. Off, a call pays one relaxed load.
//!
//! Lines are put together in a fixed buffer and written with one system call: no allocation, no lock.

use crate::error::WsaError;
use crate::sys::guard::UserPointer;
use crate::sys::log;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU8, Ordering};

const UNKNOWN: u8 = 0;
const OFF: u8 = 1;
const ERRORS: u8 = 2;
const CALLS: u8 = 3;

/// What is logged; read from the environment at the first call.
static LEVEL: AtomicU8 = AtomicU8::new(UNKNOWN);

/// Whether calls are printed.
#[inline(always)]
pub(crate) fn is_on() -> bool {
    match LEVEL.load(Ordering::Relaxed) {
        OFF | ERRORS => false,
        _ => level() == CALLS,
    }
}

/// Runs `body`, which has copies of what it prints: values that are never pointed at can stay in registers.
#[cold]
#[inline(never)]
pub(crate) fn aside(body: impl FnOnce()) {
    body();
}

#[cold]
fn level() -> u8 {
    let known = LEVEL.load(Ordering::Relaxed);
    if known != UNKNOWN {
        return known;
    }
    let level = match log::setting("WS2SPI_LOG").as_deref() {
        Some("trace") => CALLS,
        Some("error") => ERRORS,
        _ => OFF,
    };
    LEVEL.store(level, Ordering::Relaxed);
    level
}

/// One line, cut off rather than grown.
struct Line {
    bytes: [u8; 1024],
    length: usize,
}

impl Line {
    fn new() -> Self {
        let mut line = Self {
            bytes: [0; 1024],
            length: 0,
        };
        let _ = write!(line, "ws2spi:{}:{} ", log::process(), log::thread());
        line
    }

    fn send(mut self) {
        let end = self.length.min(self.bytes.len() - 1);
        self.bytes[end] = b'\n';
        log::write(&self.bytes[..=end]);
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.len() - 1 - self.length;
        let text = &text.as_bytes()[..text.len().min(room)];
        self.bytes[self.length..self.length + text.len()].copy_from_slice(text);
        self.length += text.len();
        Ok(())
    }
}

/// Prints that a function was called.
pub(crate) fn call(function: &str, arguments: &[(&str, &dyn Argument)]) {
    let mut line = Line::new();
    let _ = write!(line, "Call {}(", page(function));
    for (position, (name, argument)) in arguments.iter().enumerate() {
        let _ = line.write_str(if position == 0 { "" } else { ", " });
        // As the page spells it, without Rust's marks for names it does not use or cannot have.
        let name = name.trim_start_matches("r#").trim_start_matches('_');
        let _ = write!(line, "{name}=");
        let _ = argument.print(is_code(name), &mut line);
    }
    let _ = line.write_str(")");
    line.send();
}

/// A function's name on its page: what the headers bind to `WS_socket` is `socket`.
fn page(function: &str) -> &str {
    let plain = function
        .strip_prefix("WS_")
        .or_else(|| function.strip_prefix("ws2spi_"));
    plain.unwrap_or(function)
}

/// Prints what a function answered.
pub(crate) fn answer(function: &str, answer: &dyn Argument, error: Option<WsaError>) {
    let mut line = Line::new();
    let _ = write!(line, "Ret  {}() = ", page(function));
    let _ = answer.print(false, &mut line);
    if let Some(error) = error {
        let _ = write!(line, " {error}");
    }
    line.send();
}

/// Prints something worth knowing that no error code can carry.
pub(crate) fn message(text: fmt::Arguments<'_>) {
    if matches!(level(), ERRORS | CALLS) {
        let mut line = Line::new();
        let _ = line.write_fmt(text);
        line.send();
    }
}

/// Whether an argument of that name is a set of bits or a code that the headers write in hexadecimal, not a count.
fn is_code(name: &str) -> bool {
    matches!(
        name,
        "wVersionRequested"
            | "level"
            | "optname"
            | "dwIoControlCode"
            | "dwFlags"
            | "lEvent"
            | "lNetworkEvents"
            | "wMsg"
            | "Flags"
    )
}

/// An argument or answer that can be printed.
pub(crate) trait Argument {
    /// Prints it: a number as a code (hexadecimal) or as a count.
    fn print(&self, is_code: bool, out: &mut dyn Write) -> fmt::Result;
}

macro_rules! numbers {
    ($($type:ty),* $(,)?) => {
        $(impl Argument for $type {
            fn print(&self, is_code: bool, out: &mut dyn Write) -> fmt::Result {
                if is_code { write!(out, "{self:#x}") } else { write!(out, "{self}") }
            }
        })*
    };
}

numbers!(i32, u32, u16, u8, i64);

macro_rules! handles {
    ($($type:ty),* $(,)?) => {
        $(impl Argument for $type {
            fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
                if *self == !0 { out.write_str("INVALID_SOCKET") } else { write!(out, "{self:#x}") }
            }
        })*
    };
}

// Sockets, events and what a program passes through.
handles!(usize, isize);

impl<T> Argument for *mut T {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        print_address(*self as usize, out)
    }
}

impl Argument for crate::abi::IN_ADDR {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        write!(
            out,
            "{}",
            std::net::Ipv4Addr::from_bits(u32::from_be(self.s_addr))
        )
    }
}

impl Argument for crate::abi::BOOL {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        out.write_str(if *self == Self::FALSE { "FALSE" } else { "TRUE" })
    }
}

/// The answer of a function that has none.
impl Argument for () {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        out.write_str("void")
    }
}

fn print_address(address: usize, out: &mut dyn Write) -> fmt::Result {
    if address == 0 {
        out.write_str("NULL")
    } else {
        write!(out, "{address:#x}")
    }
}

impl<T> Argument for UserPointer<T> {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        print_address(self.address(), out)
    }
}

impl Argument for crate::abi::LPCONDITIONPROC {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        print_address(self.map_or(0, |function| function as usize), out)
    }
}

impl Argument for crate::abi::LPWSAOVERLAPPED_COMPLETION_ROUTINE {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        print_address(self.map_or(0, |function| function as usize), out)
    }
}

impl Argument for crate::abi::LPWSAUSERAPC {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        print_address(self.map_or(0, |function| function as usize), out)
    }
}

/// The upcalls that the host gives; the others are the library's own.
impl Argument for crate::abi::WSPUPCALLTABLE {
    fn print(&self, _: bool, out: &mut dyn Write) -> fmt::Result {
        out.write_str("{")?;
        let mut separator = "";
        for name in self.given() {
            write!(out, "{separator}{name}")?;
            separator = " ";
        }
        out.write_str("}")
    }
}
