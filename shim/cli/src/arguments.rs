//! What can be asked for, and the help that goes with it.

use clap::{Parser, Subcommand};

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
    Demo {
        /// Within the process that has the trace.
        #[arg(long, hide = true)]
        inner: bool,
    },
}
