//! What is made of the command's definition: completions and man pages, which packaging/ has for who installs them.

use crate::LIMIT;
use std::process::Command;
use ws2spi_tests::{library, place, run};

/// The committed files are what the definition makes: `cargo run -p ws2spi-cli --example packaging-files`.
#[test]
fn completions_and_pages_are_up_to_date() {
    let mut check = Command::new(env!("CARGO"));
    check
        .current_dir(place::root())
        .args([
            "run",
            "--quiet",
            "--package",
            "ws2spi-cli",
            "--example",
            "packaging-files",
        ])
        .arg("--target-dir")
        .arg(place::root().join("target/command"))
        .args(["--", "--check"]);
    run::success(&mut check, LIMIT * 10).unwrap();
}

/// Bash completes commands, options and the values that are words.
#[test]
fn bash_completes() {
    let script = place::root().join("packaging/completions/ws2spi");
    let complete = |words: &[&str]| {
        let mut bash = Command::new("bash");
        let line = r#"source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            _ws2spi ws2spi "${@: -1}" "${@: -2:1}"; echo "${COMPREPLY[@]}""#;
        bash.args(["-c", line, "bash"]).arg(&script).args(words);
        let output = run::success(&mut bash, LIMIT).unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(complete(&["ws2spi", "cat"]), "catalog");
    assert_eq!(complete(&["ws2spi", "catalog", "re"]), "remove reset");
    assert_eq!(complete(&["ws2spi", "catalog", "install", "--na"]), "--name");
    assert_eq!(
        complete(&["ws2spi", "catalog", "install", "--category", "fire"]),
        "firewall"
    );
    assert!(!complete(&["ws2spi", ""]).contains("inner"));
}

/// Every command has its page, and each page says what its command's help says.
#[test]
fn every_command_has_its_page() {
    for words in [
        "",
        "catalog",
        "catalog-install",
        "catalog-order",
        "doctor",
        "error",
        "demo",
    ] {
        let name = ["ws2spi", words].join("-");
        let page =
            place::text(&place::root().join(format!("packaging/man/{}.1", name.trim_end_matches('-'))));
        let mut help = Command::new(library::command());
        help.args(words.split('-').filter(|word| !word.is_empty()))
            .arg("-h");
        let help = run::success(&mut help, LIMIT).unwrap();
        let about = String::from_utf8(help.stdout).unwrap();
        let about = about.lines().next().unwrap().replace('-', "\\-");
        assert!(page.contains(&about), "{name}: {about}");
    }
}
