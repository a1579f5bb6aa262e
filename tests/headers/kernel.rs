//! ws2kernel.h: its functions have the prototypes and its names the values that Microsoft's own metadata gives them
//! (the `windows-sys` crate), and every plain name is the library's `ws2spi_` symbol, of which no host has one.

use crate::probe::{self, Probe};
use crate::prototypes::assembled;
use libtest_mimic::{Failed, Trial};
use std::fmt::Write as _;
use windows_sys::Win32::Foundation::*;
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;
use windows_sys::Win32::Storage::FileSystem::SetFileCompletionNotificationModes;
use windows_sys::Win32::System::IO::*;
use windows_sys::Win32::System::SystemServices::MAXIMUM_WAIT_OBJECTS;
use windows_sys::Win32::System::Threading::*;
use windows_sys::Win32::System::WindowsProgramming::*;
use windows_sys::core::{BOOL, PCSTR, PCWSTR};

/// `Name(Rust's parameters) -> result: "C's type";` per function. The Rust side must be what `windows-sys` declares,
/// which tells how many parameters there are and how wide, but not every const.
macro_rules! functions {
    ($($name:ident($($parameter:ty),* $(,)?) $(-> $result:ty)?: $c:literal;)*) => {
        $(const _: unsafe extern "system" fn($($parameter),*) $(-> $result)? = $name;)*
        const FUNCTIONS: &[(&str, &str)] = &[$((stringify!($name), $c)),*];
    };
}

functions! {
    CancelIo(HANDLE) -> BOOL: "BOOL (*)(HANDLE)";
    CancelIoEx(HANDLE, *const OVERLAPPED) -> BOOL: "BOOL (*)(HANDLE, LPOVERLAPPED)";
    CloseHandle(HANDLE) -> BOOL: "BOOL (*)(HANDLE)";
    CreateEventA(*const SECURITY_ATTRIBUTES, BOOL, BOOL, PCSTR) -> HANDLE:
        "HANDLE (*)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCSTR)";
    CreateEventW(*const SECURITY_ATTRIBUTES, BOOL, BOOL, PCWSTR) -> HANDLE:
        "HANDLE (*)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR)";
    CreateIoCompletionPort(HANDLE, HANDLE, usize, u32) -> HANDLE: "HANDLE (*)(HANDLE, HANDLE, ULONG_PTR, DWORD)";
    GetLastError() -> u32: "DWORD (*)(void)";
    GetOverlappedResult(HANDLE, *const OVERLAPPED, *mut u32, BOOL) -> BOOL:
        "BOOL (*)(HANDLE, LPOVERLAPPED, LPDWORD, BOOL)";
    GetQueuedCompletionStatus(HANDLE, *mut u32, *mut usize, *mut *mut OVERLAPPED, u32) -> BOOL:
        "BOOL (*)(HANDLE, LPDWORD, PULONG_PTR, LPOVERLAPPED *, DWORD)";
    GetQueuedCompletionStatusEx(HANDLE, *mut OVERLAPPED_ENTRY, u32, *mut u32, u32, BOOL) -> BOOL:
        "BOOL (*)(HANDLE, LPOVERLAPPED_ENTRY, ULONG, PULONG, DWORD, BOOL)";
    PostQueuedCompletionStatus(HANDLE, u32, usize, *const OVERLAPPED) -> BOOL:
        "BOOL (*)(HANDLE, DWORD, ULONG_PTR, LPOVERLAPPED)";
    QueueUserAPC(PAPCFUNC, HANDLE, usize) -> u32: "DWORD (*)(PAPCFUNC, HANDLE, ULONG_PTR)";
    ResetEvent(HANDLE) -> BOOL: "BOOL (*)(HANDLE)";
    SetEvent(HANDLE) -> BOOL: "BOOL (*)(HANDLE)";
    SetFileCompletionNotificationModes(HANDLE, u8) -> BOOL: "BOOL (*)(HANDLE, UCHAR)";
    SetLastError(u32): "void (*)(DWORD)";
    Sleep(u32): "void (*)(DWORD)";
    SleepEx(u32, BOOL) -> u32: "DWORD (*)(DWORD, BOOL)";
    WaitForMultipleObjects(u32, *const HANDLE, BOOL, u32) -> u32:
        "DWORD (*)(DWORD, const HANDLE *, BOOL, DWORD)";
    WaitForMultipleObjectsEx(u32, *const HANDLE, BOOL, u32, BOOL) -> u32:
        "DWORD (*)(DWORD, const HANDLE *, BOOL, DWORD, BOOL)";
    WaitForSingleObject(HANDLE, u32) -> u32: "DWORD (*)(HANDLE, DWORD)";
    WaitForSingleObjectEx(HANDLE, u32, BOOL) -> u32: "DWORD (*)(HANDLE, DWORD, BOOL)";
}

