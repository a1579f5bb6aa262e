//! From a provider's source to a program's traffic in it, with the command alone.

use crate::place::Place;
use crate::{LIMIT, good};
use std::process::Command;
use ws2spi_tests::{compiler, library, place, run};

/// A layer that counts is installed; an unchanged Winsock program then has its bytes counted, until the layer is
/// removed, moved behind the base provider, or the catalog reset.
#[test]
fn an_installed_layer_sees_a_programs_bytes() {
    let place = Place::new("tour");
    let program = place.file("program");
    compiler::C::new("cc")
        .std("c11")
        .args(compiler::STRICT)
        .ws2spi()
        .args(library::link())
        .compile(&place::root().join("tests/demo/winsock.c"), &program)
        .unwrap();
    let counted = || {
        let mut command = Command::new(&program);
        command.env("WS2SPI_CATALOG", place.catalog());
        let ended = run::success(&mut command, LIMIT).unwrap();
        assert_eq!(ended.stdout, b"Hello, Winsock\n");
        String::from_utf8(ended.stderr).unwrap()
    };
    const COUNTED: &str = "program: 14 bytes out, 14 bytes in\n";
    assert_eq!(counted(), "");
    let layer = place.layer("count");
    let install = ["install", &layer, "--name", "Count", "--ifs"];
    good(&mut place.run(&install));
    assert_eq!(counted(), COUNTED);
    good(&mut place.run(&["order", "1001"]));
    assert_eq!(counted(), "", "the base provider's entry comes first");
    good(&mut place.run(&["remove", "Count"]));
    assert_eq!(counted(), "");
    good(&mut place.run(&install));
    good(&mut place.run(&["order", "1002"]));
    assert_eq!(counted(), COUNTED);
    good(&mut place.run(&["reset"]));
    assert_eq!(counted(), "");
}
