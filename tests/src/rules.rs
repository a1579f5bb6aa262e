//! The contract that the tests prove: the numbered rules and the documented codes of `tests/spec`, what
//! `DIFFERENCES.md` says is not as on Windows, and what is not built yet.

use crate::place;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The functions of the interface: the entry, then the table in its order (C.10).
pub const FUNCTIONS: [&str; 31] = [
    "WSPStartup",
    "WSPAccept",
    "WSPAddressToString",
    "WSPAsyncSelect",
    "WSPBind",
    "WSPCancelBlockingCall",
    "WSPCleanup",
    "WSPCloseSocket",
    "WSPConnect",
    "WSPDuplicateSocket",
    "WSPEnumNetworkEvents",
    "WSPEventSelect",
    "WSPGetOverlappedResult",
    "WSPGetPeerName",
    "WSPGetSockName",
    "WSPGetSockOpt",
    "WSPGetQOSByName",
    "WSPIoctl",
    "WSPJoinLeaf",
    "WSPListen",
    "WSPRecv",
    "WSPRecvDisconnect",
    "WSPRecvFrom",
    "WSPSelect",
    "WSPSend",
    "WSPSendDisconnect",
    "WSPSendTo",
    "WSPSetSockOpt",
    "WSPShutdown",
    "WSPSocket",
    "WSPStringToAddress",
];

/// The upcalls: the host's table in its order (U.2), then the one that is not in it (U.3).
pub const UPCALLS: [&str; 16] = [
    "WPUCloseEvent",
    "WPUCloseSocketHandle",
    "WPUCreateEvent",
    "WPUCreateSocketHandle",
    "WPUFDIsSet",
    "WPUGetProviderPath",
    "WPUModifyIFSHandle",
    "WPUPostMessage",
    "WPUQueryBlockingCallback",
    "WPUQuerySocketHandleContext",
    "WPUQueueApc",
    "WPUResetEvent",
    "WPUSetEvent",
    "WPUOpenCurrentThread",
    "WPUCloseThread",
    "WPUCompleteOverlappedRequest",
];

/// A numbered rule: `WSPListen.3`, `OBS.13`, `NEED-H7`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rule {
    /// `WSPListen.` with its dot, or `NEED-H`.
    pub prefix: String,
    /// Counts from 1.
    pub number: u32,
}

impl Rule {
    /// How it is cited.
    pub fn id(&self) -> String {
        format!("{}{}", self.prefix, self.number)
    }
}

/// A documented pair: the function may fail with the code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Failure {
    /// `WSPListen`, or `WSPAsyncSelect:FD_READ` for the code of an event.
    pub function: String,
    /// `WSAEINVAL`.
    pub code: String,
}

impl Failure {
    /// How it is cited: `WSPListen:WSAEINVAL`.
    pub fn id(&self) -> String {
        format!("{}:{}", self.function, self.code)
    }
}

/// Rules that belong together: those of a function, or of a subject that many functions share.
#[derive(Clone, Debug)]
pub struct Section {
    /// `WSPListen`, `Overlapped I/O`.
    pub title: String,
    /// The file under `tests/spec` that holds it.
    pub file: &'static str,
    /// In their order, with the text of each.
    pub rules: Vec<(Rule, String)>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Contract {
    /// In the order of the files.
    pub sections: Vec<Section>,
    /// In the order of the file.
    pub failures: Vec<Failure>,
    /// What is cited in the head of an entry of DIFFERENCES.md: ids of rules and of failures.
    pub differences: BTreeSet<String>,
    /// The functions that answer WSAEOPNOTSUPP whatever they are asked.
    pub not_built: BTreeSet<String>,
}

impl Contract {
    /// Reads it from the workspace.
    ///
    /// # Panics
    /// If a file of the contract is not there.
    pub fn read() -> Self {
        let sections = [rules("wsp.md"), rules("wpu-wsc.md"), observations(), needs()].concat();
        let failures = failures();
        let known: BTreeMap<&str, ()> = failures
            .iter()
            .map(|failure| (failure.code.as_str(), ()))
            .collect();
        let differences = fs::read_to_string(place::root().join("DIFFERENCES.md")).unwrap_or_default();
        let differences = differences
            .lines()
            .filter_map(head)
            .flat_map(|head| ids(head, &known))
            .collect();
        Self {
            sections,
            failures,
            differences,
            not_built: not_built(),
        }
    }

    /// Whether there is such a rule.
    pub fn has(&self, id: &str) -> bool {
        self.sections
            .iter()
            .flat_map(|section| &section.rules)
            .any(|(rule, _)| rule.id() == id)
    }

