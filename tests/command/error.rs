//! `ws2spi error`.

use crate::{bad, command, good};

/// The code that people meet most, by number and by name: what it is, who produces it, what to do.
#[test]
fn a_code_is_explained() {
    let said = good(&mut command(&["error", "10048"]));
    let mut lines = said.lines();
    assert_eq!(lines.next(), Some("WSAEADDRINUSE (10048)"));
    assert_eq!(lines.next(), Some("The address is in use."));
    for part in [
        "\nProduced by:\n",
        "  WSPBind      exact local address",
        "\nWhat to do:\n",
        "ss -ltnp",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    for name in ["WSAEADDRINUSE", "eaddrinuse", "0x80072740"] {
        assert_eq!(good(&mut command(&["error", name])), said);
    }
    assert_eq!(good(&mut command(&["error", "--", "-2147014848"])), said);
}

/// A code that the list of functions has and the library's own functions do not.
#[test]
fn a_code_of_the_pages_is_explained() {
    let said = good(&mut command(&["error", "120"]));
    assert!(said.starts_with("ERROR_CALL_NOT_IMPLEMENTED (120)\n") && said.contains("WSCGetProviderInfo"));
}

#[test]
fn an_unknown_code_leads_on() {
    let said = bad(&mut command(&["error", "98"]), 1);
    assert!(
        said.starts_with("ws2spi: error: 98 is no code") && said.contains("Address already in use"),
        "{said}"
    );
    let said = bad(&mut command(&["error", "WSAEADRINUSE"]), 1);
    assert!(said.contains("did you mean WSAEADDRINUSE?"), "{said}");
    // What begins like a number is no misspelt name.
    for number in ["99999", "99999999999", "0x123456789", "-99999999999", "10048x"] {
        let said = bad(&mut command(&["error", "--", number]), 1);
        assert!(
            said.contains("10004 to 11004") && !said.contains("did you mean"),
            "{said}"
        );
    }
    bad(&mut command(&["error"]), 2);
}
