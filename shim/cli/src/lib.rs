//! The command `ws2spi`: a client of libws2spi.so, which it loads when it runs. It has no engine of its own: of the
//! crate `ws2spi` it takes types, constants, the names of codes, and a few pure rules.
//!
//! - `arguments`: what can be asked for
//! - `catalog`, `codes`, `doctor`, `demo`: the commands
//! - `provider`: what a provider's file must be, by reading it
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

use arguments::{Arguments, Command, Inner};
use clap::Parser as _;
use failure::Result;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Runs the command with the process's arguments.
pub fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let done = match Inner::asked() {
        Some(inner) => run_inner(inner, &mut out),
        None => run(Arguments::parse(), &mut out),
    };
    let done = done.and_then(|status| {
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
            catalog::run(command, out)
        }
        Command::Doctor { json, store } => {
            let settings = doctor::settings();
            store::choose(&store)?;
            doctor::run(&settings, json, out)
        }
        Command::Error { code } => codes::explain(&code, out).map(|()| ExitCode::SUCCESS),
        Command::Demo => demo::run(out).map(|()| ExitCode::SUCCESS),
    }
}

fn run_inner(inner: Inner, out: &mut dyn io::Write) -> Result<ExitCode> {
    match inner {
        Inner::Demo => demo::serve(out).map(|()| ExitCode::SUCCESS),
        Inner::Catalog => doctor::probe::read_catalog(out),
        Inner::Provider { file, chains } => doctor::probe::start_provider(&file, &chains, out),
    }
}
