//! `ws2spi demo`.

use crate::{command, good};

/// Server, client and trace in one stream, in order: each call is answered before the next, and the verdict is last.
#[test]
fn the_demo_shows_its_calls_and_works() {
    let said = good(&mut command(&["demo"]));
    let functions = [
        "WSPStartup",
        "WSPSocket",
        "WSPBind",
        "WSPListen",
        "WSPGetSockName",
        "WSPAccept",
        "WSPRecv",
        "WSPSend",
        "WSPCloseSocket",
        "WSPCleanup",
    ];
    let mut rest = &*said;
    for function in functions {
        for sign in [format!(" Call {function}("), format!(" Ret  {function}() = ")] {
            let found = rest.split_once(&sign);
            assert!(found.is_some(), "{sign} is not where it should be in\n{said}");
            rest = found.unwrap().1;
        }
    }
    assert!(rest.contains("sent and got back: hello over"), "{said}");
    assert!(said.lines().last().unwrap().starts_with("It works: "), "{said}");
}

/// The user's own log settings do not carry the trace away.
#[test]
fn the_trace_stays_with_the_demo() {
    let said = good(
        command(&["demo"])
            .env("WS2SPI_LOG", "error")
            .env("WS2SPI_LOG_FILE", "/nonexistent/log"),
    );
    assert!(said.contains(" Call WSPListen("));
}
