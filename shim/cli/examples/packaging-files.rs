//! Writes packaging/completions and packaging/man from the command's definition. `--check` only says whether they are
//! up to date.
//!
//! An example, since these need crates that the command itself does not.

use clap::CommandFactory as _;
use clap_complete::Shell;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A file's path below packaging, and what is in it.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging");
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => return Err(format!("{other} is unknown; only --check is").into()),
    };
    let (new, old) = (generated()?, committed(&packaging)?);
    let stale: Vec<&PathBuf> = new
        .keys()
        .chain(old.keys())
        .filter(|name| new.get(*name) != old.get(*name))
        .collect();
    if check {
        for name in &stale {
            eprintln!(
                "packaging/{} is not what the command's definition makes",
                name.display()
            );
        }
        if !stale.is_empty() {
            eprintln!("run: cargo run -p ws2spi-cli --example packaging-files");
        }
        return Ok(ExitCode::from(u8::from(!stale.is_empty())));
    }
    for name in old.keys() {
        fs::remove_file(packaging.join(name))?;
    }
    for (name, bytes) in &new {
        let path = packaging.join(name);
        fs::create_dir_all(path.parent().ok_or("a file has a folder")?)?;
        fs::write(path, bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn generated() -> Result<Files, Box<dyn Error>> {
    let mut command = ws2spi_cli::arguments::Arguments::command();
    command.build();
    let mut files = Files::new();
    for (shell, name) in [
        (Shell::Bash, "ws2spi"),
        (Shell::Zsh, "_ws2spi"),
        (Shell::Fish, "ws2spi.fish"),
    ] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command.clone(), "ws2spi", &mut script);
        files.insert(Path::new("completions").join(name), script);
    }
    add_pages(&command, &mut files)?;
    Ok(files)
}

/// A page for a command, and one for each of its own commands: `ws2spi-catalog-install.1`.
fn add_pages(command: &clap::Command, files: &mut Files) -> Result<(), Box<dyn Error>> {
    let name = command
        .get_display_name()
        .unwrap_or(command.get_name())
        .to_owned();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .source(format!("ws2spi {}", env!("CARGO_PKG_VERSION")))
        .manual("Winsock service providers")
        .render(&mut page)?;
    files.insert(Path::new("man").join(format!("{name}.1")), page);
    command
        .get_subcommands()
        .try_for_each(|below| add_pages(below, files))
}

fn committed(packaging: &Path) -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    for folder in ["completions", "man"] {
        let Ok(entries) = fs::read_dir(packaging.join(folder)) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            files.insert(Path::new(folder).join(entry.file_name()), fs::read(entry.path())?);
        }
    }
    Ok(files)
}
