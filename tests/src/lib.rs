//! What the tests share: the C compiler, commands that cannot hang, and the places of the workspace.

pub mod compiler;
pub mod library;
pub mod place;
pub mod run;
