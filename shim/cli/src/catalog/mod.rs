//! `ws2spi catalog`: the entries that there are, and changes of them.

mod check;
mod entries;
mod install;
mod list;
mod order;
mod remove;
mod reset;

pub(crate) use check::broken_chains;
pub(crate) use entries::{is_chain, is_layer, is_library, name};

use crate::arguments::CatalogCommand;
use crate::failure::Result;
use crate::library::Library;
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(command: CatalogCommand, out: &mut dyn Write) -> Result<ExitCode> {
    match command {
        CatalogCommand::List { json } => list::run(&Library::load()?, json, out)?,
        CatalogCommand::Install {
            file,
            name,
            over,
            ifs,
            guid,
            category,
        } => {
            let wish = install::Wish {
                name,
                over,
                ifs,
                guid,
                categories: category.iter().fold(0, |set, category| set | category.bit()),
            };
            install::run(&Library::load()?, &file, &wish, out)?;
        }
        CatalogCommand::Remove {
            layer,
            with_dependents,
        } => remove::run(&Library::load()?, &layer, with_dependents, out)?,
        CatalogCommand::Order { ids } => order::to_front(&Library::load()?, &ids)?,
        CatalogCommand::Reset => reset::run(out)?,
        CatalogCommand::Check => return check::run(&Library::load()?, out),
    }
    Ok(ExitCode::SUCCESS)
}
