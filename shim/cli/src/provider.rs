//! What a provider's file is, by reading it: none of its code runs.

use object::elf;
use object::read::elf::{ElfFile, FileHeader};
use object::{Endianness, Object as _, ObjectKind, ObjectSymbol as _, RelocationTarget, SymbolIndex};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// What is to be said of a provider that is the library's own file.
pub(crate) const IS_LIBRARY: &str =
    "libws2spi itself, the base provider, which cannot be a layer: no socket could be made of its chains";

/// Whether both paths lead to one file.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}

/// A shared object that can be a provider.
#[derive(Debug)]
pub(crate) struct ProviderFile {
    /// Functions that the file exports and also reaches by their names: another file that has them, and is looked at
    /// first, takes their place. Linked with -Bsymbolic, a file reaches its own without a name.
    replaceable: BTreeSet<String>,
}

impl ProviderFile {
    /// Reads a file; says what keeps it from being a provider.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let found = fs::metadata(path).map_err(|error| error.to_string())?;
        if !found.is_file() {
            return Err(String::from("not a file"));
        }
        let bytes = fs::read(path).map_err(|error| error.to_string())?;
        match bytes.get(4) {
            _ if !bytes.starts_with(&elf::ELFMAG) => Err(String::from("not an ELF file")),
            Some(&elf::ELFCLASS64) => Self::parse::<elf::FileHeader64<Endianness>>(&bytes),
            _ => Self::parse::<elf::FileHeader32<Endianness>>(&bytes),
        }
    }

    fn parse<E: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Result<Self, String> {
        let file = ElfFile::<E>::parse(bytes).map_err(|error| format!("a damaged ELF file: {error}"))?;
        if file.kind() != ObjectKind::Dynamic {
            return Err(String::from(
                "an ELF file, but not a shared object: link it with -shared",
            ));
        }
        if !is_of_this_machine(bytes) {
            return Err(format!(
                "made for another machine ({:?}) than this command",
                file.architecture()
            ));
        }
        let exported: HashMap<SymbolIndex, &str> = file
            .dynamic_symbols()
            .filter(|symbol| symbol.is_definition() && symbol.is_global())
            .filter_map(|symbol| Some((symbol.index(), symbol.name().ok()?)))
            .collect();
        if !exported.values().any(|name| *name == "WSPStartup") {
            return Err(String::from(
                "it does not export WSPStartup: define it as ws2spi.h declares it, with default visibility",
            ));
        }
        let reached = file.dynamic_relocations().into_iter().flatten();
        let replaceable = reached
            .filter_map(|(_, relocation)| match relocation.target() {
                RelocationTarget::Symbol(symbol) => exported.get(&symbol).copied().map(String::from),
                _ => None,
            })
            .collect();
        Ok(Self { replaceable })
    }

    /// Functions that the file exports and reaches by name.
    pub(crate) fn replaceable(&self) -> impl Iterator<Item = &str> {
        self.replaceable.iter().map(String::as_str)
    }
}

/// Whether a file has class, byte order and machine in common with the running command.
fn is_of_this_machine(bytes: &[u8]) -> bool {
    let marks = |bytes: &[u8]| Some((bytes.get(4..6)?.to_vec(), bytes.get(18..20)?.to_vec()));
    let own = fs::File::open("/proc/self/exe").and_then(|mut file| {
        let mut start = [0; 20];
        std::io::Read::read_exact(&mut file, &mut start)?;
        Ok(start)
    });
    // What cannot be known is left to the loader.
    own.map_or(true, |own| marks(&own) == marks(bytes))
}
