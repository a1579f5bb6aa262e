//! The exported C functions. A function here names its arguments as its page does, calls one safe function and
//! turns the `Result` into the C answer; the macro `spi!` writes that down once for all.

pub mod berkeley;
pub mod extension;
pub mod kernel;
pub mod later;
pub mod mswsock;
pub mod text;
pub mod winsock;
pub mod wpu;
pub mod wsa;
pub mod wsc;
pub mod wsc32;
pub mod wsc_names;
pub mod wsp;

use crate::abi::{BOOL, HANDLE, INVALID_SOCKET, SOCKET, SOCKET_ERROR, WAIT_FAILED};
use crate::error::{Result, WsaError};
use crate::object::thread;
use crate::sys::guard::UserPointer;

/// How a C argument enters safe Rust: pointers become [`UserPointer`]s, everything else stays.
pub(crate) trait IntoSafe {
    /// What the safe function takes.
    type Safe;

    /// # Safety
    /// For pointers, the promise of [`UserPointer::new`].
    unsafe fn into_safe(self) -> Self::Safe;
}

macro_rules! safe_as_is {
    ($($type:ty),* $(,)?) => {
        $(impl IntoSafe for $type {
            type Safe = Self;

            unsafe fn into_safe(self) -> Self {
                self
            }
        })*
    };
}

safe_as_is!(
    i32,
    u32,
    u16,
    u8,
    usize,
    isize,
    i64,
    BOOL,
    crate::abi::IN_ADDR,
    crate::abi::LPCONDITIONPROC,
    crate::abi::LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    crate::abi::LPWSAUSERAPC,
    crate::abi::WSPUPCALLTABLE,
);

impl<T> IntoSafe for *mut T {
    type Safe = UserPointer<T>;

    unsafe fn into_safe(self) -> UserPointer<T> {
        // SAFETY: the promise is passed on.
        unsafe { UserPointer::new(self) }
    }
}

impl<T> IntoSafe for *const T {
    type Safe = UserPointer<T>;

    unsafe fn into_safe(self) -> UserPointer<T> {
        // SAFETY: the promise is passed on.
        unsafe { UserPointer::new(self) }
    }
}

/// How a result leaves: each C return type has its value for failure (C.2).
pub(crate) trait Answer<T> {
    fn success(value: T) -> Self;
    fn failure() -> Self;
}

impl Answer<()> for i32 {
    fn success((): ()) -> Self {
        0
    }

    fn failure() -> Self {
        SOCKET_ERROR
    }
}

impl Answer<i32> for i32 {
    fn success(value: i32) -> Self {
        value
    }

    fn failure() -> Self {
        SOCKET_ERROR
    }
}

impl Answer<SOCKET> for SOCKET {
    fn success(value: SOCKET) -> Self {
        value
    }

    fn failure() -> Self {
        INVALID_SOCKET
    }
}

impl Answer<()> for BOOL {
    fn success((): ()) -> Self {
        Self::TRUE
    }

    fn failure() -> Self {
        Self::FALSE
    }
}

impl Answer<()> for () {
    fn success((): ()) -> Self {}

    fn failure() -> Self {}
}

impl Answer<usize> for HANDLE {
    fn success(value: usize) -> Self {
        value as Self
    }

    fn failure() -> Self {
        std::ptr::null_mut()
    }
}

impl<T> Answer<UserPointer<T>> for *mut T {
    fn success(value: UserPointer<T>) -> Self {
        value.raw()
    }

    fn failure() -> Self {
        std::ptr::null_mut()
    }
}

/// The answer of a wait.
impl Answer<u32> for u32 {
    fn success(value: u32) -> Self {
        value
    }

    fn failure() -> Self {
        WAIT_FAILED
    }
}

/// A DWORD that says whether it went well.
impl Answer<()> for u32 {
    fn success((): ()) -> Self {
        1
    }

    fn failure() -> Self {
        0
    }
}

