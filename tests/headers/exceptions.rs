//! Where a header deliberately differs from the tables. Each exception says in what, and why; the check then
//! demands exactly that difference, so a row that agrees with its table after all fails too. Elsewhere stand
//! the two others: struct timeval (`structs.rs`), and functions that libc has too, whose symbol is another
//! (`prototypes.rs`).

pub(crate) struct Exception {
    /// The rows, by the name they declare.
    pub(crate) names: &'static [&'static str],
    /// What the table says, as part of the C type, …
    pub(crate) table: &'static str,
    /// … what the header says instead …
    pub(crate) header: &'static str,
    /// … and why.
    #[allow(dead_code, reason = "for the reader")]
    pub(crate) reason: &'static str,
}

const TYPES: [Exception; 7] = [
    Exception {
        names: &[
            "LPWSPASYNCSELECT",
            "LPWSPEVENTSELECT",
            "LPFN_WSAASYNCSELECT",
            "LPFN_WSAEVENTSELECT",
            "WSAAsyncSelect",
            "WSAEventSelect",
        ],
        table: "LONG",
        header: "long",
        reason: "NEED-H2: providers define these functions with the keyword",
    },
    Exception {
        names: &[
            "LPNSPV2LOOKUPSERVICENEXTEX",
            "LPNSPV2SETSERVICEEX",
            "LPNSPV2CLIENTSESSIONRUNDOWN",
        ],
        table: "int (*)",
        header: "void (*)",
        reason: "the table's source errs: these callbacks answer through WSAProviderCompleteAsyncCall, not by a value",
    },
    Exception {
        names: &["WSCInstallProviderAndChains64_32"],
        table: "LPWSAPROTOCOL_INFO ",
        header: "LPWSAPROTOCOL_INFOW ",
        reason: "the table's source errs: there is no ANSI form of this call",
    },
    Exception {
        names: &["LPCNSPV2_ROUTINE"],
        table: "struct",
        header: "const struct",
        reason: "the table's source errs: the C is for const",
    },
    Exception {
        names: &["WSAAdvertiseProvider"],
        table: "LPCNSPV2_ROUTINE *",
        header: "LPCNSPV2_ROUTINE ",
        reason: "the table's source errs: Microsoft's metadata has one pointer here",
    },
    Exception {
        names: &["WSAQUERYSET2W.lpszContext"],
        table: "LPTSTR",
        header: "LPWSTR",
        reason: "the table's source errs: this is the wide structure whatever UNICODE says",
    },
    Exception {
        names: &["FARPROC", "NEARPROC", "PROC"],
        table: "(...)",
        header: "(void)",
        reason: "C gives no type to a function of unknown parameters that every compiler takes without a warning",
    },
];

/// The C type `expected` of the row `name`, as the header must have it.
pub(crate) fn applied(name: &str, expected: String) -> String {
    let exception = TYPES.iter().find(|exception| exception.names.contains(&name));
    let Some(exception) = exception else {
        return expected;
    };
    assert!(
        expected.contains(exception.table),
        "{name}: the exception fits no longer: {expected}"
    );
    expected.replace(exception.table, exception.header)
}

/// Constants whose value is another one: what the table says, what the header says, and why.
const VALUES: [(&[&str], i64, i64, &str); 2] = [
    (
        &["AF_MAX", "PF_MAX"],
        33,
        35,
        "the table's source errs: AF_LINK is 33 and AF_HYPERV 34, and this is one more than the last",
    ),
    (
        &["EAI_NODATA"],
        11004,
        11001,
        "the table's source errs: Microsoft's is another name of EAI_NONAME",
    ),
];

/// The value of the constant `name`, of which the table says `expected`, as the header must have it.
pub(crate) fn value(name: &str, expected: i64) -> i64 {
    let exception = VALUES.iter().find(|(names, ..)| names.contains(&name));
    let Some(&(_, table, header, _)) = exception else {
        return expected;
    };
    assert_eq!(expected, table, "{name}: the exception fits no longer");
    header
}
