//! `ws2spi catalog`.

use crate::place::{Place, set_mode};
use crate::{bad, command, end, good};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

/// The protocol entries, as JSON.
fn listed(place: &Place) -> Vec<Value> {
    let listing: Value = serde_json::from_str(&good(&mut place.run(&["list", "--json"]))).unwrap();
    listing["protocols"].as_array().unwrap().clone()
}

fn id(entry: &Value) -> u64 {
    entry["catalog_entry_id"].as_u64().unwrap()
}

fn ids(place: &Place) -> Vec<u64> {
    listed(place).iter().map(id).collect()
}

fn entry(place: &Place, wanted: u64) -> Value {
    listed(place)
        .into_iter()
        .find(|entry| id(entry) == wanted)
        .unwrap()
}

/// Installs a layer; its ids, the layer's own first, as the command prints them.
fn install(place: &Place, file: &str, name: &str, more: &[&str]) -> Vec<u64> {
    let arguments = [&["install", file, "--name", name], more].concat();
    let said = good(&mut place.run(&arguments));
    let first = |line: &str| line.split(' ').next().unwrap().parse().unwrap();
    said.lines().map(first).collect()
}

const BASE: [u64; 7] = [1001, 1002, 1003, 1004, 1005, 1006, 1007];

/// The fields of `netsh winsock show catalog`, in its order, of the base provider's first entry.
#[test]
fn entries_are_listed_as_on_windows() {
    let place = Place::new("catalog-list");
    let said = good(&mut place.run(&["list"]));
    let path = entry(&place, 1001)["provider_path"].as_str().unwrap().to_owned();
    assert!(Path::new(&path).is_absolute());
    let expected = format!(
        "
Winsock Catalog Provider Entry
------------------------------------------------------
Entry Type:                         Base Service Provider
Description:                        MSAFD Tcpip [TCP/IP]
Provider ID:                        {{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}}
Provider Path:                      {path}
Catalog Entry ID:                   1001
Version:                            2
Address Family:                     2
Max Address Length:                 16
Min Address Length:                 16
Socket Type:                        1
Protocol:                           6
Service Flags:                      0x20066
Protocol Chain Length:              1

"
    );
    assert!(said.starts_with(&expected), "{said}");
    assert_eq!(said.matches("Winsock Catalog Provider Entry").count(), 7);
    assert!(!place.catalog().exists(), "to read makes nothing");
}

