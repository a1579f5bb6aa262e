//! The catalog as a file: TOML, which people can read and correct.
//!
//! The base provider's entries are not in it, only their places in the order; entries that a newer library has besides
//! come last. Names are UTF-16 in the interface and need not be well-formed there: one that is not is written as a list
//! of its units. Every other text is well-formed, since it names a file or a program.

use super::{
    Application, Catalog, FIRST_ID, MOST_ENTRIES, NameSpace, Provider, base, is_base, is_built_in, parse_guid,
};
use crate::abi::*;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize as Read, Serialize as Write};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use toml::Spanned;

const FORMAT: u32 = 1;

const HEAD: &str = "\
# The catalog of Winsock service providers, for libws2spi.
#
# It is written anew whenever a provider is installed, removed or moved; notes of your own do not stay.
# `order` has the ids of all protocol entries, the base provider's (below 1100) among them: the first that fits serves.

";

/// What is wrong with a file.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Wrong {
    /// Counts from 1; none where the parser names no place.
    pub(super) line: Option<usize>,
    pub(super) what: String,
}

/// The file's version; what else there is depends on it.
#[derive(Read)]
struct Head {
    format: Spanned<u32>,
}

#[derive(Read, Write)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    next_id: Spanned<u32>,
    order: Spanned<Vec<Spanned<u32>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    provider: Vec<ProviderTable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    application: Vec<ApplicationTable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    name_space: Vec<NameSpaceTable>,
}

#[derive(Read, Write)]
#[serde(deny_unknown_fields)]
struct ProviderTable {
    id: Spanned<GUID>,
    path: Spanned<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    categories: Option<Flags>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    protocol: Vec<ProtocolTable>,
}

#[derive(Read, Write)]
#[serde(deny_unknown_fields)]
struct ProtocolTable {
    id: Spanned<u32>,
    name: Spanned<Text>,
    /// 0: a layer, 1: a base protocol, more: a chain (W.1).
    chain_length: Spanned<i32>,
    /// Without the zeros at its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    chain: Vec<u32>,
    service_flags: Flags,
    #[serde(default, skip_serializing_if = "is_zero")]
    service_flags_2: Flags,
    #[serde(default, skip_serializing_if = "is_zero")]
    service_flags_3: Flags,
    #[serde(default, skip_serializing_if = "is_zero")]
    service_flags_4: Flags,
    provider_flags: Flags,
    version: i32,
    family: Family,
    r#type: Kind,
    protocol: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    protocol_max_offset: i32,
    max_address: i32,
    min_address: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    byte_order: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    security_scheme: i32,
    message_size: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    provider_reserved: u32,
}

#[derive(Read, Write)]
#[serde(deny_unknown_fields)]
struct ApplicationTable {
    path: Spanned<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    extra: String,
    categories: Flags,
}

#[derive(Read, Write)]
#[serde(deny_unknown_fields)]
struct NameSpaceTable {
    id: Spanned<GUID>,
    name: Spanned<Text>,
    path: Spanned<String>,
    /// `NS_*`: 12 is NS_DNS.
    name_space: u32,
    version: u32,
    enabled: bool,
    #[serde(default, skip_serializing_if = "Blob::is_empty")]
    blob: Blob,
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The span of what is yet to be written.
fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}

/// The catalog in a file with these bytes.
pub(super) fn read(bytes: &[u8]) -> Result<Catalog, Wrong> {
    let line_of = |offset: usize| {
        let before = bytes.get(..offset).unwrap_or(bytes);
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    };
    let text = std::str::from_utf8(bytes).map_err(|error| Wrong {
        line: Some(line_of(error.valid_up_to())),
        what: String::from("not UTF-8"),
    })?;
    let unread = |error: toml::de::Error| Wrong {
        line: error.span().map(|span| line_of(span.start)),
        what: error.message().replace('\n', ", "),
    };
    let head: Head = toml::from_str(text).map_err(unread)?;
    if *head.format.get_ref() != FORMAT {
        return Err(Wrong {
            line: Some(line_of(head.format.span().start)),
            what: format!(
                "format {}, where this library knows {FORMAT}",
                head.format.get_ref()
            ),
        });
    }
    let file: File = toml::from_str(text).map_err(unread)?;
    file.into_catalog().map_err(|(span, what)| Wrong {
        line: Some(line_of(span.start)),
        what,
    })
}

