//! Memory of the C caller, touched without trusting the pointer (OBS.44).
//!
//! Winsock answers WSAEFAULT for a bad pointer wherever the provider itself looks, as the kernel does where it
//! looks. So every access to the caller's memory goes through [`UserPointer`], and that through one copy routine
//! whose faults a SIGSEGV/SIGBUS handler turns into a return value. While pointers are good this costs nothing.
//! Faults anywhere else go to the handler that was there before.
//!
//! `WS2SPI_GUARD=off` leaves the handler out. Processors without the routine, and the `portable` feature, ask the
//! kernel to copy (`process_vm_readv`), which knows bad memory when it sees it.

use std::marker::PhantomData;
use std::mem::{MaybeUninit, size_of};
use std::sync::atomic::{AtomicBool, Ordering};

/// The caller's memory could not be read or written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fault;

/// Types that any bytes make a valid value of, so that they can be copied from a C caller.
///
/// # Safety
/// Every bit pattern must be valid, and the type must have no padding that matters.
pub(crate) unsafe trait Plain: Copy {}

macro_rules! plain {
    ($($type:ty),* $(,)?) => {
        // SAFETY: integers and repr(C) structures of integers, arrays and raw pointers: any bytes will do.
        $(unsafe impl $crate::sys::guard::Plain for $type {})*
    };
}
pub(crate) use plain;

plain!(u8, i8, u16, i16, u32, i32, u64, i64, usize, isize, libc::timeval);

// SAFETY: an array of plain values is plain.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// A pointer that a C caller gave: NULL, good or wild. Only a number until it is used, so any thread may have it.
pub(crate) struct UserPointer<T> {
    address: usize,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for UserPointer<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for UserPointer<T> {}

impl<T> UserPointer<T> {
    /// Takes a pointer over from C.
    ///
    /// # Safety
    /// If it points to memory that can be read or written at all, the C caller must have meant it for this call:
    /// for as long as the call (or the operation it starts) lasts, the memory is the library's to use.
    pub(crate) unsafe fn new(pointer: *const T) -> Self {
        Self {
            address: pointer as usize,
            of: PhantomData,
        }
    }

    /// A pointer found in the caller's memory: inside a structure that [`UserPointer::new`] let us use, whose promise
    /// covers what it points to.
    pub(crate) const fn from_address(address: usize) -> Self {
        Self {
            address,
            of: PhantomData,
        }
    }

    pub(crate) const fn is_null(self) -> bool {
        self.address == 0
    }

    /// The pointer when it is not NULL.
    pub(crate) fn non_null(self) -> Option<Self> {
        (!self.is_null()).then_some(self)
    }

    /// The address as a number: to hand to the kernel, which checks for itself.
    pub(crate) const fn address(self) -> usize {
        self.address
    }

    /// The pointer as C has it, to hand to a provider.
    pub(crate) const fn raw(self) -> *mut T {
        self.address as *mut T
    }

    /// The same address, seen as another type.
    pub(crate) const fn cast<U>(self) -> UserPointer<U> {
        UserPointer {
            address: self.address,
            of: PhantomData,
        }
    }

    /// The address `count` elements on; what it points to is judged when it is used.
    pub(crate) const fn add(self, count: usize) -> Self {
        Self {
            address: self.address.wrapping_add(count.wrapping_mul(size_of::<T>())),
            of: PhantomData,
        }
    }
}

impl UserPointer<u8> {
    /// Memory of our own, where the kernel is to read or write in place of the caller's.
    pub(crate) fn to_own(bytes: &mut [u8]) -> Self {
        Self::from_address(bytes.as_mut_ptr() as usize)
    }
}

impl<T: Plain> UserPointer<T> {
    /// A value of our own, in place of the caller's; it must outlive the use.
    pub(crate) fn to_own_value(value: &mut T) -> Self {
        Self::from_address(std::ptr::from_mut(value) as usize)
    }

    /// Values of our own, in place of the caller's; they must outlive the use.
    pub(crate) fn to_own_slice(values: &mut [T]) -> Self {
        Self::from_address(values.as_mut_ptr() as usize)
    }

