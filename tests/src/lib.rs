//! What the tests share: the C compiler, commands that cannot hang, and the places of the workspace; and the contract
//! that they prove, with what each of them says it proves.

pub mod citations;
pub mod compiler;
pub mod library;
pub mod lsp;
pub mod place;
pub mod rules;
pub mod run;
pub mod sanitizer;