/// The catalog as a file's text.
pub(super) fn write(catalog: &Catalog) -> Option<String> {
    let body = toml::to_string(&File::from(catalog)).ok()?;
    Some(format!("{HEAD}{body}"))
}

/// Where something is wrong, and what.
type Complaint = (Range<usize>, String);

impl File {
    fn into_catalog(self) -> Result<Catalog, Complaint> {
        let mut entries: HashMap<u32, WSAPROTOCOL_INFOW> = HashMap::new();
        let mut providers = Vec::new();
        let mut known = HashSet::new();
        for table in self.provider {
            let (at, id) = (table.id.span(), table.id.into_inner());
            if is_base(&id) || !known.insert(id) {
                return Err((at, format!("a second provider {id}")));
            }
            if table.path.get_ref().is_empty() {
                return Err((table.path.span(), String::from("a provider without a path")));
            }
            for protocol in table.protocol {
                let at = protocol.id.span();
                let info = protocol.into_info(id)?;
                let entry = info.dwCatalogEntryId;
                if !(FIRST_ID..*self.next_id.get_ref()).contains(&entry) {
                    let most = self.next_id.get_ref();
                    return Err((
                        at,
                        format!("id {entry} is not from {FIRST_ID} to below next_id, {most}"),
                    ));
                }
                if entries.insert(entry, info).is_some() {
                    return Err((at, format!("a second entry with id {entry}")));
                }
                check_count(entries.len(), at, "entries")?;
            }
            providers.push(Provider {
                id,
                path: table.path.into_inner(),
                categories: table.categories.map(|flags| flags.0),
            });
            check_count(providers.len(), at, "providers")?;
        }
        let at = self.order.span();
        let protocols = in_order(self.order.into_inner(), &at, entries)?;
        let mut known = HashSet::new();
        let mut applications = Vec::new();
        for table in self.application {
            let (at, path, extra) = (table.path.span(), table.path.into_inner(), table.extra);
            if !known.insert((path.clone(), extra.clone())) {
                return Err((at, format!("{path:?} with {extra:?} a second time")));
            }
            applications.push(Application {
                path,
                extra,
                categories: table.categories.0,
            });
            check_count(applications.len(), at, "applications")?;
        }
        let mut known = HashSet::new();
        let mut name_spaces = Vec::new();
        for table in self.name_space {
            let (at, id) = (table.id.span(), table.id.into_inner());
            if !known.insert(id) {
                return Err((at, format!("a second name-space provider {id}")));
            }
            if table.path.get_ref().is_empty() {
                return Err((table.path.span(), String::from("a provider without a path")));
            }
            if table.name.get_ref().0.contains(&0) {
                return Err((table.name.span(), String::from("a name with a 0 in it")));
            }
            name_spaces.push(NameSpace {
                id,
                name: table.name.into_inner().0,
                path: table.path.into_inner(),
                name_space: table.name_space,
                version: table.version,
                enabled: table.enabled,
                blob: table.blob.0,
            });
            check_count(name_spaces.len(), at, "name-space providers")?;
        }
        Ok(Catalog {
            protocols,
            providers,
            applications,
            name_spaces,
            next_id: self.next_id.into_inner().max(FIRST_ID),
        })
    }
}

/// There are not too many of a kind; the last one is `at`.
fn check_count(count: usize, at: Range<usize>, of: &str) -> Result<(), Complaint> {
    if count > MOST_ENTRIES {
        return Err((at, format!("more than {MOST_ENTRIES} {of}")));
    }
    Ok(())
}

/// The entries in the order that the file gives. Base entries that it does not know yet come last.
fn in_order(
    order: Vec<Spanned<u32>>,
    whole: &Range<usize>,
    mut entries: HashMap<u32, WSAPROTOCOL_INFOW>,
) -> Result<Vec<WSAPROTOCOL_INFOW>, Complaint> {
    let mut built_in: Vec<WSAPROTOCOL_INFOW> = base::PROTOCOLS.iter().map(base::Protocol::info).collect();
    let mut protocols = Vec::new();
    for id in order {
        let (at, id) = (id.span(), id.into_inner());
        let own = built_in
            .iter()
            .position(|protocol| protocol.dwCatalogEntryId == id)
            .map(|position| built_in.remove(position));
        match own.or_else(|| entries.remove(&id)) {
            Some(info) => protocols.push(info),
            None => {
                return Err((
                    at,
                    format!("the order names {id}, which is no entry, or named before"),
                ));
            }
        }
    }
    if let Some(id) = entries.keys().min() {
        return Err((whole.clone(), format!("the order lacks entry {id}")));
    }
    protocols.append(&mut built_in);
    Ok(protocols)
}

