//! The command `ws2spi`: a client of libws2spi.so, which it loads when it runs. It has no engine of its own: of the
//! crate `ws2spi` it takes types, constants and the names of codes.
//!
//! - `arguments`: what can be asked for
//! - `catalog`, `codes`, `doctor`, `demo`: the commands
//! - `provider`, `trust`: what a provider's file must be, by reading it
//! - `store`: which catalog is meant
//! - `guid`, `failure`: how both are written
//! - `library`: the loaded library; the only place with `unsafe`

pub mod arguments;
mod catalog;
mod codes;
mod demo;
mod doctor;
mod failure;
mod guid;
mod library;
mod provider;
mod store;
mod trust;

use arguments::{Arguments, Command};
use clap::Parser as _;
use failure::Result;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Runs the command with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = io::stdout().lock();
    let done = run(arguments, &mut out).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    match done {
        Ok(status) => status,
        Err(failure) => failure.report(),
    }
}

/// What a command says goes to `out`; why it failed is returned.
fn run(arguments: Arguments, out: &mut dyn io::Write) -> Result<ExitCode> {
    match arguments.command {
        Command::Catalog { store, command } => {
            store::choose(&store)?;
            return catalog::run(command, out);
        }
        Command::Doctor { store, json, probe } => {
            let settings = doctor::settings();
            store::choose(&store)?;
            return doctor::run(settings, json, &probe, out);
        }
        Command::Error { code } => codes::explain(&code, out)?,
        Command::Demo { inner: false } => return demo::run(out),
        Command::Demo { inner: true } => demo::serve(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