    /// Reads one value.
    pub(crate) fn read(self) -> Result<T, Fault> {
        let mut value = MaybeUninit::<T>::uninit();
        copy(
            value.as_mut_ptr() as usize,
            self.address,
            size_of::<T>(),
            Direction::Read,
        )?;
        // SAFETY: all its bytes were just copied in, and any bytes are a valid T.
        Ok(unsafe { value.assume_init() })
    }

    /// Writes one value.
    pub(crate) fn write(self, value: T) -> Result<(), Fault> {
        copy(
            self.address,
            &raw const value as usize,
            size_of::<T>(),
            Direction::Write,
        )
    }

    /// Reads up to the first value that is 0, which is left out; `None` if it does not come among the first `most`.
    pub(crate) fn read_string(self, most: usize) -> Result<Option<Vec<T>>, Fault>
    where
        T: Default + PartialEq,
    {
        let mut string = Vec::new();
        for place in 0..most {
            // One at a time: the memory behind the end may not be there.
            match self.add(place).read()? {
                end if end == T::default() => return Ok(Some(string)),
                value => string.push(value),
            }
        }
        Ok(None)
    }

    /// Reads as many values as `values` holds.
    pub(crate) fn read_slice(self, values: &mut [T]) -> Result<(), Fault> {
        copy(
            values.as_mut_ptr() as usize,
            self.address,
            size_of_val(values),
            Direction::Read,
        )
    }

    /// Writes all of `values`.
    pub(crate) fn write_slice(self, values: &[T]) -> Result<(), Fault> {
        copy(
            self.address,
            values.as_ptr() as usize,
            size_of_val(values),
            Direction::Write,
        )
    }
}

/// Which side of a copy is the caller's.
#[derive(Clone, Copy)]
enum Direction {
    Read,
    Write,
}

#[inline]
fn copy(to: usize, from: usize, length: usize, direction: Direction) -> Result<(), Fault> {
    let theirs = match direction {
        Direction::Read => from,
        Direction::Write => to,
    };
    if theirs == 0 && length != 0 {
        return Err(Fault);
    }
    machine::copy(to, from, length, direction)
}

/// Puts the fault handler in place; once per process, however often it is called. Threads that come first at once each do,
/// so that it is there for all of them when this returns; the first has noted what was there before.
pub(crate) fn install() {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    let off = super::log::setting("WS2SPI_GUARD").is_some_and(|value| value == "off");
    if !off && !INSTALLED.load(Ordering::Acquire) {
        machine::install();
        INSTALLED.store(true, Ordering::Release);
    }
}

#[cfg(all(
    any(target_arch = "x86_64", target_arch = "aarch64"),
    not(feature = "portable")
))]
mod machine {
    use super::{Direction, Fault};
    use once_cell::race::OnceBox;

    // The routine is a leaf without a stack frame, so that the handler can send any fault between its first
    // instruction and `ws2spi_guarded_fault` there, from where it returns to the caller as if by itself.
    #[cfg(target_arch = "x86_64")]
    std::arch::global_asm!(
        ".text",
        ".p2align 5",
        ".hidden ws2spi_guarded_copy",
        ".hidden ws2spi_guarded_fault",
        ".globl ws2spi_guarded_copy",
        ".globl ws2spi_guarded_fault",
        ".type ws2spi_guarded_copy, @function",
        "ws2spi_guarded_copy:",
        // What almost every call copies: a number, a WSABUF.
        "cmp rdx, 4",
        "je 7f",
        "cmp rdx, 16",
        "je 8f",
        "cmp rdx, 8",
        "jb 3f",
        "2:",
        "mov rax, [rsi]",
        "mov [rdi], rax",
        "add rsi, 8",
        "add rdi, 8",
        "sub rdx, 8",
        "cmp rdx, 8",
        "jae 2b",
        "3:",
        "cmp rdx, 4",
        "jb 4f",
        "mov eax, [rsi]",
        "mov [rdi], eax",
        "add rsi, 4",
        "add rdi, 4",
        "sub rdx, 4",
        "4:",
        "test rdx, rdx",
        "jz 6f",
        "5:",
        "mov al, [rsi]",
        "mov [rdi], al",
        "add rsi, 1",
        "add rdi, 1",
        "sub rdx, 1",
        "jnz 5b",
        "6:",
        "xor eax, eax",
        "ret",
        "7:",
        "mov eax, [rsi]",
        "mov [rdi], eax",
        "xor eax, eax",
        "ret",
        "8:",
        "movups xmm0, [rsi]",
        "movups [rdi], xmm0",
        "xor eax, eax",
        "ret",
        "ws2spi_guarded_fault:",
        "mov eax, 1",
        "ret",
        ".size ws2spi_guarded_copy, . - ws2spi_guarded_copy",
    );

