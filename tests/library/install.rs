//! packaging/install.sh, and what a user does after it.

use crate::{LIMIT, cc, program, serves};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use ws2spi_tests::{place, run};

/// The prefix that the library is installed to, once for all tests. Built without optimisation, and in a folder of its
/// own, so that it does not change the files under other tests.
fn prefix() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let scratch = place::scratch("install");
        let prefix = scratch.join("prefix");
        let _ = std::fs::remove_dir_all(&prefix);
        let mut install = Command::new("sh");
        install
            .arg(place::root().join("packaging/install.sh"))
            .arg(format!("--prefix={}", prefix.display()))
            .arg("--profile=dev")
            .env_remove("DESTDIR")
            .env("CARGO_TARGET_DIR", scratch.join("target"));
        run::success(&mut install, Duration::from_secs(600)).unwrap();
        prefix
    })
}

/// What pkg-config says of the installed library; `None` on a host without pkg-config.
fn pkg_config(arguments: &[&str]) -> Option<Vec<String>> {
    run::success(Command::new("pkg-config").arg("--version"), LIMIT).ok()?;
    let mut command = Command::new("pkg-config");
    command
        .args(arguments)
        .arg("ws2spi")
        .env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig"));
    let said = run::success(&mut command, LIMIT).unwrap();
    let words = String::from_utf8_lossy(&said.stdout)
        .split_whitespace()
        .map(String::from)
        .collect();
    Some(words)
}

/// `cc app.c $(pkg-config --cflags --libs ws2spi)` works.
#[test]
fn a_program_is_built_as_pkg_config_says() {
    let Some(options) = pkg_config(&["--cflags", "--libs"]) else {
        println!("skipped: there is no pkg-config");
        return;
    };
    let made = place::scratch("install").join("shared");
    cc().args(options).compile(&program(), &made).unwrap();
    serves(Command::new(&made).env("LD_LIBRARY_PATH", prefix().join("lib")));
    let needs = run::success(Command::new("ldd").arg(&made), LIMIT).unwrap();
    assert!(String::from_utf8_lossy(&needs.stdout).contains("libws2spi.so.0"));
}

/// libws2spi.a links, with the libraries that the pkg-config file names for it.
#[test]
fn a_program_is_linked_statically() {
    let made = place::scratch("install").join("static");
    link_statically(&made);
    serves(&mut Command::new(&made));
    let needs = run::success(Command::new("ldd").arg(&made), LIMIT).unwrap();
    assert!(
        !String::from_utf8_lossy(&needs.stdout).contains("ws2spi"),
        "it needs the shared library"
    );
}

/// Links the program with the installed libws2spi.a.
pub(crate) fn link_statically(made: &Path) {
    let text = place::text(&prefix().join("lib/pkgconfig/ws2spi.pc"));
    let libraries = text
        .lines()
        .find_map(|line| line.strip_prefix("Libs.private:"))
        .unwrap();
    cc().include(&prefix().join("include/ws2spi"))
        .args([prefix().join("lib/libws2spi.a")])
        .args(libraries.split_whitespace())
        .compile(&program(), made)
        .unwrap();
}

/// The README's tour, word for word: an unchanged program's bytes are counted by a layer that is installed for it.
#[test]
fn the_tour_of_the_readme_works() {
    if pkg_config(&["--cflags"]).is_none() {
        println!("skipped: there is no pkg-config");
        return;
    }
    let readme = place::text(&place::root().join("README.md"));
    let (_, section) = readme.split_once("## A layer in five commands").unwrap();
    let tour = section
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    assert_eq!(tour.lines().count(), 5);
    let folder = place::scratch("tour");
    let tests = folder.join("tests");
    if !tests.is_symlink() {
        std::os::unix::fs::symlink(place::root().join("tests").canonicalize().unwrap(), &tests).unwrap();
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let lib = prefix().join("lib");
    let mut shell = Command::new("sh");
    shell
        .args(["-ec", tour])
        .current_dir(&folder)
        .env("PATH", format!("{}:{path}", prefix().join("bin").display()))
        .env("PKG_CONFIG_PATH", lib.join("pkgconfig"))
        .env("LD_LIBRARY_PATH", &lib)
        .env(
            "WS2SPI_CATALOG",
            folder.canonicalize().unwrap().join("catalog.toml"),
        );
    let said = run::success(&mut shell, LIMIT).unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr),
    );
    assert!(out.contains("Hello, Winsock\n"), "{out}{err}");
    assert!(err.contains("hello: 14 bytes out, 14 bytes in\n"), "{out}{err}");
    let catalog = place::text(&folder.join("catalog.toml"));
    assert!(!catalog.contains("count.so"), "{catalog}");
}