/// Where the code of a failure goes.
pub(crate) trait Report {
    fn report(self, code: WsaError);
}

/// `lpErrno`; a NULL or bad one is tolerated.
impl Report for UserPointer<i32> {
    fn report(self, code: WsaError) {
        let _ = self.write(code.code());
    }
}

/// The thread's last error.
pub(crate) struct LastError;

impl Report for LastError {
    fn report(self, code: WsaError) {
        thread::set_last_error(code.code().cast_unsigned());
    }
}

/// Makes the C answer of a result, and reports the code of a failure.
pub(crate) fn finish<T, A: Answer<T>>(result: Result<T>, report: impl Report) -> (A, Option<WsaError>) {
    match result {
        Ok(value) => (A::success(value), None),
        Err(code) => {
            report.report(code);
            (A::failure(), Some(code))
        }
    }
}

/// Makes the C answer of a function that returns the code itself.
pub(crate) fn finish_as_code(result: Result<()>) -> (i32, Option<WsaError>) {
    let error = result.err();
    (error.map_or(0, WsaError::code), error)
}

/// Exports functions. The last argument, after `;`, is `lpErrno` (C.1); a function without it leaves its code in the
/// thread's last error. Functions that return the code itself come after `as_code;`, those that have no name in C, only
/// a pointer, after `unexported;`.
macro_rules! spi {
    (@report $error:ident) => { $error };
    (@report) => { $crate::spi::LastError };
    (@finish [] $body:block $($error:ident)?) => {
        $crate::spi::finish($body, $crate::spi::spi!(@report $($error)?))
    };
    (@finish [as_code] $body:block) => { $crate::spi::finish_as_code($body) };
    (as_code; $(
        $(#[$doc:meta])*
        fn $name:ident($($argument:tt)*) -> $answer:ty $body:block
    )*) => {
        $($crate::spi::spi! {
            @function [#[unsafe(no_mangle)]] [as_code] $(#[$doc])* fn $name($($argument)*) -> $answer $body
        })*
    };
    (unexported; $(
        $(#[$doc:meta])*
        fn $name:ident($($argument:tt)*) -> $answer:ty $body:block
    )*) => {
        $($crate::spi::spi! { @function [] [] $(#[$doc])* fn $name($($argument)*) -> $answer $body })*
    };
    (@function [$($export:tt)*] [$($how:ident)?]
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $type:ty),* $(,)? $(; $error:ident)?) -> $answer:ty $body:block
    ) => {
        $(#[$doc])*
        ///
        /// # Safety
        /// Every pointer is NULL, bad (WSAEFAULT is the answer), or names memory that the caller lets the function use
        /// as its page says.
        $($export)*
        pub unsafe extern "C" fn $name($($argument: $type,)* $($error: *mut i32)?) -> $answer {
            // SAFETY: the caller's promise above is what into_safe asks for.
            #[allow(unused_unsafe, clippy::let_unit_value, clippy::unused_unit)]
            let ($($argument,)* $($error,)?) = unsafe {
                ($($crate::spi::IntoSafe::into_safe($argument),)* $($crate::spi::IntoSafe::into_safe($error),)?)
            };
            let traced = $crate::trace::is_on();
            if traced {
                $crate::trace::aside(move || $crate::trace::call(
                    stringify!($name),
                    &[$((stringify!($argument), &$argument),)* $((stringify!($error), &$error))?],
                ));
            }
            let (answer, error): ($answer, _) =
                $crate::spi::spi!(@finish [$($how)?] $body $($error)?);
            if traced {
                $crate::trace::aside(move || $crate::trace::answer(stringify!($name), &answer, error));
            }
            answer
        }
    };
    ($(
        $(#[$doc:meta])*
        fn $name:ident($($argument:tt)*) -> $answer:ty $body:block
    )*) => {
        $($crate::spi::spi! {
            @function [#[unsafe(no_mangle)]] [] $(#[$doc])* fn $name($($argument)*) -> $answer $body
        })*
    };
}
pub(crate) use spi;
