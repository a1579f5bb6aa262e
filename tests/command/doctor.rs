//! `ws2spi doctor`.

use crate::place::{Place, set_mode};
use crate::{Ended, bad, command, end, good};
use std::fs;
use std::path::Path;
use ws2spi_tests::{library, run};

const SYMBOLIC: &str = "-Wl,-Bsymbolic";

/// What the doctor says of one thing, and its exit code.
fn finding(ended: &Ended, about: &str) -> String {
    let start = format!(" {about}: ");
    let mut lines = ended.out.lines().skip_while(|line| !line.contains(&start));
    let found = lines.next().unwrap_or_default();
    assert!(
        !found.is_empty(),
        "nothing about {about} in\n{}{}",
        ended.out,
        ended.err
    );
    let advice = lines
        .next()
        .filter(|line| line.starts_with("  "))
        .unwrap_or_default();
    format!("{found}\n{advice}")
}

#[test]
fn what_is_in_order_is_said() {
    let place = Place::new("doctor-order");
    let ended = end(&mut place.doctor(&[]));
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.out);
    let library = library::command().with_file_name("libws2spi.so.0");
    let library = library
        .parent()
        .unwrap()
        .canonicalize()
        .unwrap()
        .join("libws2spi.so.0");
    let found = finding(&ended, "library");
    assert!(
        found.starts_with("ok ") && found.contains(&*library.to_string_lossy()),
        "{found}"
    );
    let found = finding(&ended, "catalog");
    assert!(
        found.contains("none") && found.contains(&*place.catalog().to_string_lossy()),
        "{found}"
    );
    for about in [
        "open files",
        "net.core.somaxconn",
        "net.ipv4.ip_unprivileged_port_start",
        "environment",
        "providers",
    ] {
        finding(&ended, about);
    }
}

