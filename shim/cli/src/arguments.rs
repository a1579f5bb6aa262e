//! What can be asked for, and the help that goes with it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use ws2spi::abi::GUID;

const EXAMPLES: &str = "\
Examples:
  ws2spi doctor                    is everything in order?
  ws2spi catalog list              the providers and their chains, in order
  ws2spi catalog install ./libcount.so --name Count
  ws2spi error 10048               what is WSAEADDRINUSE, and what helps?
  ws2spi demo                      an echo server on the interface, with its trace

Exit codes:
  0  done
  1  there is a problem; standard error says which
  2  the arguments are wrong

Environment:
  WS2SPI_LIBRARY=PATH  the library to use, by its absolute path; without it, the one
                       that belongs to this command, or the system's libws2spi.so.0
  WS2SPI_CATALOG=PATH  the catalog to use, as for every program";

/// Manage the Winsock service providers of this system, and find out what is wrong with them
#[derive(Parser, Debug)]
#[command(
    name = "ws2spi",
    version,
    after_help = EXAMPLES,
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Show and change which providers there are, and in which order
    #[command(
        disable_help_subcommand = true,
        after_help = "\
Without --catalog, --user or --system the catalog is the one that programs use: the file that
WS2SPI_CATALOG names, else the user's, else the system's. Where there is none yet, a change makes
root's in /etc/ws2spi, and everybody else's in ~/.config/ws2spi."
    )]
    Catalog {
        #[command(flatten)]
        store: Store,
        #[command(subcommand)]
        command: CatalogCommand,
    },

    /// Find out what is wrong with the installation
    ///
    /// Looks at the library, the headers, the catalog, each provider (which is loaded and started, in a process of its
    /// own), the system's limits and the environment. What is a problem, or may become one, is said with what to do.
    #[command(after_help = "\
The exit code is 1 if there is a problem. A warning is none.")]
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: Store,
    },

    /// Explain an error code
    #[command(after_help = "\
Examples:
  ws2spi error 10048
  ws2spi error WSAEADDRINUSE
  ws2spi error 0x80072740          the same as an HRESULT")]
    Error {
        /// The code: its number (10048, 0x2740, an HRESULT 0x8007....) or its name
        #[arg(value_name = "CODE|NAME")]
        code: String,
    },

    /// Show that the installed library works
    ///
    /// An echo server on the table of functions that WSPStartup fills serves a plain POSIX client, within one process,
    /// over the loopback interface. The calls of the server are shown.
    Demo,
}

/// Which catalog is meant.
#[derive(Args, Debug)]
#[command(next_help_heading = "Which catalog")]
pub(crate) struct Store {
    /// Use this catalog
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Use the user's catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)
    #[arg(long, global = true, conflicts_with = "catalog")]
    pub(crate) user: bool,
    /// Use the system's catalog, /etc/ws2spi/catalog.toml
    #[arg(long, global = true, conflicts_with_all = ["catalog", "user"])]
    pub(crate) system: bool,
}

/// What the command asks of another process of its own. Nobody else has a use for these, so neither help nor
/// completions know of them.
#[derive(Parser, Debug)]
#[command(name = "ws2spi", rename_all = "snake_case")]
pub(crate) enum Inner {
    /// The demo, within the process that has the trace.
    #[command(name = "inner-demo")]
    Demo,
    /// Read the catalog.
    #[command(name = "inner-catalog")]
    Catalog,
    /// Load a provider, and start it for these chains.
    #[command(name = "inner-provider")]
    Provider { file: PathBuf, chains: Vec<u32> },
}

impl Inner {
    /// What the process was started for, if it was for one of these.
    pub(crate) fn asked() -> Option<Self> {
        let is_inner = std::env::args()
            .nth(1)
            .is_some_and(|word| word.starts_with("inner-"));
        is_inner.then(Self::parse)
    }
}