/// Constants of `windows-sys`, as 32-bit patterns.
macro_rules! values {
    [$($name:ident),* $(,)?] => { [$((stringify!($name), $name as u32)),*] };
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut functions = Probe::new("windows-sys", "kernel: prototypes", "#include <ws2kernel.h>");
    for (line, (name, c)) in (1..).zip(FUNCTIONS) {
        let same = format!("__builtin_types_compatible_p(__typeof__(&{name}), {c})");
        functions.row(line, name, &probe::demand(&format!("{name} is {c}"), &same));
    }
    let mut values = Probe::new("windows-sys", "kernel: values", "#include <ws2kernel.h>");
    for (line, (name, value)) in (1..).zip(constants()) {
        let same = format!("(unsigned)(ULONG_PTR)({name}) == {value:#x}u");
        values.row(
            line,
            name,
            &probe::demand(&format!("{name} is {value:#x}"), &same),
        );
    }
    vec![
        functions.trial(&[]),
        values.trial(&[]),
        Trial::test("kernel: symbols", || symbols("plain", "A", &[])),
        Trial::test("kernel: symbols, UNICODE", || {
            symbols("unicode", "W", &["-DUNICODE"])
        }),
    ]
}

/// What the header's functions take and answer.
#[rustfmt::skip]
fn constants() -> Vec<(&'static str, u32)> {
    values![
        FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, FILE_SKIP_SET_EVENT_ON_HANDLE, INFINITE, INVALID_HANDLE_VALUE,
        MAXIMUM_WAIT_OBJECTS, WAIT_ABANDONED, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_IO_COMPLETION, WAIT_OBJECT_0,
        WAIT_TIMEOUT,

        STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION, STATUS_ADDRESS_ALREADY_EXISTS, STATUS_BUFFER_OVERFLOW,
        STATUS_CANCELLED, STATUS_CONNECTION_ABORTED, STATUS_CONNECTION_ACTIVE, STATUS_CONNECTION_REFUSED,
        STATUS_CONNECTION_RESET, STATUS_DEVICE_NOT_READY, STATUS_GRACEFUL_DISCONNECT, STATUS_HOPLIMIT_EXCEEDED,
        STATUS_HOST_DOWN, STATUS_HOST_UNREACHABLE, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_ADDRESS_COMPONENT,
        STATUS_INVALID_CONNECTION, STATUS_INVALID_HANDLE, STATUS_INVALID_PARAMETER, STATUS_IO_TIMEOUT,
        STATUS_NETWORK_UNREACHABLE, STATUS_NOT_SUPPORTED, STATUS_PENDING, STATUS_PIPE_DISCONNECTED,
        STATUS_PROTOCOL_NOT_SUPPORTED, STATUS_REQUEST_ABORTED, STATUS_SUCCESS, STATUS_UNEXPECTED_NETWORK_ERROR,

        ERROR_ABANDONED_WAIT_0, ERROR_ACCESS_DENIED, ERROR_CONNECTION_ABORTED, ERROR_CONNECTION_ACTIVE,
        ERROR_CONNECTION_REFUSED, ERROR_DUP_NAME, ERROR_GRACEFUL_DISCONNECT, ERROR_HOST_DOWN,
        ERROR_HOST_UNREACHABLE, ERROR_INVALID_HANDLE, ERROR_INVALID_NETNAME, ERROR_INVALID_PARAMETER,
        ERROR_IO_INCOMPLETE, ERROR_IO_PENDING, ERROR_MORE_DATA, ERROR_NETNAME_DELETED, ERROR_NETWORK_UNREACHABLE,
        ERROR_NOACCESS, ERROR_NOT_FOUND, ERROR_NOT_READY, ERROR_NOT_SUPPORTED, ERROR_NO_SYSTEM_RESOURCES,
        ERROR_OPERATION_ABORTED, ERROR_PIPE_NOT_CONNECTED, ERROR_REQUEST_ABORTED, ERROR_SEM_TIMEOUT,
        ERROR_SUCCESS, ERROR_UNEXP_NET_ERR,
    ].to_vec()
}

/// A call by the plain name reaches the symbol `ws2spi_NAME`, and CreateEvent that of its `form`.
fn symbols(file: &str, form: &str, options: &[&str]) -> Result<(), Failed> {
    let mut source = String::from("#include <ws2kernel.h>\n");
    let mut expected = vec![(String::from("CreateEvent"), format!("ws2spi_CreateEvent{form}"))];
    for (name, _) in FUNCTIONS {
        writeln!(source, "#ifdef {name}\n#error {name} is a macro\n#endif").unwrap();
        expected.push((String::from(*name), format!("ws2spi_{name}")));
    }
    for (name, _) in &expected {
        writeln!(source, "void *const symbol_{name}[1] = {{ (void *)&{name} }};").unwrap();
    }
    let found = assembled(&format!("kernel_{file}"), &source, options)?;
    for (name, symbol) in expected {
        let found = &found[&format!("symbol_{name}")];
        if found[..] != [symbol] {
            return Err(format!("{name} is the symbol {found:?}").into());
        }
    }
    Ok(())
}