/// The JSON says the same as the text.
#[test]
fn json_has_the_same_findings() {
    let place = Place::new("doctor-json");
    let json: serde_json::Value = serde_json::from_str(&good(&mut place.doctor(&["--json"]))).unwrap();
    let text = good(&mut place.doctor(&[]));
    let findings = json.as_array().unwrap();
    assert!(findings.len() >= 7);
    for finding in findings {
        let line = format!(
            "{:<8} {}: {}\n",
            finding["level"].as_str().unwrap(),
            finding["about"].as_str().unwrap(),
            finding["found"].as_str().unwrap()
        );
        assert!(text.contains(&line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_library_that_is_none_is_a_problem() {
    let place = Place::new("doctor-library");
    fs::write(place.file("libws2spi.so.0"), "not a library").unwrap();
    let ended = end(place
        .doctor(&[])
        .env("WS2SPI_LIBRARY", place.file("libws2spi.so.0")));
    assert_eq!(ended.code, Some(1));
    assert!(
        finding(&ended, "library").starts_with("problem "),
        "{}",
        ended.out
    );
    // What does not need the library is looked at all the same.
    finding(&ended, "open files");
}

/// The kernel's limits are those of the process, and few files are a warning.
#[test]
fn limits_are_those_of_the_process() {
    let place = Place::new("doctor-limits");
    let said = |files: u32| {
        let mut shell = std::process::Command::new("sh");
        shell.args([
            "-c",
            &format!("ulimit -n {files} && exec \"$0\" doctor --catalog \"$1\""),
        ]);
        let ended = run::output(shell.arg(library::command()).arg(place.catalog()), crate::LIMIT).unwrap();
        let ended = Ended {
            code: ended.status.code(),
            out: String::from_utf8(ended.stdout).unwrap(),
            err: String::new(),
        };
        finding(&ended, "open files")
    };
    let few = said(100);
    assert!(
        few.starts_with("warning ") && few.contains(" 100 at a time") && few.contains("WSAEMFILE"),
        "{few}"
    );
    let enough = said(2000);
    assert!(
        enough.starts_with("ok ") && enough.contains(" 2000 at a time"),
        "{enough}"
    );
}

#[test]
fn settings_without_effect_are_warned_of() {
    let place = Place::new("doctor-settings");
    let ended = end(place
        .doctor(&[])
        .env("WS2SPI_BACKLOG", "loose")
        .env("WS2SPI_GUARD", "off")
        .env("WS2SPI_LOGFILE", "/tmp/log")
        .env("WS2SPI_LOG_FILE", "log"));
    let levels = [
        "WS2SPI_BACKLOG",
        "WS2SPI_GUARD",
        "WS2SPI_LOGFILE",
        "WS2SPI_LOG_FILE",
    ]
    .map(|name| finding(&ended, name).split(' ').next().unwrap().to_owned());
    assert_eq!(levels, ["warning", "ok", "warning", "warning"]);
    assert_eq!(ended.code, Some(0), "a warning is no problem");
}

/// A damaged catalog is shown with file and line.
#[test]
fn a_damaged_catalog_is_a_problem() {
    let place = Place::new("doctor-damaged");
    fs::create_dir(place.file("etc")).unwrap();
    fs::write(place.catalog(), "format = 1\nnext_id = 1100\noops\n").unwrap();
    let ended = end(&mut place.doctor(&[]));
    assert_eq!((ended.code, &*ended.err), (Some(1), ""));
    let found = finding(&ended, "catalog");
    let line = format!("{}:3: ", place.catalog().display());
    assert!(
        found.starts_with("problem ") && found.contains(&line) && found.contains("reset"),
        "{found}"
    );
}

/// pkg-config and the headers: what is not there, and what is of another version.
#[test]
fn headers_are_found_by_pkg_config() {
    if run::success(
        std::process::Command::new("pkg-config").arg("--version"),
        crate::LIMIT,
    )
    .is_err()
    {
        println!("skipped: there is no pkg-config");
        return;
    }
    let place = Place::new("doctor-headers");
    let look = || {
        let ended = end(place.doctor(&[]).env("PKG_CONFIG_LIBDIR", place.file("")));
        finding(&ended, "headers")
    };
    let write = |version: &str| {
        let text = format!(
            "includedir={}\nName: ws2spi\nDescription: x\nVersion: {version}\n",
            place.file("include").display()
        );
        fs::write(place.file("ws2spi.pc"), text).unwrap();
    };
    assert!(look().contains("pkg-config does not know ws2spi"));
    write(env!("CARGO_PKG_VERSION"));
    assert!(look().contains("include/ws2spi/ws2spi.h, which is not there"));
    fs::create_dir_all(place.file("include/ws2spi")).unwrap();
    fs::write(place.file("include/ws2spi/ws2spi.h"), "").unwrap();
    assert!(look().starts_with("ok "), "{}", look());
    write("99.0.0");
    assert!(
        look().starts_with("warning ") && look().contains("99.0.0"),
        "{}",
        look()
    );
}

/// Installs a provider that is good, puts another in its place, and gives what the doctor says of it.
fn of_provider(place: &Place, options: &[&str]) -> String {
    let good = place.provider("provider", &[SYMBOLIC]);
    if !place.catalog().exists() {
        crate::good(&mut place.run(&["install", &good, "--name", "Sample"]));
    }
    place.provider("provider", options);
    let ended = end(&mut place.doctor(&[]));
    let found = finding(&ended, "provider Sample");
    assert!(ended.code == Some(1) && found.starts_with("problem "), "{found}");
    found
}

/// A layer of tests/lsp, started for each of its chains, two of which are stacked.
fn of_layer(name: &str) -> Ended {
    let place = Place::new(&format!("doctor-{name}"));
    let file = place.layer(name);
    let said = good(&mut place.run(&["install", &file, "--name", name, "--ifs"]));
    let chain = said.lines().nth(1).unwrap().split(' ').next().unwrap();
    if name == "pass" {
        let other = place.layer("count");
        good(&mut place.run(&["install", &other, "--name", "above", "--ifs", "--over", chain]));
    }
    end(&mut place.doctor(&[]))
}

#[test]
fn a_provider_that_works_is_said_to() {
    let ended = of_layer("pass");
    for about in ["provider pass", "provider above"] {
        let found = finding(&ended, about);
        assert!(
            found.starts_with("ok ") && found.contains("loads, starts, and has a full table"),
            "{found}"
        );
    }
    assert_eq!(ended.code, Some(0));
}

/// What a layer does wrong when it is started: the code that a socket of its chain is refused with, and why.
#[test]
fn a_provider_that_does_not_start_is_a_problem() {
    for (name, words) in [
        (
            "bad_fails",
            [
                "WSAEPROVIDERFAILEDINIT (10106)",
                "its WSPStartup answers WSASYSNOTREADY (10091)",
            ],
        ),
        ("bad_short", ["WSAEINVALIDPROCTABLE (10104)", ""]),
        ("bad_version", ["WSAEINVALIDPROVIDER (10105)", ""]),
    ] {
        let ended = of_layer(name);
        let found = finding(&ended, &format!("provider {name}"));
        assert!(found.starts_with("problem "), "{found}");
        for word in words.into_iter().chain([name, ": WSASocketW: "]) {
            assert!(found.contains(word), "{word} is not in\n{found}");
        }
        assert_eq!(ended.code, Some(1));
    }
}

#[test]
fn a_provider_that_crashes_takes_only_its_own_process_along() {
    let place = Place::new("doctor-crash");
    let found = of_provider(&place, &[SYMBOLIC, "-DCRASHES"]);
    assert!(found.contains("crashed (signal 6) when it was loaded"), "{found}");
    let found = of_provider(&place, &[SYMBOLIC, "-DEXITS"]);
    assert!(found.contains("ended the process when it was loaded"), "{found}");
}

#[test]
fn a_provider_that_cannot_be_loaded_is_a_problem() {
    let place = Place::new("doctor-load");
    let found = of_provider(&place, &[SYMBOLIC, "-DUNRESOLVED"]);
    assert!(
        found.contains("cannot be loaded") && found.contains("nobody_has_this"),
        "{found}"
    );
    let found = of_provider(&place, &[SYMBOLIC, "-DWITHOUT_WSPSTARTUP"]);
    assert!(found.contains("does not export WSPStartup"), "{found}");
    fs::remove_file(place.file("provider.so")).unwrap();
    let gone = end(&mut place.doctor(&[]));
    assert!(finding(&gone, "provider Sample").contains("No such file"));
}

#[test]
fn a_provider_that_others_can_change_is_a_problem() {
    let place = Place::new("doctor-trust");
    of_provider(&place, &[SYMBOLIC]);
    set_mode(&place.file("provider.so"), 0o757);
    let ended = end(&mut place.doctor(&[]));
    let found = finding(&ended, "provider Sample");
    assert!(
        found.contains("can be changed by others") && found.contains("chmod go-w"),
        "{found}"
    );
    assert_eq!(ended.code, Some(1));
}

/// The trap of ELF: a program that is linked to the library has the library's WSPShutdown before the provider's own.
#[test]
fn functions_that_the_library_hides_are_a_problem() {
    let place = Place::new("doctor-hidden");
    let found = of_provider(&place, &[]);
    assert!(
        found.contains("its own WSPShutdown would not be called") && found.contains("-Bsymbolic"),
        "{found}"
    );
    let found = of_provider(&place, &["-fvisibility=hidden", "-DWITHOUT_WSPSTARTUP"]);
    assert!(!found.contains("WSPShutdown"), "{found}");
    let found = of_provider(&place, &[SYMBOLIC]);
    assert!(!found.contains("WSPShutdown"), "{found}");
    let found = finding(&of_layer("bad_hidden"), "provider bad_hidden");
    assert!(found.contains("its own WSPSend would not be called"), "{found}");
}

/// Which catalog is in effect: the user's, if there is one.
#[test]
fn the_catalog_in_effect_is_named() {
    let place = Place::new("doctor-effect");
    let home = place.file("home");
    fs::create_dir_all(home.join("ws2spi")).unwrap();
    let user = home.join("ws2spi/catalog.toml");
    fs::write(&user, "format = 1\nnext_id = 1100\norder = []\n").unwrap();
    let ended = end(command(&["doctor"]).env("XDG_CONFIG_HOME", &home));
    let found = finding(&ended, "catalog");
    if !Path::new("/etc/ws2spi/catalog.toml").exists() {
        assert!(
            found.starts_with(&format!("ok       catalog: {}, the user's", user.display())),
            "{found}"
        );
    }
    // One that is named hides others on purpose.
    let ended = end(place.doctor(&[]).env("XDG_CONFIG_HOME", &home));
    let found = finding(&ended, "catalog");
    assert!(
        found.starts_with("ok       catalog: none, so the base provider alone"),
        "{found}"
    );
    assert!(bad(&mut command(&["doctor", "--user", "--system"]), 2).contains("--system"));
}
