//! The command `ws2spi`.

fn main() -> std::process::ExitCode {
    ws2spi_cli::main()
}
