//! The host's own name, and codes as text.
#![forbid(unsafe_code)]

use super::inet::Character;
use super::startup;
use crate::error::{Result, WsaError};
use crate::object::thread::check_not_in_progress;
use crate::sys::guard::{Plain, UserPointer};
use crate::sys::process;
use std::cell::Cell;

/// `gethostname`: the name with its NUL; WSAEFAULT if `length` characters are too few. 8-bit text is UTF-8.
pub(crate) fn host_name(name: UserPointer<u8>, length: i32) -> Result<()> {
    write(name, length, own_name()?.into_bytes())
}

/// GetHostNameW.
pub(crate) fn host_name_wide(name: UserPointer<u16>, length: i32) -> Result<()> {
    write(name, length, own_name()?.encode_utf16().collect())
}

fn own_name() -> Result<String> {
    startup::check_started()?;
    check_not_in_progress()?;
    process::host_name().map_err(|_| WsaError::WSAENETDOWN)
}

fn write<T: Plain + Default>(name: UserPointer<T>, length: i32, mut text: Vec<T>) -> Result<()> {
    text.push(T::default());
    if usize::try_from(length).unwrap_or(0) < text.len() {
        return Err(WsaError::WSAEFAULT);
    }
    Ok(name.write_slice(&text)?)
}

/// More than any code's text.
const LONGEST: usize = 128;

/// The text of a code, which stays until `place`'s thread asks again.
fn keep<T: Character>(code: i32, place: &Cell<[T; LONGEST]>) -> UserPointer<T> {
    let code = WsaError::from_code(code);
    let written = code.meaning().map_or_else(|| code.to_string(), String::from);
    let mut text = [T::default(); LONGEST];
    let room = text.iter_mut().take(LONGEST - 1);
    room.zip(written.bytes()).for_each(|(to, from)| *to = from.into());
    place.set(text);
    UserPointer::from_address(place.as_ptr() as usize)
}

/// `gai_strerrorA`.
pub(crate) fn text_of_code(code: i32) -> UserPointer<u8> {
    thread_local! {
        static TEXT: Cell<[u8; LONGEST]> = const { Cell::new([0; LONGEST]) };
    }
    TEXT.with(|own| keep(code, own))
}

/// `gai_strerrorW`.
pub(crate) fn text_of_code_wide(code: i32) -> UserPointer<u16> {
    thread_local! {
        static TEXT: Cell<[u16; LONGEST]> = const { Cell::new([0; LONGEST]) };
    }
    TEXT.with(|own| keep(code, own))
}
