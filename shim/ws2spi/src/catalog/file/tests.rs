//! What is written is read back, and what is damaged is refused with the line that is to blame.

use super::super::FIRST_ID;
use super::*;
use proptest::prelude::*;

/// As many units as there may be, none of them the end; often half of a pair.
fn name() -> impl Strategy<Value = [u16; 256]> {
    let unit = prop_oneof![1u16..=u16::MAX, 0x20u16..0x7f, 0xd800u16..0xe000];
    prop::collection::vec(unit, 0..=255).prop_map(|units| {
        let mut name = [0; 256];
        name[..units.len()].copy_from_slice(&units);
        name
    })
}

prop_compose! {
    fn entry()(
        flags in any::<[u32; 5]>(),
        length in 0i32..=7,
        chain in any::<[u32; 7]>(),
        used in 0usize..=7,
        numbers in any::<[i32; 9]>(),
        few in any::<[u8; 2]>(),
        message in any::<[u32; 2]>(),
        name in name(),
    ) -> WSAPROTOCOL_INFOW {
        let mut chain = chain;
        chain[used..].fill(0);
        WSAPROTOCOL_INFOW {
            dwServiceFlags1: flags[0],
            dwServiceFlags2: flags[1],
            dwServiceFlags3: flags[2] & 1,
            dwServiceFlags4: flags[3],
            dwProviderFlags: flags[4],
            ProviderId: GUID::default(),
            dwCatalogEntryId: 0,
            ProtocolChain: WSAPROTOCOLCHAIN { ChainLen: length, ChainEntries: chain },
            iVersion: numbers[0],
            iAddressFamily: if few[0] < 128 { i32::from(few[0]) } else { numbers[1] },
            iMaxSockAddr: numbers[2],
            iMinSockAddr: numbers[3],
            iSocketType: if few[1] < 128 { i32::from(few[1] % 8) } else { numbers[4] },
            iProtocol: numbers[5],
            iProtocolMaxOffset: numbers[6],
            iNetworkByteOrder: numbers[7],
            iSecurityScheme: numbers[8],
            dwMessageSize: message[0],
            dwProviderReserved: message[1],
            szProtocol: name,
        }
    }
}

fn guid() -> impl Strategy<Value = GUID> {
    any::<(u32, u16, u16, [u8; 8])>().prop_map(|(first, second, third, rest)| GUID {
        Data1: first,
        Data2: second,
        Data3: third,
        Data4: rest,
    })
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        "/[a-z/]{1,20}\\.so",
        "\\PC{1,40}",
        prop::collection::vec(any::<char>(), 1..40).prop_map(String::from_iter)
    ]
}

prop_compose! {
    fn name_space()(
        id in guid(),
        name in name(),
        path in path(),
        name_space in any::<u32>(),
        version in any::<u32>(),
        enabled in any::<bool>(),
        blob in prop::collection::vec(any::<u8>(), 0..40),
    ) -> NameSpace {
        let name = name.into_iter().take_while(|&unit| unit != 0).collect();
        NameSpace { id, name, path, name_space, version, enabled, blob }
    }
}

type Parts = (
    Vec<(GUID, String, Option<u32>, Vec<WSAPROTOCOL_INFOW>)>,
    Vec<(String, String, u32)>,
    Vec<NameSpace>,
);

fn parts() -> impl Strategy<Value = Parts> {
    (
        prop::collection::vec(
            (
                guid(),
                path(),
                any::<Option<u32>>(),
                prop::collection::vec(entry(), 1..4),
            ),
            0..4,
        ),
        prop::collection::vec((path(), "\\PC{0,20}", any::<u32>()), 0..3),
        prop::collection::vec(name_space(), 0..3),
    )
}

/// A catalog of these, in any order. What there is already is not there twice.
fn built((providers, applications, name_spaces): Parts) -> Catalog {
    let mut catalog = Catalog::built_in();
    for (id, path, categories, entries) in providers {
        let _ = catalog.install(Provider { id, path, categories }, entries);
    }
    for (path, extra, categories) in applications {
        let _ = catalog.permit(&path, &extra, categories);
    }
    for name_space in name_spaces {
        let _ = catalog.install_name_space(name_space);
    }
    catalog
}

fn catalog() -> impl Strategy<Value = Catalog> {
    parts()
        .prop_map(built)
        .prop_flat_map(|catalog| (Just(catalog.protocols.clone()).prop_shuffle(), Just(catalog)))
        .prop_map(|(protocols, catalog)| Catalog { protocols, ..catalog })
}

fn text_of(catalog: &Catalog) -> String {
    write(catalog).expect("every catalog can be written")
}

