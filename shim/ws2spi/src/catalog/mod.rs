//! The protocols that can be had: for now the base provider's own, built in.

pub(crate) mod base;