    #[cfg(target_arch = "aarch64")]
    std::arch::global_asm!(
        ".text",
        ".p2align 5",
        ".hidden ws2spi_guarded_copy",
        ".hidden ws2spi_guarded_fault",
        ".globl ws2spi_guarded_copy",
        ".globl ws2spi_guarded_fault",
        ".type ws2spi_guarded_copy, %function",
        "ws2spi_guarded_copy:",
        "cmp x2, #4",
        "b.eq 7f",
        "cmp x2, #16",
        "b.eq 8f",
        "cmp x2, #8",
        "b.lo 3f",
        "2:",
        "ldr x3, [x1], #8",
        "str x3, [x0], #8",
        "sub x2, x2, #8",
        "cmp x2, #8",
        "b.hs 2b",
        "3:",
        "cmp x2, #4",
        "b.lo 4f",
        "ldr w3, [x1], #4",
        "str w3, [x0], #4",
        "sub x2, x2, #4",
        "4:",
        "cbz x2, 6f",
        "5:",
        "ldrb w3, [x1], #1",
        "strb w3, [x0], #1",
        "subs x2, x2, #1",
        "b.ne 5b",
        "6:",
        "mov x0, #0",
        "ret",
        "7:",
        "ldr w3, [x1]",
        "str w3, [x0]",
        "mov x0, #0",
        "ret",
        "8:",
        "ldp x3, x4, [x1]",
        "stp x3, x4, [x0]",
        "mov x0, #0",
        "ret",
        "ws2spi_guarded_fault:",
        "mov x0, #1",
        "ret",
        ".size ws2spi_guarded_copy, . - ws2spi_guarded_copy",
    );

    unsafe extern "C" {
        fn ws2spi_guarded_copy(to: usize, from: usize, length: usize) -> usize;
        fn ws2spi_guarded_fault();
    }

    #[inline]
    pub(super) fn copy(to: usize, from: usize, length: usize, _: Direction) -> Result<(), Fault> {
        // SAFETY: one side is ours and `length` bytes long; a fault on the other comes back as 1.
        if unsafe { ws2spi_guarded_copy(to, from, length) } == 0 {
            Ok(())
        } else {
            Err(Fault)
        }
    }

    type Action = libc::sigaction;

    static BEFORE_SEGV: OnceBox<Action> = OnceBox::new();
    static BEFORE_BUS: OnceBox<Action> = OnceBox::new();

    pub(super) fn install() {
        for (signal, before) in [(libc::SIGSEGV, &BEFORE_SEGV), (libc::SIGBUS, &BEFORE_BUS)] {
            // SAFETY: sigaction fills `previous`, and `ours` is a whole, zeroed structure with its handler set.
            unsafe {
                let mut previous: Action = std::mem::zeroed();
                if libc::sigaction(signal, std::ptr::null(), &mut previous) != 0 {
                    continue;
                }
                let _ = before.set(Box::new(previous));
                let mut ours: Action = std::mem::zeroed();
                ours.sa_sigaction = on_fault as *const () as usize;
                ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
                libc::sigaction(signal, &ours, std::ptr::null_mut());
            }
        }
    }

    extern "C" fn on_fault(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
        // SAFETY: the kernel hands a signal handler a valid context, which is the interrupted thread's own.
        let counter = unsafe { program_counter(context.cast()) };
        let (start, fault) = (
            ws2spi_guarded_copy as *const () as usize,
            ws2spi_guarded_fault as *const () as usize,
        );
        if (start..fault).contains(&(*counter as usize)) {
            *counter = fault as _;
            return;
        }
        // SAFETY: the arguments are passed on as the kernel gave them.
        unsafe { hand_on(signal, info, context) };
    }

    #[cfg(target_arch = "x86_64")]
    unsafe fn program_counter<'a>(context: *mut libc::ucontext_t) -> &'a mut libc::greg_t {
        // SAFETY: the caller gives the context of the handler it runs in.
        unsafe { &mut (*context).uc_mcontext.gregs[libc::REG_RIP as usize] }
    }