impl From<&Catalog> for File {
    fn from(catalog: &Catalog) -> Self {
        let provider = |provider: &Provider| ProviderTable {
            id: unplaced(provider.id),
            path: unplaced(provider.path.clone()),
            categories: provider.categories.map(Flags),
            protocol: catalog
                .protocols
                .iter()
                .filter(|info| info.ProviderId == provider.id && !is_built_in(info))
                .map(ProtocolTable::from)
                .collect(),
        };
        let application = |application: &Application| ApplicationTable {
            path: unplaced(application.path.clone()),
            extra: application.extra.clone(),
            categories: Flags(application.categories),
        };
        let name_space = |provider: &NameSpace| NameSpaceTable {
            id: unplaced(provider.id),
            name: unplaced(Text(provider.name.clone())),
            path: unplaced(provider.path.clone()),
            name_space: provider.name_space,
            version: provider.version,
            enabled: provider.enabled,
            blob: Blob(provider.blob.clone()),
        };
        let ids = catalog.protocols.iter().map(|info| info.dwCatalogEntryId);
        Self {
            format: FORMAT,
            next_id: unplaced(catalog.next_id),
            order: unplaced(ids.map(unplaced).collect()),
            provider: catalog.providers.iter().map(provider).collect(),
            application: catalog.applications.iter().map(application).collect(),
            name_space: catalog.name_spaces.iter().map(name_space).collect(),
        }
    }
}

impl ProtocolTable {
    fn into_info(self, provider: GUID) -> Result<WSAPROTOCOL_INFOW, Complaint> {
        let mut chain = [0; 7];
        let (at, length) = (self.chain_length.span(), self.chain_length.into_inner());
        if self.chain.len() > chain.len() || !(0..=7).contains(&length) {
            return Err((at, String::from("a chain longer than 7")));
        }
        for (place, id) in chain.iter_mut().zip(self.chain) {
            *place = id;
        }
        let mut name = [0; 256];
        let units = &self.name.get_ref().0;
        if units.len() >= name.len() || units.contains(&0) {
            return Err((
                self.name.span(),
                String::from("a name of more than 255 units, or with a 0 among them"),
            ));
        }
        for (place, unit) in name.iter_mut().zip(units) {
            *place = *unit;
        }
        Ok(WSAPROTOCOL_INFOW {
            dwServiceFlags1: self.service_flags.0,
            dwServiceFlags2: self.service_flags_2.0,
            dwServiceFlags3: self.service_flags_3.0,
            dwServiceFlags4: self.service_flags_4.0,
            dwProviderFlags: self.provider_flags.0,
            ProviderId: provider,
            dwCatalogEntryId: self.id.into_inner(),
            ProtocolChain: WSAPROTOCOLCHAIN {
                ChainLen: length,
                ChainEntries: chain,
            },
            iVersion: self.version,
            iAddressFamily: self.family.0,
            iMaxSockAddr: self.max_address,
            iMinSockAddr: self.min_address,
            iSocketType: self.r#type.0,
            iProtocol: self.protocol,
            iProtocolMaxOffset: self.protocol_max_offset,
            iNetworkByteOrder: self.byte_order,
            iSecurityScheme: self.security_scheme,
            dwMessageSize: self.message_size,
            dwProviderReserved: self.provider_reserved,
            szProtocol: name,
        })
    }
}

impl From<&WSAPROTOCOL_INFOW> for ProtocolTable {
    fn from(info: &WSAPROTOCOL_INFOW) -> Self {
        let mut chain = info.ProtocolChain.ChainEntries.to_vec();
        chain.truncate(chain.iter().rposition(|&id| id != 0).map_or(0, |last| last + 1));
        let name = info.szProtocol.iter().copied().take_while(|&unit| unit != 0);
        Self {
            id: unplaced(info.dwCatalogEntryId),
            name: unplaced(Text(name.collect())),
            chain_length: unplaced(info.ProtocolChain.ChainLen),
            chain,
            service_flags: Flags(info.dwServiceFlags1),
            service_flags_2: Flags(info.dwServiceFlags2),
            service_flags_3: Flags(info.dwServiceFlags3),
            service_flags_4: Flags(info.dwServiceFlags4),
            provider_flags: Flags(info.dwProviderFlags),
            version: info.iVersion,
            family: Family(info.iAddressFamily),
            r#type: Kind(info.iSocketType),
            protocol: info.iProtocol,
            protocol_max_offset: info.iProtocolMaxOffset,
            max_address: info.iMaxSockAddr,
            min_address: info.iMinSockAddr,
            byte_order: info.iNetworkByteOrder,
            security_scheme: info.iSecurityScheme,
            message_size: info.dwMessageSize,
            provider_reserved: info.dwProviderReserved,
        }
    }
}