/// The chain of links that the linker and the loader follow, and every header.
#[test]
fn the_files_are_in_their_places() {
    let lib = prefix().join("lib");
    let link = |name: &str| std::fs::read_link(lib.join(name)).unwrap();
    assert_eq!(link("libws2spi.so"), Path::new("libws2spi.so.0"));
    assert_eq!(link("libws2spi.so.0"), Path::new("libws2spi.so.0.1.0"));
    assert!(lib.join("libws2spi.so.0.1.0").is_file());
    let headers = |folder: PathBuf| {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        headers(prefix().join("include/ws2spi")),
        headers(place::include())
    );
}

/// The command that was installed finds the library that was installed with it, and nothing to complain about but what
/// is the host's.
#[test]
fn the_command_is_installed_with_its_library() {
    let mut command = Command::new(prefix().join("bin/ws2spi"));
    command
        .arg("doctor")
        .env_remove("WS2SPI_LIBRARY")
        .env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig"))
        .env("WS2SPI_CATALOG", prefix().join("no/catalog.toml"));
    let said = run::success(&mut command, LIMIT).unwrap();
    let said = String::from_utf8_lossy(&said.stdout);
    let library = std::fs::canonicalize(prefix())
        .unwrap()
        .join("bin/../lib/libws2spi.so.0");
    let library = library.display().to_string().replace("/bin/..", "");
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        said.contains(&format!("ok       library: {library} ({version}): ")),
        "{library} is not in\n{said}"
    );
    if pkg_config(&["--cflags"]).is_some() {
        assert!(said.contains("ok       headers: "), "{said}");
    }
}

/// The README's five commands, by which a layer comes to count a program's bytes, print what it says they print.
#[test]
fn the_readmes_layer_counts() {
    if pkg_config(&["--cflags"]).is_none() {
        println!("skipped: there is no pkg-config");
        return;
    }
    let readme = place::text(&place::root().join("README.md"));
    let section = readme.split("## A layer in five commands").nth(1).unwrap();
    let commands = section
        .split("```sh\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert_eq!(commands.lines().count(), 5, "{commands}");
    let folder = place::scratch("install").join("tour");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(
        place::root().join("tests").canonicalize().unwrap(),
        folder.join("tests"),
    )
    .unwrap();
    let path = format!("{}/bin:{}", prefix().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell
        .args(["-ec", commands])
        .current_dir(&folder)
        .env("PATH", path)
        .env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig"))
        .env("LD_LIBRARY_PATH", prefix().join("lib"))
        .env("WS2SPI_CATALOG", folder.join("catalog.toml"));
    let said = run::success(&mut shell, LIMIT).unwrap();
    let out = String::from_utf8_lossy(&said.stdout);
    assert!(out.contains("\nHello, Winsock\n"), "{out}");
    let counted = String::from_utf8_lossy(&said.stderr);
    assert!(
        readme.contains(&format!("`{}`", counted.trim())) && counted.contains("bytes out"),
        "{counted}"
    );
}

/// Completions and man pages are where shells and man look for them.
#[test]
fn completions_and_pages_are_in_their_places() {
    let share = prefix().join("share");
    let packaging = place::root().join("packaging");
    let same = |installed: &str, source: &str| {
        assert_eq!(
            place::text(&share.join(installed)),
            place::text(&packaging.join(source))
        );
    };
    same("bash-completion/completions/ws2spi", "completions/ws2spi");
    same("zsh/site-functions/_ws2spi", "completions/_ws2spi");
    same("fish/vendor_completions.d/ws2spi.fish", "completions/ws2spi.fish");
    for entry in std::fs::read_dir(packaging.join("man")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        same(&format!("man/man1/{name}"), &format!("man/{name}"));
    }
}
