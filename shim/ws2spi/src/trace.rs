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
    bytes: [u8; 512],
    length: usize,
}

impl Line {
    fn new() -> Self {
        let mut line = Self {
            bytes: [0; 512],
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
    let _ = write!(line, "Call {function}(");
    for (position, (name, argument)) in arguments.iter().enumerate() {
        let _ = line.write_str(if position == 0 { "" } else { ", " });
        let _ = write!(line, "{name}=");
        let _ = argument.print(&mut line);
    }
    let _ = line.write_str(")");
    line.send();
}

/// Prints what a function answered.
pub(crate) fn answer(function: &str, answer: &dyn Argument, error: Option<WsaError>) {
    let mut line = Line::new();
    let _ = write!(line, "Ret  {function}() = ");
    let _ = answer.print(&mut line);
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

/// An argument or answer that can be printed.
pub(crate) trait Argument {
    fn print(&self, out: &mut dyn Write) -> fmt::Result;
}

macro_rules! numbers {
    ($($type:ty => $format:literal),* $(,)?) => {
        $(impl Argument for $type {
            fn print(&self, out: &mut dyn Write) -> fmt::Result {
                write!(out, $format, self)
            }
        })*
    };
}

numbers! { i32 => "{}", u32 => "{:#x}", u16 => "{:#x}", usize => "{:#x}", isize => "{}", i64 => "{:#x}" }

impl Argument for crate::abi::BOOL {
    fn print(&self, out: &mut dyn Write) -> fmt::Result {
        out.write_str(if *self == Self::FALSE { "FALSE" } else { "TRUE" })
    }
}

impl<T> Argument for UserPointer<T> {
    fn print(&self, out: &mut dyn Write) -> fmt::Result {
        if self.is_null() {
            out.write_str("NULL")
        } else {
            write!(out, "{:#x}", self.address())
        }
    }
}

impl Argument for crate::abi::LPCONDITIONPROC {
    fn print(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{:#x}", self.map_or(0, |function| function as usize))
    }
}

impl Argument for crate::abi::LPWSAOVERLAPPED_COMPLETION_ROUTINE {
    fn print(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{:#x}", self.map_or(0, |function| function as usize))
    }
}

impl Argument for crate::abi::WSPUPCALLTABLE {
    fn print(&self, out: &mut dyn Write) -> fmt::Result {
        out.write_str("{...}")
    }
}