    #[cfg(target_arch = "aarch64")]
    unsafe fn program_counter<'a>(context: *mut libc::ucontext_t) -> &'a mut libc::c_ulonglong {
        // SAFETY: the caller gives the context of the handler it runs in.
        unsafe { &mut (*context).uc_mcontext.pc }
    }

    /// A fault that is none of ours: what the process had in place before decides.
    unsafe fn hand_on(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
        let before = if signal == libc::SIGBUS {
            BEFORE_BUS.get()
        } else {
            BEFORE_SEGV.get()
        };
        let handler = before.map_or(libc::SIG_DFL, |action| action.sa_sigaction);
        // SAFETY: the handler was the process's own, taking what its flags say; the default action is the kernel's.
        unsafe {
            match before {
                Some(action) if handler != libc::SIG_DFL && handler != libc::SIG_IGN => {
                    if action.sa_flags & libc::SA_SIGINFO != 0 {
                        let call: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
                            std::mem::transmute(handler);
                        call(signal, info, context);
                    } else {
                        let call: extern "C" fn(libc::c_int) = std::mem::transmute(handler);
                        call(signal);
                    }
                }
                _ => {
                    libc::signal(signal, libc::SIG_DFL);
                    // A real fault happens again on return; one that was sent must be sent again.
                    if (*info).si_code <= 0 {
                        libc::raise(signal);
                    }
                }
            }
        }
    }
}

#[cfg(any(
    not(any(target_arch = "x86_64", target_arch = "aarch64")),
    feature = "portable"
))]
mod machine {
    use super::{Direction, Fault};

    pub(super) fn copy(to: usize, from: usize, length: usize, direction: Direction) -> Result<(), Fault> {
        if length == 0 {
            return Ok(());
        }
        let side = |address: usize| libc::iovec {
            iov_base: address as *mut _,
            iov_len: length,
        };
        let (to, from) = (side(to), side(from));
        // SAFETY: the kernel judges the caller's side; ours is `length` bytes long.
        let copied = unsafe {
            let process = libc::getpid();
            match direction {
                Direction::Read => libc::process_vm_readv(process, &to, 1, &from, 1, 0),
                Direction::Write => libc::process_vm_writev(process, &from, 1, &to, 1, 0),
            }
        };
        match usize::try_from(copied) {
            Ok(copied) if copied == length => Ok(()),
            Ok(_) => Err(Fault),
            Err(_) if crate::sys::errno::Errno::last().0 == libc::EFAULT => Err(Fault),
            Err(_) => {
                // The host forbids the call (a seccomp policy): trust the pointer, as any C library does.
                // SAFETY: the caller's promise of UserPointer::new, without the kernel's check.
                unsafe {
                    std::ptr::copy_nonoverlapping(
                        from.iov_base.cast::<u8>(),
                        to.iov_base.cast::<u8>(),
                        length,
                    );
                }
                Ok(())
            }
        }
    }

    pub(super) fn install() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer<T>(address: *const T) -> UserPointer<T> {
        // SAFETY: the tests give memory of their own, or none that can be touched.
        unsafe { UserPointer::new(address) }
    }

    #[test]
    fn null_and_wild_pointers_fault_and_good_ones_do_not() {
        install();
        let mut value = 7u32;
        assert_eq!(pointer(&raw const value).read(), Ok(7));
        assert_eq!(pointer(&raw mut value).write(9), Ok(()));
        assert_eq!(value, 9);
        assert_eq!(pointer::<u32>(std::ptr::null()).read(), Err(Fault));
        assert_eq!(pointer(std::ptr::dangling::<u64>()).read(), Err(Fault));
        assert_eq!(pointer(main_text()).write(1), Err(Fault));
    }

    /// An address that can be read but not written.
    fn main_text() -> *const u8 {
        install as *const () as *const u8
    }

    #[test]
    fn every_length_is_copied_whole() {
        install();
        let source: Vec<u8> = (0..64).collect();
        for length in 0..source.len() {
            let mut target = vec![0u8; length];
            assert_eq!(pointer(source.as_ptr()).read_slice(&mut target), Ok(()));
            assert_eq!(target, &source[..length]);
        }
    }
}
