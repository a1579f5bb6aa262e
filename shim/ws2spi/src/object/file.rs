//! Files as handles, for functions that take one (TransmitFile).

use super::table::{Kind, Named};
use crate::sys::socket::Descriptor;

/// What a file handle names.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) descriptor: Descriptor,
}

impl Named for File {
    const KIND: Kind = Kind::File;
}

impl File {
    pub(crate) const fn new(descriptor: Descriptor) -> Self {
        Self { descriptor }
    }
}
