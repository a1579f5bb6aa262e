//! A handle of a layered provider that has none from the kernel (WPUCreateSocketHandle).

use super::port::Association;
use super::table::{Kind, Named};
use crate::sys::socket::Descriptor;
use once_cell::race::OnceBox;

/// See the module.
#[derive(Debug)]
pub(crate) struct Layered {
    /// What the provider wants to find again.
    pub(crate) context: usize,
    /// The kernel's end of it: there is a descriptor under every handle. Nothing ever happens to this one.
    #[expect(dead_code, reason = "held for as long as the handle")]
    descriptor: Descriptor,
    /// The completion port that requests on it report to.
    pub(crate) association: OnceBox<Association>,
}

impl Named for Layered {
    const KIND: Kind = Kind::Layered;
}

impl Layered {
    pub(crate) const fn new(context: usize, descriptor: Descriptor) -> Self {
        Self {
            context,
            descriptor,
            association: OnceBox::new(),
        }
    }
}