/// What can be done to a file, by an editor that went mad or a disk.
#[derive(Clone, Debug)]
enum Damage {
    Overwrite(usize, u8),
    Insert(usize, Vec<u8>),
    CutOff(usize),
    RemoveLine(usize),
    RepeatLine(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<(usize, u8)>().prop_map(|(at, byte)| Damage::Overwrite(at, byte)),
        (any::<usize>(), prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        any::<usize>().prop_map(Damage::CutOff),
        any::<usize>().prop_map(Damage::RemoveLine),
        any::<usize>().prop_map(Damage::RepeatLine),
    ]
}

fn damaged(text: &str, damage: Damage) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let lines: Vec<&[u8]> = text.as_bytes().split_inclusive(|&byte| byte == b'\n').collect();
    match damage {
        Damage::Overwrite(at, byte) => {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        Damage::Insert(at, new) => {
            let at = at % bytes.len();
            bytes.splice(at..at, new);
        }
        Damage::CutOff(at) => bytes.truncate(at % bytes.len()),
        Damage::RemoveLine(at) => {
            let at = at % lines.len();
            bytes = [&lines[..at], &lines[at + 1..]].concat().concat();
        }
        Damage::RepeatLine(at) => {
            let at = at % lines.len();
            bytes = [&lines[..=at], &lines[at..]].concat().concat();
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(catalog in catalog()) {
        let text = text_of(&catalog);
        prop_assert_eq!(read(text.as_bytes()), Ok(catalog), "{}", text);
    }

    /// What a damaged file can still be read as is a catalog like any other.
    #[test]
    fn damage_is_noticed_or_harmless(catalog in catalog(), damage in damage()) {
        let bytes = damaged(&text_of(&catalog), damage);
        match read(&bytes) {
            Ok(found) => prop_assert_eq!(read(text_of(&found).as_bytes()), Ok(found)),
            Err(wrong) => {
                let lines = bytes.split(|&byte| byte == b'\n').count();
                prop_assert!(wrong.line.is_none_or(|line| (1..=lines).contains(&line)), "{wrong:?} of {lines}");
                prop_assert!(!wrong.what.is_empty() && !wrong.what.contains('\n'), "{wrong:?}");
            }
        }
    }

    #[test]
    fn rubbish_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn text_in_the_form_of_toml_is_refused(text in "([a-z\\[\\]{}\"'=#., 0-9]|\n|format|order|provider){0,80}") {
        prop_assert!(read(text.as_bytes()).is_err());
    }

    #[test]
    fn a_guid_is_read_as_it_is_written(id in guid()) {
        prop_assert_eq!(parse_guid(&id.to_string()), Some(id));
        prop_assert_eq!(parse_guid(&id.to_string().to_lowercase()), Some(id));
    }
}

/// A catalog of two providers, the first with a layer and a chain.
fn example() -> String {
    let mut catalog = Catalog::built_in();
    let mut info = catalog.protocols[0];
    info.ProtocolChain.ChainLen = 0;
    let mut chain = info;
    chain.ProtocolChain = WSAPROTOCOLCHAIN {
        ChainLen: 2,
        ChainEntries: [1100, 1001, 0, 0, 0, 0, 0],
    };
    for (number, entries) in [(1, vec![info, chain]), (2, vec![chain])] {
        let provider = Provider {
            id: GUID {
                Data1: number,
                ..GUID::default()
            },
            path: format!("/lib/{number}.so"),
            categories: Some(LSP_PROXY),
        };
        catalog.install(provider, entries).expect("room for it");
    }
    catalog.permit("/bin/x", "", 3).expect("room for it");
    let name_space = NameSpace {
        id: GUID::default(),
        name: vec![97],
        path: String::from("/lib/ns.so"),
        name_space: 12,
        version: 1,
        enabled: true,
        blob: vec![1, 2],
    };
    catalog.install_name_space(name_space).expect("room for it");
    text_of(&catalog)
}

const LSP_PROXY: u32 = 4;

impl Wrong {
    /// The line that is to blame, if one is.
    fn blamed<'t>(&self, text: &'t str) -> &'t str {
        self.line
            .and_then(|line| text.lines().nth(line - 1))
            .unwrap_or_default()
    }
}

/// `from` becomes `to`, and the line that has `at` (the first after `from` becomes `to`) is to blame.
#[track_caller]
fn blamed(from: &str, to: &str, at: &str, what: &str) {
    let good = example();
    assert!(read(good.as_bytes()).is_ok());
    assert!(good.contains(from), "{from} in\n{good}");
    let bad = good.replacen(from, to, 1);
    let wrong = read(bad.as_bytes()).expect_err(&bad);
    let line = wrong.blamed(&bad);
    assert!(
        line.contains(at) && wrong.what.contains(what),
        "{wrong:?}: {line}"
    );
}

#[test]
fn the_line_to_blame_is_named() {
    blamed("format = 1", "format = 2", "format = 2", "format 2");
    blamed("format = 1", "format = \"1\"", "format", "u32");
    blamed("format = 1\n", "", "", "format");
    blamed("next_id = 1103", "next_id = 1102", "id = 1102", "next_id");
    blamed("next_id = 1103", "next_id = -1", "next_id", "-1");
    blamed("next_id = 1103\n", "", "", "next_id");
    blamed("id = 1102", "id = 1101", "id = 1101", "a second entry");
    blamed("id = 1102", "id = 1001", "id = 1001", "not from 1100");
    blamed("1007, 1100, ", "1007, 4711, 1100, ", "order", "4711");
    blamed("1007, 1100, ", "1007, 1100, 1100, ", "order", "1100");
    blamed("1007, 1100, ", "1007, ", "order", "lacks entry 1100");
    blamed("{00000002", "{00000001", "{00000001", "a second provider");
    blamed(
        "{00000002-0000-0000-0000-000000000000}",
        "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}",
        "E70F1",
        "second",
    );
    blamed("{00000002-", "{0000002-", "{0000002-", "GUID");
    blamed("path = \"/lib/2.so\"", "path = \"\"", "path", "without a path");
    blamed("path = \"/lib/2.so\"", "path = 2", "path", "string");
    blamed("path = \"/lib/2.so\"", "path = \"/lib/2.so", "path", "");
    blamed(
        "path = \"/lib/2.so\"",
        "paht = \"/lib/2.so\"",
        "paht",
        "unknown field",
    );
    blamed(
        "chain = [1100, 1001]",
        "chain = [1, 2, 3, 4, 5, 6, 7, 8]",
        "chain",
        "longer than 7",
    );
    blamed(
        "chain_length = 2",
        "chain_length = 8",
        "chain_length",
        "longer than 7",
    );
    blamed(
        "chain_length = 2",
        "chain_length = -1",
        "chain_length",
        "longer than 7",
    );
    blamed(
        "family = \"AF_INET\"",
        "family = \"AF_INTE\"",
        "AF_INTE",
        "AF_INET",
    );
    blamed("family = \"AF_INET\"", "family = 5000000000", "family", "32 bits");
    blamed(
        "service_flags = \"0x20066\"",
        "service_flags = \"20066\"",
        "service_flags",
        "0x20066",
    );
    blamed(
        "service_flags = \"0x20066\"",
        "service_flags = 5000000000",
        "service_flags",
        "32 bits",
    );
    blamed("name = \"MSAFD", "name = \"\\u0000MSAFD", "name", "with a 0");
    blamed(
        "name = \"MSAFD Tcpip [TCP/IP]\"",
        "name = [65, 65536]",
        "name",
        "65536",
    );
    blamed("name = \"a\"", "name = [0]", "name", "with a 0");
    blamed(
        "blob = \"0102\"",
        "blob = \"012\"",
        "blob",
        "two hexadecimal digits",
    );
    blamed(
        "blob = \"0102\"",
        "blob = \"01+2\"",
        "blob",
        "two hexadecimal digits",
    );
    let application = "[[application]]\npath = \"/bin/x\"\ncategories = \"0x3\"\n";
    blamed(application, &application.repeat(2), "path", "a second time");
    blamed(
        "message_size = 0",
        "message_size = 0\nmessage_size = 0",
        "message_size",
        "duplicate key",
    );
}

#[test]
fn bytes_that_are_no_text_are_placed() {
    let mut bytes = b"format = 1\n# ".to_vec();
    bytes.push(0xff);
    assert_eq!(read(&bytes).map_err(|wrong| wrong.line), Err(Some(2)));
    assert_eq!(read(b"").map_err(|wrong| wrong.line), Err(Some(1)));
}

/// A newer library has entries that the file does not know.
#[test]
fn base_entries_that_the_order_lacks_come_last() {
    let text = example().replacen("order = [1001, 1002, ", "order = [1002, ", 1);
    let found = read(text.as_bytes()).expect("a catalog");
    assert_eq!(
        found.protocols.last().map(|info| info.dwCatalogEntryId),
        Some(1001)
    );
}

/// An id is never given a second time, whatever the file says of the next.
#[test]
fn ids_begin_above_the_base_providers() {
    let text = "format = 1\nnext_id = 3\norder = []\n";
    assert_eq!(read(text.as_bytes()).map(|found| found.next_id), Ok(FIRST_ID));
}

#[test]
fn there_is_a_limit_to_entries() {
    let mut catalog = Catalog::built_in();
    let info = catalog.protocols[0];
    let provider = |number| Provider {
        id: GUID {
            Data1: number,
            ..GUID::default()
        },
        path: String::from("/x"),
        categories: None,
    };
    let room = MOST_ENTRIES - catalog.protocols.len();
    catalog
        .install(provider(1), vec![info; room])
        .expect("room for it");
    let before = catalog.clone();
    assert!(catalog.install(provider(2), vec![info]).is_err());
    assert_eq!(catalog, before);
    let full = text_of(&catalog);
    assert_eq!(read(full.as_bytes()), Ok(catalog.clone()));
    // Nor does a file hold more.
    let last = *catalog.protocols.last().expect("an entry");
    for _ in 0..=before.protocols.len() - room {
        catalog.protocols.push(WSAPROTOCOL_INFOW {
            dwCatalogEntryId: catalog.next_id,
            ..last
        });
        catalog.next_id += 1;
    }
    let wrong = read(text_of(&catalog).as_bytes()).map_err(|wrong| wrong.what);
    assert_eq!(wrong, Err(format!("more than {MOST_ENTRIES} entries")));
}

/// Of what is no entry there can be as many, in a file as in what programs ask for.
#[test]
fn there_is_a_limit_to_everything_else() {
    let numbered = |number: usize| GUID {
        Data1: number as u32,
        ..GUID::default()
    };
    let application = |number: usize| Application {
        path: format!("/bin/{number}"),
        extra: String::new(),
        categories: 1,
    };
    let name_space = |number: usize| NameSpace {
        id: numbered(number),
        name: vec![97],
        path: String::from("/lib/ns.so"),
        name_space: 12,
        version: 1,
        enabled: true,
        blob: Vec::new(),
    };
    let provider = |number: usize| Provider {
        id: numbered(number),
        path: String::from("/x"),
        categories: None,
    };
    for more in 0..2 {
        let last = MOST_ENTRIES + more;
        let with = [
            Catalog {
                providers: (1..=last).map(provider).collect(),
                ..Catalog::built_in()
            },
            Catalog {
                applications: (1..=last).map(application).collect(),
                ..Catalog::built_in()
            },
            Catalog {
                name_spaces: (1..=last).map(name_space).collect(),
                ..Catalog::built_in()
            },
        ];
        for (mut catalog, of) in with
            .into_iter()
            .zip(["providers", "applications", "name-space providers"])
        {
            let text = text_of(&catalog);
            match read(text.as_bytes()) {
                Ok(found) => assert!(more == 0 && found == catalog, "{of}"),
                Err(wrong) => {
                    assert_eq!(wrong.what, format!("more than {MOST_ENTRIES} {of}"));
                    let blamed = wrong.blamed(&text);
                    let of_last = [format!("/bin/{last}"), numbered(last).to_string()];
                    assert!(of_last.iter().any(|last| blamed.contains(last)), "{blamed}");
                }
            }
            // However many there are already.
            if !catalog.applications.is_empty() {
                assert!(catalog.permit("/bin/new", "", 1).is_err());
                assert_eq!(catalog.permit("/bin/1", "", 2), Ok(1));
            }
            if !catalog.name_spaces.is_empty() {
                assert!(catalog.install_name_space(name_space(last + 1)).is_err());
            }
        }
    }
}

/// Whatever a file makes of the stack, it is not used up.
#[test]
fn deep_nesting_is_refused() {
    let deep = 200_000;
    for text in [
        format!("format = {}", "[".repeat(deep)),
        format!("format = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("format = {}", "{a=".repeat(deep)),
        format!("format = 1\n{}a = 1", "a.".repeat(deep)),
        format!("format = 1\n[{}a]\nb = 1", "a.".repeat(deep)),
        format!("format = 1\n[[{}a]]\nb = 1", "a.".repeat(deep)),
        format!("format = 1\norder = {{{}a = 1}}", "a.".repeat(deep)),
    ] {
        assert!(read(text.as_bytes()).is_err());
    }
}

/// What the parser says of the whole file is blamed on none of its lines.
#[test]
fn what_is_in_no_line_is_blamed_on_none() {
    let deep = format!("format = 1\n{}a = 1\n", "a.".repeat(100));
    let wrong = read(deep.as_bytes()).expect_err("a key of too many parts");
    assert_eq!(wrong.line, None, "{wrong:?}");
    assert!(wrong.what.contains("recursion limit"), "{wrong:?}");
}
