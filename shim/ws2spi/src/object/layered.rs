//! A handle of a layered provider that has none from the kernel (WPUCreateSocketHandle).

use super::port::Association;
use super::table::{Kind, Named};
use once_cell::race::OnceBox;

/// See the module.
#[derive(Debug)]
pub(crate) struct Layered {
    /// Whose it is.
    #[expect(
        dead_code,
        reason = "calls are led to their provider by it, once there are such"
    )]
    pub(crate) catalog_entry: u32,
    /// What the provider wants to find again.
    pub(crate) context: usize,
    /// The completion port that requests on it report to.
    pub(crate) association: OnceBox<Association>,
}

impl Named for Layered {
    const KIND: Kind = Kind::Layered;
}

impl Layered {
    pub(crate) const fn new(catalog_entry: u32, context: usize) -> Self {
        Self {
            catalog_entry,
            context,
            association: OnceBox::new(),
        }
    }
}