#[derive(Subcommand, Debug)]
pub(crate) enum CatalogCommand {
    /// Print every entry, in the order in which sockets choose among them
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },

    /// Install a layered provider, in front of what it is layered over
    ///
    /// The file is checked by reading it; none of its code runs. Layer, chains and their order are changes of the catalog
    /// one after the other, each of which happens whole or not at all. What fails half-way is undone. What is killed
    /// half-way leaves what was done until then: `catalog list` shows it, `catalog check` says so of a layer that has no
    /// chain yet, and `catalog remove` removes it.
    #[command(after_help = "\
Without --over the layer is put over TCP and UDP of the base provider, over IPv4 and IPv6.
Prints the id and the name of each new entry: the layer's own, then its chains.

Examples:
  ws2spi catalog install ./libcount.so --name Count
  ws2spi catalog install /opt/filter/libfilter.so --name Filter --over 1001 1004 \\
      --category firewall inspector")]
    Install {
        /// The provider: a shared object that exports WSPStartup
        file: PathBuf,
        /// What people call it
        #[arg(long)]
        name: String,
        /// Put it over these entries, base protocols or chains
        #[arg(long, value_name = "ID", num_args = 1..)]
        over: Vec<u32>,
        /// It hands out the handles of the provider below (XP1_IFS_HANDLES)
        #[arg(long)]
        ifs: bool,
        /// Its GUID; without it, a new one
        #[arg(long, value_parser = parse_guid)]
        guid: Option<GUID>,
        /// What it does, for programs that do not load everything
        #[arg(long, value_name = "NAME", num_args = 1..)]
        category: Vec<Category>,
    },

    /// Remove a layer, with its chains
    ///
    /// The chains go one after the other, and the layer last; each of these changes happens whole or not at all. What
    /// fails or is killed half-way leaves the rest, which the same command removes: `catalog check` says so of a layer
    /// without chains, and of chains without their layer.
    #[command(after_help = "\
Prints the id and the name of each entry that was removed.")]
    Remove {
        /// The layer, or a chain of it: its catalog entry id, provider GUID or name
        #[arg(value_name = "ID|GUID|NAME")]
        layer: String,
        /// Remove also the chains of other layers that run through it
        #[arg(long)]
        with_dependents: bool,
    },

    /// Move entries to the front, in this order; the others follow as they are
    Order {
        /// Catalog entry ids
        #[arg(value_name = "ID", required = true)]
        ids: Vec<u32>,
    },

    /// Go back to the base provider alone
    ///
    /// The catalog's file is kept, as catalog.toml.1.bak and so on. It may be damaged.
    Reset,

    /// Read the whole catalog, and look at the file of each provider
    ///
    /// Reported are also chains that no socket can be made of: without their layer, through entries that are not there,
    /// through themselves; and layers without chains.
    #[command(after_help = "\
What is wrong is said with file and line, and the exit code is 1.")]
    Check,
}

/// What a layered provider does to its traffic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Category {
    System,
    Inspector,
    Redirector,
    Proxy,
    Firewall,
    InboundModify,
    OutboundModify,
    CryptoCompress,
    LocalCache,
}

impl Category {
    /// The bit, as ws2spi.h has it.
    pub(crate) const fn bit(self) -> u32 {
        match self {
            Self::System => 0x8000_0000,
            Self::Inspector => 0x01,
            Self::Redirector => 0x02,
            Self::Proxy => 0x04,
            Self::Firewall => 0x08,
            Self::InboundModify => 0x10,
            Self::OutboundModify => 0x20,
            Self::CryptoCompress => 0x40,
            Self::LocalCache => 0x80,
        }
    }

    /// The names of a set, then the bits that have none.
    pub(crate) fn names(set: u32) -> Vec<String> {
        let known = Self::value_variants()
            .iter()
            .filter(|category| set & category.bit() != 0);
        let rest = known.clone().fold(set, |rest, category| rest & !category.bit());
        let names = known.filter_map(|category| Some(String::from(category.to_possible_value()?.get_name())));
        names.chain((rest != 0).then(|| format!("{rest:#x}"))).collect()
    }
}

fn parse_guid(text: &str) -> Result<GUID, String> {
    crate::guid::parse(text)
        .ok_or_else(|| String::from("not a GUID, such as {E70F1AA0-AB8B-11CF-8CA3-00805F48A192}"))
}