    /// Whether the rule waits for a later issue.
    pub fn waits(&self, rule: &Rule) -> bool {
        let subject = rule.prefix.trim_end_matches('.');
        match subject {
            // Conventions of advertising.
            "A" => true,
            function => self.not_built.contains(function),
        }
    }

    /// Whether the pair waits for a later issue.
    pub fn failure_waits(&self, failure: &Failure) -> bool {
        let function = failure.function.split(':').next().unwrap_or_default();
        self.not_built.contains(function)
    }
}

/// A remark on the pages that asks for nothing.
pub fn is_note(text: &str) -> bool {
    text.starts_with("Doc note")
}

fn read(path: &str) -> String {
    place::text(&place::root().join(path))
}

/// The number and text of a line of an ordered list.
fn item(line: &str) -> Option<(u32, &str)> {
    let (number, text) = line.split_once(". ")?;
    Some((number.parse().ok()?, text))
}

/// A heading per function, or for several that are one, `## Conventions (C)` with the prefix in parentheses for what they
/// share.
fn rules(file: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut prefix = String::new();
    for line in read(&format!("tests/spec/{file}")).lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let shared = heading
                .split_once(" (")
                .and_then(|(title, rest)| Some((title, rest.split_once(')')?.0)));
            let (title, names) = shared.unwrap_or((heading, heading));
            prefix = format!("{}.", names.split(',').next().unwrap_or_default());
            sections.push(Section {
                title: String::from(title),
                file,
                rules: Vec::new(),
            });
        } else if let (Some((number, text)), Some(section)) = (item(line), sections.last_mut()) {
            let prefix = prefix.clone();
            section.rules.push((Rule { prefix, number }, String::from(text)));
        }
    }
    sections
}

/// observed.md: numbered through the file.
fn observations() -> Vec<Section> {
    let text = read("tests/spec/observed.md");
    let rules = text.lines().filter_map(item).map(|(number, text)| {
        let prefix = String::from("OBS.");
        (Rule { prefix, number }, String::from(text))
    });
    vec![Section {
        title: String::from("Observed on Windows"),
        file: "observed.md",
        rules: rules.collect(),
    }]
}

/// needs.md: `**H1 What.** …` under a heading each.
fn needs() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in read("tests/spec/needs.md").lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            sections.push(Section {
                title: format!("Needs: {heading}"),
                file: "needs.md",
                rules: Vec::new(),
            });
        } else if let (Some(bold), Some(section)) = (line.strip_prefix("**"), sections.last_mut()) {
            let id = bold.split([' ', '*']).next().unwrap_or_default();
            let letters = id.trim_end_matches(|c: char| c.is_ascii_digit());
            if let Ok(number) = id[letters.len()..].parse() {
                let prefix = format!("NEED-{letters}");
                section.rules.push((Rule { prefix, number }, String::from(bold)));
            }
        }
    }
    sections.retain(|section| !section.rules.is_empty());
    sections
}

fn failures() -> Vec<Failure> {
    let text = read("tests/spec/errors.csv");
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let rows = table.records().map(|row| row.expect("a row of errors.csv"));
    // The name spaces come last.
    rows.filter(|row| !row[0].starts_with("NSP"))
        .map(|row| Failure {
            function: String::from(&row[0]),
            code: String::from(&row[1]),
        })
        .collect()
}

/// The functions of the pages that are not exported, or exported only to fail.
fn not_built() -> BTreeSet<String> {
    let exported = read("shim/ws2spi/exports.txt");
    let later = read("shim/ws2spi/src/spi/later.rs");
    let fails = |function: &str| later.contains(&format!(" fn {function}("));
    let exported: BTreeSet<&str> = exported.lines().filter(|function| !fails(function)).collect();
    let mut found = BTreeSet::new();
    let text = read("tests/spec/wpu-wsc.md");
    let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
    found.extend(
        headings
            .filter(|heading| !heading.contains('('))
            .flat_map(|heading| heading.split(", "))
            .filter(|function| !exported.contains(function))
            .map(String::from),
    );
    found
}

fn is_function(word: &str) -> bool {
    let is_of_catalog = word.starts_with("WSC") && !word.contains('.');
    FUNCTIONS.contains(&word) || UPCALLS.contains(&word) || is_of_catalog
}

/// The bold beginning of a list entry, which says what it is about.
fn head(line: &str) -> Option<&str> {
    let bold = line.trim_start().strip_prefix("- **")?;
    Some(bold.split_once("**")?.0)
}