/// A layer's hidden entry and its chains, with what they are made of.
#[test]
fn layers_and_chains_are_listed() {
    let place = Place::new("catalog-layers");
    let file = place.provider("provider", &[]);
    let guid = "{5AB1E000-0000-4000-8000-00000000CAFE}";
    let made = install(
        &place,
        &file,
        "Sample",
        &[
            "--guid",
            guid,
            "--over",
            "1004",
            "1001",
            "--category",
            "firewall",
            "inspector",
        ],
    );
    let said = good(&mut place.run(&["list"]));
    let chain = format!(
        "Protocol Chain Length:              2\nProtocol Chain:                     {} : 1004\nCategories:                         inspector, firewall\n",
        made[0]
    );
    for part in [
        "Entry Type:                         Layered Chain Entry\nDescription:                        Sample over [MSAFD Tcpip [TCP/IPv6]]\n",
        "Entry Type:                         Layered Service Provider\nDescription:                        Sample\nProvider ID:                        {5AB1E000-0000-4000-8000-00000000CAFE}\n",
        &chain,
        &format!("Provider Path:                      {file}\n"),
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    // The chains come first, in the order that was asked for; the layer's own entry last.
    assert_eq!(ids(&place), [&made[1..], &BASE, &made[..1]].concat());
    let (layer, over) = (entry(&place, made[0]), entry(&place, made[2]));
    for (field, value) in [
        ("protocol_chain_length", 0),
        ("socket_type", 0),
        ("protocol", 0),
        ("provider_flags", 4),
    ] {
        assert_eq!(layer[field], value, "{field}");
    }
    assert_eq!(over["protocol_chain"], serde_json::json!([made[0], 1001]));
    let base = entry(&place, 1001);
    for field in [
        "address_family",
        "socket_type",
        "protocol",
        "max_address_length",
        "version",
        "provider_flags",
    ] {
        assert_eq!(over[field], base[field], "{field}");
    }
    const XP1_IFS_HANDLES: u64 = 0x20000;
    assert_eq!(
        over["service_flags"].as_u64().unwrap(),
        base["service_flags"].as_u64().unwrap() & !XP1_IFS_HANDLES
    );
    assert_eq!(over["categories"], serde_json::json!(["inspector", "firewall"]));
    assert_ne!(over["provider_id"], layer["provider_id"]);
    good(&mut place.run(&["check"]));
}

/// Without --over: over TCP and UDP of both versions of IP. With --ifs the handles are those below.
#[test]
fn a_layer_goes_over_tcp_and_udp() {
    let place = Place::new("catalog-usual");
    let file = place.provider("provider", &[]);
    let made = install(&place, &file, "Sample", &["--ifs"]);
    assert_eq!(made.len(), 5);
    for (chain, base) in made[1..].iter().zip([1001, 1002, 1004, 1005]) {
        let (chain, base) = (entry(&place, *chain), entry(&place, base));
        assert_eq!(chain["protocol_chain"][1], base["catalog_entry_id"]);
        assert_eq!(chain["service_flags"], base["service_flags"]);
    }
    let providers: std::collections::BTreeSet<String> = listed(&place)
        .iter()
        .filter(|entry| entry["provider_path"] == *file)
        .map(|entry| entry["provider_id"].to_string())
        .collect();
    assert_eq!(providers.len(), 5, "each chain has a GUID of its own");
}

/// Three deep: a chain over a chain names that, and what lies below it.
#[test]
fn layers_are_stacked() {
    let place = Place::new("catalog-stack");
    let file = place.provider("provider", &[]);
    let one = install(&place, &file, "One", &["--over", "1001"]);
    let two = install(&place, &file, "Two", &["--over", &one[1].to_string()]);
    let three = install(&place, &file, "Three", &["--over", &two[1].to_string(), "1002"]);
    assert_eq!(
        entry(&place, two[1])["protocol_chain"],
        serde_json::json!([two[0], one[1], 1001])
    );
    assert_eq!(
        entry(&place, three[1])["protocol_chain"],
        serde_json::json!([three[0], two[1], one[1], 1001])
    );
    assert_eq!(entry(&place, three[1])["protocol_chain_length"], 4);
    good(&mut place.run(&["check"]));

    // What others lie over is not taken away from under them.
    let said = bad(&mut place.run(&["remove", "One"]), 1);
    for chain in ["Two over [One over [MSAFD Tcpip [TCP/IP]]]", "Three over [Two"] {
        assert!(
            said.contains(chain) && said.contains("--with-dependents"),
            "{said}"
        );
    }
    assert!(!said.contains("1002"), "{said}");
    let said = good(&mut place.run(&["remove", "One", "--with-dependents"]));
    // Layer Two has no chain left, and layer Three has one.
    let left: Vec<u64> = [&three[2..], &BASE, &three[..1]].concat();
    assert_eq!(ids(&place), left);
    assert_eq!(said.lines().count(), 5, "{said}");
    good(&mut place.run(&["check"]));
}

/// A chain has seven entries at most.
#[test]
fn a_chain_has_an_end() {
    let place = Place::new("catalog-deep");
    let file = place.provider("provider", &[]);
    let mut below = 1001;
    for layer in 0..6 {
        below = install(
            &place,
            &file,
            &format!("L{layer}"),
            &["--over", &below.to_string()],
        )[1];
    }
    assert_eq!(entry(&place, below)["protocol_chain_length"], 7);
    let before = ids(&place);
    let said = bad(
        &mut place.run(&["install", &file, "--name", "L6", "--over", &below.to_string()]),
        1,
    );
    assert!(
        said.contains(&format!("{below} is as long as a chain can be, 7")),
        "{said}"
    );
    assert_eq!(ids(&place), before);
}

/// By id, also a chain's; by GUID; by name.
#[test]
fn a_layer_is_removed_by_what_it_is_known_by() {
    let place = Place::new("catalog-remove");
    let file = place.provider("provider", &[]);
    let guid = "5ab1e000-0000-4000-8000-00000000cafe";
    for how in 0..4 {
        let made = install(&place, &file, "Sample", &["--guid", guid]);
        let known = [
            made[0].to_string(),
            made[3].to_string(),
            guid.into(),
            "Sample".into(),
        ];
        let said = good(&mut place.run(&["remove", &known[how]]));
        assert_eq!(said.lines().count(), 5, "{said}");
        assert_eq!(ids(&place), BASE);
    }
    let said = bad(&mut place.run(&["remove", "Sample"]), 1);
    assert!(
        said.contains("there is no entry Sample") && said.contains("catalog list"),
        "{said}"
    );
    let said = bad(&mut place.run(&["remove", "1001"]), 1);
    assert!(said.contains("base provider"), "{said}");
}

/// Every file that cannot be a provider is refused before anything is written.
#[test]
fn only_a_provider_is_installed() {
    let place = Place::new("catalog-files");
    let refused = |file: &str, why: &str| {
        let said = bad(&mut place.run(&["install", file, "--name", "Sample"]), 1);
        assert!(
            said.starts_with("ws2spi: ") && said.contains(file) && said.contains(why),
            "{said}"
        );
        assert!(!place.catalog().exists());
    };
    let file = |name: &str| place.file(name).display().to_string();
    refused(&file("none.so"), "No such file");
    refused(&file(""), "not a file");
    fs::write(place.file("text.so"), "WSPStartup").unwrap();
    refused(&file("text.so"), "not an ELF file");
    fs::write(place.file("short.so"), b"\x7fELF\x02\x01\x01").unwrap();
    refused(&file("short.so"), "damaged ELF file");
    refused("/proc/self/exe", "not export WSPStartup");
    refused(
        &place.provider("without", &["-DWITHOUT_WSPSTARTUP"]),
        "not export WSPStartup",
    );
    refused(
        &place.provider("hidden", &["-fvisibility=hidden"]),
        "not export WSPStartup",
    );
    let object = place.file("object.o");
    ws2spi_tests::compiler::C::new("cc")
        .ws2spi()
        .compile(
            &ws2spi_tests::place::root().join("tests/command/provider.c"),
            &object,
        )
        .unwrap();
    refused(&file("object.o"), "not a shared object");
    let good = place.provider("open", &[]);
    set_mode(Path::new(&good), 0o775);
    refused(&good, "can be changed by others than its owner (mode 0775)");
    // A good file in a folder of everybody's, or where a link of everybody's leads.
    fs::create_dir(place.file("everybody")).unwrap();
    let theirs = place.provider("everybody/theirs", &[]);
    set_mode(&place.file("everybody"), 0o777);
    let said = bad(&mut place.run(&["install", &theirs, "--name", "Sample"]), 1);
    assert!(
        said.contains("everybody: can be changed by others than its owner (mode 0777)"),
        "{said}"
    );
    symlink(&theirs, place.file("link.so")).unwrap();
    let said = bad(
        &mut place.run(&["install", &file("link.so"), "--name", "Sample"]),
        1,
    );
    assert!(
        said.contains("everybody: can be changed by others than its owner (mode 0777)"),
        "{said}"
    );
}

/// The base provider's own file, under whatever name, would be a layer over itself: it is refused, and where it is in the
/// catalog all the same that is a problem, which is told in a line.
#[test]
fn the_library_itself_is_no_layer() {
    let place = Place::new("catalog-itself");
    let library = entry(&place, 1001)["provider_path"].as_str().unwrap().to_owned();
    symlink(&library, place.file("other-name.so")).unwrap();
    let other = place.file("other-name.so").display().to_string();
    for file in [&library, &other] {
        let said = bad(&mut place.run(&["install", file, "--name", "base"]), 1);
        assert!(said.contains(file) && said.contains("libws2spi itself"), "{said}");
        assert!(!place.catalog().exists());
    }
    let file = place.provider("provider", &[]);
    install(&place, &file, "Sample", &["--over", "1001"]);
    fs::remove_file(&file).unwrap();
    symlink(&library, &file).unwrap();
    let said = bad(&mut place.run(&["check"]), 1);
    assert!(
        said.contains(&file) && said.contains("libws2spi itself"),
        "{said}"
    );
    let said = end(&mut place.doctor(&[]));
    let found: Vec<&str> = said
        .out
        .lines()
        .filter(|line| line.contains(&*format!("{file}: ")))
        .collect();
    assert_eq!(said.code, Some(1));
    assert!(
        matches!(found.as_slice(), [found] if found.starts_with("problem ") && found.contains("libws2spi itself")),
        "{found:?}"
    );
    assert!(!said.out.contains("WSPShutdown"), "{}", said.out);
}

/// A provider for another machine is told apart by reading it.
#[test]
fn a_provider_of_another_machine_is_refused() {
    let place = Place::new("catalog-machine");
    let file = place.provider("provider", &[]);
    let mut bytes = fs::read(&file).unwrap();
    const EM_S390: u8 = 22;
    bytes[18..20].copy_from_slice(&[EM_S390, 0]);
    fs::write(&file, bytes).unwrap();
    let said = bad(&mut place.run(&["install", &file, "--name", "Sample"]), 1);
    assert!(said.contains("another machine"), "{said}");
}

/// No code of the provider runs when it is installed.
#[test]
fn a_provider_that_crashes_can_be_installed() {
    let place = Place::new("catalog-crash");
    let file = place.provider("provider", &["-DCRASHES"]);
    assert_eq!(install(&place, &file, "Crash", &[]).len(), 5);
}

/// The path in the catalog is absolute, wherever the command was given it.
#[test]
fn a_relative_path_is_made_absolute() {
    let place = Place::new("catalog-relative");
    let file = place.provider("provider", &[]);
    let mut command = place.run(&["install", "provider.so", "--name", "Sample"]);
    good(command.current_dir(place.file("")));
    assert!(listed(&place).iter().any(|entry| entry["provider_path"] == *file));
}

#[test]
fn wishes_that_cannot_be_are_refused() {
    let place = Place::new("catalog-wishes");
    let file = place.provider("provider", &[]);
    let guid = "{5AB1E000-0000-4000-8000-00000000CAFE}";
    let made = install(&place, &file, "Sample", &["--guid", guid]);
    let before = fs::read(place.catalog()).unwrap();
    let refused = |name: &str, more: &[&str], code: i32, why: &str| {
        let arguments = [&["install", &file, "--name", name], more].concat();
        let said = bad(&mut place.run(&arguments), code);
        assert!(said.contains(why), "{said}");
        assert_eq!(fs::read(place.catalog()).unwrap(), before);
    };
    refused("Sample", &[], 1, "there is a layer Sample already");
    refused("", &[], 2, "1 to 255 characters");
    refused(&"x".repeat(256), &[], 2, "1 to 255 characters");
    refused("Other", &["--over", "4711"], 1, "there is no entry 4711");
    refused("Other", &["--over", "1001", "1001"], 2, "named twice");
    refused("Other", &["--over", &made[0].to_string()], 1, "layer's own entry");
    refused("Other", &["--guid", "1001"], 2, "not a GUID");
    refused("Other", &["--category", "nonsense"], 2, "nonsense");
    // The library's own refusal, with the code's name, what it means here and what to do.
    refused(
        "Other",
        &["--guid", guid],
        1,
        "ws2spi: WSCInstallProvider: WSANO_RECOVERY (11003): already installed",
    );
    refused(
        "Other",
        &["--guid", "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}"],
        1,
        "ws2spi: catalog: {E70F1AA0-AB8B-11CF-8CA3-00805F48A192} is the GUID of the base provider; ",
    );
    let longest = "x".repeat(255);
    assert_eq!(install(&place, &file, &longest, &["--over", "1001"]).len(), 2);
}

/// What fails half-way is undone: there are ids for the layer and two of its four chains.
#[test]
fn what_fails_half_way_is_undone() {
    let place = Place::new("catalog-undo");
    let file = place.provider("provider", &[]);
    install(&place, &file, "First", &["--over", "1001"]);
    let before = ids(&place);
    let text = fs::read_to_string(place.catalog()).unwrap();
    let next = text.lines().find(|line| line.starts_with("next_id = ")).unwrap();
    let text = text.replacen(next, &format!("next_id = {}", u32::MAX - 3), 1);
    fs::write(place.catalog(), text).unwrap();
    let said = bad(&mut place.run(&["install", &file, "--name", "Second"]), 1);
    assert!(
        said.starts_with("ws2spi: WSCInstallProvider: WSAENOBUFS (10055): ") && said.contains("catalog re"),
        "{said}"
    );
    assert_eq!(ids(&place), before);
    let text = fs::read_to_string(place.catalog()).unwrap();
    assert!(!text.contains("Second"), "{text}");
    // The layer was there, and two chains: no id is given twice.
    assert!(text.contains(&format!("next_id = {}", u32::MAX)), "{text}");
}

/// No id is given twice, and in the end there are none left.
#[test]
fn ids_that_are_used_up_are_said() {
    let place = Place::new("catalog-ids");
    let file = place.provider("provider", &[]);
    let order = BASE.map(|id| id.to_string()).join(", ");
    fs::create_dir(place.file("etc")).unwrap();
    let text = format!("format = 1\nnext_id = {}\norder = [{order}]\n", u32::MAX);
    fs::write(place.catalog(), text).unwrap();
    let said = bad(&mut place.run(&["install", &file, "--name", "Sample"]), 1);
    assert!(
        said.contains("WSAENOBUFS") && said.contains("catalog reset") && !said.contains("free memory"),
        "{said}"
    );
    assert_eq!(ids(&place), BASE);
}

/// The entries that are named come first, in that order, and the others follow as they were.
#[test]
fn entries_are_moved_to_the_front() {
    let place = Place::new("catalog-order");
    assert_eq!(good(&mut place.run(&["order", "1004", "1002"])), "");
    assert_eq!(ids(&place), [1004, 1002, 1001, 1003, 1005, 1006, 1007]);
    good(&mut place.run(&["order", "1007"]));
    assert_eq!(ids(&place), [1007, 1004, 1002, 1001, 1003, 1005, 1006]);
    let said = bad(&mut place.run(&["order", "1001", "4711"]), 1);
    assert!(said.contains("there is no entry 4711"), "{said}");
    assert!(bad(&mut place.run(&["order", "1001", "1001"]), 2).contains("twice"));
    bad(&mut place.run(&["order"]), 2);
    assert_eq!(ids(&place)[0], 1007);
}

/// The file is kept under a name that nobody has, damaged or not, and the base provider is alone again.
#[test]
fn a_catalog_is_reset() {
    let place = Place::new("catalog-reset");
    assert!(good(&mut place.run(&["reset"])).contains("base provider is alone"));
    let file = place.provider("provider", &[]);
    install(&place, &file, "Sample", &[]);
    let first = fs::read(place.catalog()).unwrap();
    let kept = |number: u32| {
        place
            .catalog()
            .with_file_name(format!("catalog.toml.{number}.bak"))
    };
    let said = good(&mut place.run(&["reset"]));
    assert_eq!(said, format!("The catalog was moved to {}.\n", kept(1).display()));
    assert_eq!(fs::read(kept(1)).unwrap(), first);
    assert!(!place.catalog().exists());
    assert_eq!(ids(&place), BASE);
    fs::write(place.catalog(), "damaged").unwrap();
    good(&mut place.run(&["reset"]));
    assert_eq!(fs::read(kept(2)).unwrap(), b"damaged");
    assert_eq!(ids(&place), BASE);
    // The file that was kept is a catalog.
    fs::rename(kept(1), place.catalog()).unwrap();
    assert_eq!(ids(&place).len(), 12);
}

/// A damaged file is an error with file and line, whatever is asked, and it stays as it is.
#[test]
fn a_damaged_catalog_is_left_alone() {
    let place = Place::new("catalog-damaged");
    let file = place.provider("provider", &[]);
    install(&place, &file, "Sample", &[]);
    let text = fs::read_to_string(place.catalog())
        .unwrap()
        .replace("chain_length = 2", "chain_length = two");
    fs::write(place.catalog(), &text).unwrap();
    let line = 1 + text
        .lines()
        .position(|line| line == "chain_length = two")
        .unwrap();
    let sign = format!("{}:{line}: ", place.catalog().display());
    for arguments in [
        &["check"][..],
        &["list"],
        &["order", "1001"],
        &["remove", "Sample"],
        &["install", &file, "--name", "x"],
    ] {
        let said = bad(&mut place.run(arguments), 1);
        assert!(said.contains(&sign), "{sign} is not in\n{said}");
        assert!(
            said.contains("ws2spi: WSCEnumProtocols: WSANO_RECOVERY (11003): "),
            "{said}"
        );
        assert!(said.contains("catalog reset"), "{said}");
    }
    assert_eq!(fs::read_to_string(place.catalog()).unwrap(), text);
}

/// What a catalog that can be read says of files that cannot be loaded, and of chains that lead nowhere.
#[test]
fn check_looks_at_what_the_entries_say() {
    let place = Place::new("catalog-check");
    assert_eq!(
        good(&mut place.run(&["check"])),
        "The catalog is sound: 7 entries.\n"
    );
    let file = place.provider("provider", &[]);
    let made = install(&place, &file, "Sample", &["--over", "1001"]);
    assert_eq!(
        good(&mut place.run(&["check"])),
        "The catalog is sound: 9 entries.\n"
    );
    set_mode(Path::new(&file), 0o666);
    assert!(bad(&mut place.run(&["check"]), 1).contains("mode 0666"));
    fs::remove_file(&file).unwrap();
    let said = bad(&mut place.run(&["check"]), 1);
    assert!(
        said.starts_with(&format!(
            "ws2spi: catalog: Sample over [MSAFD Tcpip [TCP/IP]]: {file}: No such file"
        )),
        "{said}"
    );
    place.provider("provider", &[]);
    let text = fs::read_to_string(place.catalog()).unwrap();
    fs::write(place.catalog(), text.replace("1001]\n", "1099]\n")).unwrap();
    let said = bad(&mut place.run(&["check"]), 1);
    assert!(
        said.contains(&format!("entry {}, ", made[1]))
            && said.contains("runs through 1099, which is not there"),
        "{said}"
    );
}

/// A catalog of these entries, each of a provider of its own: id, name, and the chain of what is one.
fn write_catalog(place: &Place, file: &str, entries: &[(u64, &str, &[u64])]) {
    let ids = BASE.iter().chain(entries.iter().map(|(id, ..)| id));
    let order: Vec<String> = ids.map(ToString::to_string).collect();
    let mut text = format!("format = 1\nnext_id = 2000\norder = [{}]\n", order.join(", "));
    for (id, name, chain) in entries {
        text += &format!(
            "
[[provider]]
id = \"{{5AB1E000-0000-4000-8000-00000000{id}}}\"
path = \"{file}\"

[[provider.protocol]]
id = {id}
name = \"{name}\"
chain_length = {length}
chain = {chain:?}
service_flags = 0
provider_flags = 0
version = 2
family = \"AF_INET\"
type = \"SOCK_STREAM\"
protocol = 6
max_address = 16
min_address = 16
message_size = 0
",
            length = chain.len()
        );
    }
    fs::create_dir_all(place.catalog().parent().unwrap()).unwrap();
    fs::write(place.catalog(), text).unwrap();
}

/// Chains that no socket can be made of are reported, by the doctor too, each in a line that begins with the entry.
/// What is reported can be removed by its id.
#[test]
fn chains_that_cannot_be_are_reported() {
    let place = Place::new("catalog-chains");
    let file = place.provider("provider", &[]);
    let sound: [(u64, &str, &[u64]); 2] = [(1100, "Layer", &[]), (1101, "Chain", &[1100, 1001])];
    write_catalog(&place, &file, &sound);
    good(&mut place.run(&["check"]));
    for (more, wrong) in [
        (
            &[(1110, "Bad", &[1110, 1110][..])][..],
            &[(1110, "runs through itself")][..],
        ),
        (
            &[(1110, "Bad", &[1100, 1110, 1001])],
            &[(1110, "runs through itself")],
        ),
        (
            &[
                (1110, "Bad", &[1100, 1111, 1001]),
                (1111, "Worse", &[1100, 1110, 1001]),
            ],
            &[
                (1110, "runs through chains that lead back to it"),
                (1111, "runs through chains that lead back to it"),
            ],
        ),
        (
            &[(1110, "Bad", &[1100, 1101, 1001, 1001])],
            &[(1110, "runs through 1001 twice")],
        ),
        (
            &[(1110, "Bad", &[1101, 1001])],
            &[(1110, "begins with 1101, which is no layer's own entry")],
        ),
        (
            &[(1110, "Bad", &[1002, 1001])],
            &[(1110, "begins with 1002, which is no layer's own entry")],
        ),
        (
            &[(1110, "Bad", &[1100, 1101])],
            &[(1110, "ends with 1101, which is no base protocol")],
        ),
        (
            &[(1110, "Bad", &[1100, 1234, 1001])],
            &[(1110, "runs through 1234, which is not there")],
        ),
        // What an installation or a removal leaves that is killed half-way.
        (
            &[(1110, "Bad", &[1109, 1001])],
            &[(1110, "is without its layer, 1109, which is not there")],
        ),
        (
            &[(1110, "Bad", &[])],
            &[(1110, "is a layer without chains, which nothing uses")],
        ),
    ] {
        write_catalog(&place, &file, &[&sound, more].concat());
        let said = bad(&mut place.run(&["check"]), 1);
        let doctor = end(&mut place.doctor(&[]));
        for (id, what) in wrong {
            let line = format!("entry {id}, ");
            let line = said.lines().find(|said| said.contains(&line)).unwrap_or_default();
            assert!(
                line.starts_with("ws2spi: catalog: ") && line.ends_with(what),
                "{what} is not in\n{said}"
            );
            assert!(doctor.out.contains(what), "{what} is not in\n{}", doctor.out);
        }
        assert_eq!(said.lines().count(), wrong.len(), "{said}");
        for (id, ..) in more {
            if ids(&place).contains(id) {
                good(&mut place.run(&["remove", &id.to_string(), "--with-dependents"]));
            }
        }
        assert!(!ids(&place).iter().any(|id| *id >= 1110), "{more:?}");
        good(&mut place.run(&["check"]));
    }
}

/// Without the right to write, nothing changes, and the code says so by its name.
#[test]
fn who_may_not_write_is_told() {
    let place = Place::new("catalog-rights");
    let file = place.provider("provider", &[]);
    install(&place, &file, "Sample", &[]);
    // Root's, for somebody else; or this user's own, without the right.
    const NOBODY: u32 = 65534;
    let folder = place.file("etc");
    let is_root = fs::metadata(&folder).unwrap().uid() == 0;
    let run = |arguments: &[&str]| {
        let mut command = place.run(arguments);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    };
    set_mode(&folder, if is_root { 0o755 } else { 0o555 });
    for (arguments, function) in [
        (&["remove", "Sample"][..], "WSCDeinstallProvider"),
        (&["order", "1007"], "WSCWriteProviderOrder"),
        (&["install", &file, "--name", "x"], "WSCInstallProvider"),
    ] {
        let said = bad(&mut run(arguments), 1);
        assert!(
            said.contains(&format!("ws2spi: {function}: WSANO_RECOVERY (11003): ")),
            "{said}"
        );
    }
    let said = bad(&mut run(&["reset"]), 1);
    set_mode(&folder, 0o755);
    assert!(said.contains("Permission denied"), "{said}");
}

/// --user and --system name the two places; one excludes the other. WS2SPI_CATALOG is what it is for every program.
#[test]
fn the_catalog_is_chosen() {
    let place = Place::new("catalog-choice");
    let user = place.file("config/ws2spi/catalog.toml");
    good(command(&["catalog", "--user", "order", "1007"]).env("XDG_CONFIG_HOME", place.file("config")));
    assert!(user.is_file());
    assert_eq!(fs::metadata(&user).unwrap().permissions().mode() & 0o777, 0o644);
    let said = good(command(&["catalog", "list", "--user"]).env("XDG_CONFIG_HOME", place.file("config")));
    assert!(
        said.contains("AF_UNIX") && said.find("AF_UNIX") < said.find("TCP/IP"),
        "{said}"
    );
    let named = good(command(&["catalog", "list"]).env("WS2SPI_CATALOG", &user));
    assert_eq!(named, said);
    // A home is as good.
    fs::create_dir_all(place.file("home")).unwrap();
    fs::rename(place.file("config"), place.file("home/.config")).unwrap();
    let home = good(
        command(&["catalog", "list", "--user"])
            .env_remove("XDG_CONFIG_HOME")
            .env("HOME", place.file("home")),
    );
    assert_eq!(home, said);
    let none = bad(
        command(&["catalog", "list", "--user"])
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("HOME"),
        1,
    );
    assert!(none.contains("set HOME"), "{none}");
    // The arguments come before the environment.
    let other = good(place.run(&["list"]).env("WS2SPI_CATALOG", &user));
    assert!(other.find("AF_UNIX") > other.find("TCP/IP"));
    let both = bad(&mut command(&["catalog", "list", "--user", "--system"]), 2);
    assert!(both.contains("--user") && both.contains("--system"), "{both}");
}

/// What a relative path means depends on the folder, so nothing is done with it, whether the file exists or not.
#[test]
fn a_relative_catalog_is_refused() {
    let place = Place::new("catalog-relative-name");
    for exists in [false, true] {
        if exists {
            fs::write(
                place.file("catalog.toml"),
                "format = 1\nnext_id = 1100\norder = []\n",
            )
            .unwrap();
        }
        let run = |arguments: &[&str]| {
            let mut command = command(arguments);
            command
                .env("WS2SPI_CATALOG", "catalog.toml")
                .current_dir(place.file(""));
            command
        };
        for arguments in [
            &["catalog", "list"][..],
            &["catalog", "check"],
            &["catalog", "order", "1001"],
        ] {
            let said = bad(&mut run(arguments), 1);
            assert!(said.contains("catalog.toml: not an absolute path"), "{said}");
        }
        let said = bad(&mut run(&["catalog", "reset"]), 1);
        assert!(
            said.contains("WS2SPI_CATALOG is not absolute: catalog.toml"),
            "{said}"
        );
        let doctor = end(&mut run(&["doctor"]));
        assert_eq!(doctor.code, Some(1));
        assert!(
            doctor
                .out
                .contains("problem  catalog: WS2SPI_CATALOG is not absolute: catalog.toml"),
            "{}",
            doctor.out
        );
        assert_eq!(place.file("catalog.toml").exists(), exists);
        // By an argument it is made absolute.
        good(run(&["catalog", "--catalog", "catalog.toml", "list"]).env_remove("WS2SPI_CATALOG"));
    }
}

/// Two processes install at once, and both succeed.
#[test]
fn two_install_at_once() {
    let place = Place::new("catalog-two");
    let file = place.provider("provider", &[]);
    let names = ["One", "Two", "Three", "Four"];
    std::thread::scope(|scope| {
        for name in names {
            let (place, file) = (&place, &file);
            scope.spawn(move || install(place, file, name, &[]));
        }
    });
    assert_eq!(ids(&place).len(), 7 + 4 * 5);
    good(&mut place.run(&["check"]));
    for name in names {
        good(&mut place.run(&["remove", name]));
    }
    assert_eq!(ids(&place), BASE);
}

/// Name-space providers are listed after the protocols, as netsh lists them.
#[test]
fn name_spaces_are_listed() {
    let place = Place::new("catalog-names");
    good(&mut place.run(&["order", "1002"]));
    let added = "
[[name_space]]
id = \"{5AB1E000-0000-4000-8000-0000000DAD50}\"
name = \"Names of our own\"
path = \"/nowhere/names.so\"
name_space = 12
version = 1
enabled = true
";
    fs::write(
        place.catalog(),
        fs::read_to_string(place.catalog()).unwrap() + added,
    )
    .unwrap();
    let said = good(&mut place.run(&["list"]));
    let expected = "
Name Space Provider Entry
------------------------------------------------------
Description:                        Names of our own
Provider ID:                        {5AB1E000-0000-4000-8000-0000000DAD50}
Name Space:                         12
Active:                             1
Version:                            1
";
    assert!(said.ends_with(expected), "{said}");
    let listing: Value = serde_json::from_str(&good(&mut place.run(&["list", "--json"]))).unwrap();
    assert_eq!(listing["name_spaces"][0]["description"], "Names of our own");
    assert_eq!(listing["name_spaces"][0]["active"], true);
}