// ---- Values that read better as text ----

/// A set of bits, in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Flags(u32);

/// An address family, by the header's name if it has one of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Family(i32);

/// A socket type, likewise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Kind(i32);

/// UTF-16 without its end: a text, or where it is none a list of its units.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Text(Vec<u16>);

/// Bytes, as hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Blob(Vec<u8>);

impl Blob {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

const FAMILIES: &[(i32, &str)] = &[(AF_UNIX, "AF_UNIX"), (AF_INET, "AF_INET"), (AF_INET6, "AF_INET6")];

const KINDS: &[(i32, &str)] = &[
    (SOCK_STREAM, "SOCK_STREAM"),
    (SOCK_DGRAM, "SOCK_DGRAM"),
    (SOCK_RAW, "SOCK_RAW"),
];

/// Reads a number, or a text that stands for one.
struct NumberOr<F> {
    expected: &'static str,
    meaning: F,
}

impl<F: Fn(&str) -> Option<i64>> Visitor<'_> for NumberOr<F> {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<i64, E> {
        (self.meaning)(value).ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))
    }
}

fn out_of_range<E: de::Error>(value: i64, expected: &str) -> E {
    E::invalid_value(Unexpected::Signed(value), &expected)
}

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:#x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Flags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "32 bits, such as \"0x20066\"";
        let number = deserializer.deserialize_any(NumberOr {
            expected: EXPECTED,
            meaning: |text: &str| i64::from_str_radix(text.strip_prefix("0x")?, 16).ok(),
        })?;
        u32::try_from(number)
            .map(Self)
            .map_err(|_| out_of_range(number, EXPECTED))
    }
}

fn named(value: i32, names: &[(i32, &'static str)]) -> Option<&'static str> {
    names
        .iter()
        .find(|(number, _)| *number == value)
        .map(|(_, name)| *name)
}

macro_rules! named_number {
    ($type:ident, $names:ident, $expected:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match named(self.0, $names) {
                    Some(name) => serializer.serialize_str(name),
                    None => serializer.serialize_i32(self.0),
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = deserializer.deserialize_any(NumberOr {
                    expected: $expected,
                    meaning: |text: &str| {
                        let found = $names.iter().find(|(_, name)| *name == text);
                        found.map(|(number, _)| i64::from(*number))
                    },
                })?;
                i32::try_from(number)
                    .map(Self)
                    .map_err(|_| out_of_range(number, $expected))
            }
        }
    };
}

named_number!(
    Family,
    FAMILIES,
    "\"AF_INET\", \"AF_INET6\", \"AF_UNIX\" or a number of 32 bits"
);
named_number!(
    Kind,
    KINDS,
    "\"SOCK_STREAM\", \"SOCK_DGRAM\", \"SOCK_RAW\" or a number of 32 bits"
);

impl Serialize for GUID {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GUID {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_guid(&text).ok_or_else(|| {
            let expected = "a GUID, \"{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}\"";
            de::Error::invalid_value(Unexpected::Str(&text), &expected)
        })
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&digits)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte = |pair: &[u8]| {
            let digit = |at: usize| pair.get(at).and_then(|&digit| char::from(digit).to_digit(16));
            u8::try_from(digit(0)? << 4 | digit(1)?).ok()
        };
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
        bytes
            .map(Self)
            .ok_or_else(|| de::Error::custom("expected two hexadecimal digits for each byte"))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match String::from_utf16(&self.0) {
            Ok(text) => serializer.serialize_str(&text),
            Err(_) => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrUnits;

        impl<'de> Visitor<'de> for TextOrUnits {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a list of UTF-16 units")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Text, E> {
                Ok(Text(value.encode_utf16().collect()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, units: A) -> Result<Text, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(units)).map(Text)
            }
        }

        deserializer.deserialize_any(TextOrUnits)
    }
}

#[cfg(test)]
mod tests;