/// What a head names: rules one by one or from one to another (`WSPSend.1 to WSPSend.3`), and functions with the codes
/// that follow (`WSPSend WSAENETRESET, WSAENOBUFS`, `WSPSend:WSAENOBUFS`).
fn ids(head: &str, codes: &BTreeMap<&str, ()>) -> Vec<String> {
    let words = head.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')));
    let mut found: Vec<String> = Vec::new();
    let mut functions: Vec<&str> = Vec::new();
    // Network events, each of which has codes of its own.
    let mut events: Vec<&str> = Vec::new();
    let mut codes_began = false;
    let mut to = false;
    for word in words
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
    {
        if word == "to" {
            to = true;
            continue;
        }
        if codes.contains_key(word) {
            codes_began = true;
            for function in &functions {
                if events.is_empty() {
                    found.push(format!("{function}:{word}"));
                }
                found.extend(events.iter().map(|event| format!("{function}:{event}:{word}")));
            }
        } else if word.starts_with("FD_") {
            if codes_began {
                events.clear();
                codes_began = false;
            }
            events.push(word);
        } else if is_function(word) {
            // "WSPSend, WSPRecv WSAENETDOWN" is about both; a function after a code begins anew.
            if codes_began {
                functions.clear();
                events.clear();
                codes_began = false;
            }
            functions.push(word);
        } else if let (true, Some(first)) = (to, found.last().cloned()) {
            found.extend(range(&first, word));
        } else {
            found.push(String::from(word));
            if let Some((function, _)) = word.split_once('.')
                && is_function(function)
            {
                functions.push(function);
            }
        }
        to = false;
    }
    found
}

/// The rules after `first`, up to `last`, which may leave out the prefix.
fn range(first: &str, last: &str) -> Vec<String> {
    let split = |id: &str| {
        let prefix = String::from(id.trim_end_matches(|c: char| c.is_ascii_digit()));
        let number: Option<u32> = id[prefix.len()..].parse().ok();
        number.map(|number| (prefix, number))
    };
    match (split(first), split(last)) {
        (Some((prefix, first)), Some((_, last))) => (first + 1..=last)
            .map(|number| format!("{prefix}{number}"))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_is_read_whole() {
        let contract = Contract::read();
        for function in FUNCTIONS.iter().chain(&UPCALLS) {
            assert!(contract.has(&format!("{function}.1")), "{function}");
        }
        for id in [
            "C.12",
            "OV.24",
            "EV.22",
            "LP.5",
            "OBS.1",
            "OBS.44",
            "NEED-H19",
            "WSPListen.7",
            "U.6",
            "WSCInstallProvider.1",
        ] {
            assert!(contract.has(id), "{id}");
        }
        for id in ["WSPListen.8", "WSPListen.0", "OBS.45", "NEED-H20"] {
            assert!(!contract.has(id), "{id}");
        }
        assert!(
            contract
                .failures
                .iter()
                .any(|pair| pair.id() == "WSPListen:WSAEISCONN")
        );
        assert!(contract.not_built.contains("WSAAdvertiseProvider"));
        assert!(!contract.not_built.contains("WSCInstallNameSpace32"));
        assert!(!contract.not_built.contains("WPUSetEvent"));
        assert!(!contract.not_built.contains("WSPListen"));
    }

    #[test]
    fn the_head_of_a_difference_names_rules_and_failures() {
        let codes = BTreeMap::from([("WSAENOBUFS", ()), ("WSAENETRESET", ())]);
        let named = |line| head(line).map(|head| ids(head, &codes)).unwrap_or_default();
        assert_eq!(named("- **WSPSend.3**: why"), ["WSPSend.3"]);
        assert_eq!(
            named("- **WSPSend.3 to .5, OBS.2**: why"),
            ["WSPSend.3", "WSPSend.4", "WSPSend.5", "OBS.2"]
        );
        assert_eq!(named("- **WSPSend:WSAENOBUFS**: why"), ["WSPSend:WSAENOBUFS"]);
        assert_eq!(
            named("- **WSPSend, WSPRecv (WSAENETRESET, WSAENOBUFS)** — why"),
            [
                "WSPSend:WSAENETRESET",
                "WSPRecv:WSAENETRESET",
                "WSPSend:WSAENOBUFS",
                "WSPRecv:WSAENOBUFS"
            ]
        );
        assert_eq!(
            named("- **WSPSend.3 (WSAENOBUFS)** — why"),
            ["WSPSend.3", "WSPSend:WSAENOBUFS"]
        );
        assert!(named("- WSPSend.3 is mentioned **here**").is_empty());
    }
}
