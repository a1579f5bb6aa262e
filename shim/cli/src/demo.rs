//! `ws2spi demo`: a server on the interface and a client that knows nothing of it.

use crate::failure::{Failure, Result};
use crate::library::Library;
use std::io::{self, Read as _, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs the demo in a process of its own, whose trace and words are in one stream, in order.
pub(crate) fn run(out: &mut dyn Write) -> Result<()> {
    let library = Library::load()?;
    writeln!(
        out,
        "An echo server on the functions of {}, with WS2SPI_LOG=trace:",
        library.file().display()
    )?;
    out.flush()?;
    let command = std::env::current_exe()
        .map_err(|error| Failure::problem(format!("this command's own file is not found: {error}")))?;
    let status = Command::new(command)
        .arg("inner-demo")
        .env("WS2SPI_LOG", "trace")
        .env_remove("WS2SPI_LOG_FILE")
        .stderr(Stdio::from(io::stdout()))
        .status()
        .map_err(|error| Failure::problem(format!("this command does not start again: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::problem(format!("the demo failed ({status})"))
        .advise("its last words say why; see also `ws2spi doctor`"))
}

/// The server and its client. Neither waits for the other for ever: what the client asks of the kernel is in the
/// server's queue before the server looks.
pub(crate) fn serve(out: &mut dyn Write) -> Result<()> {
    const MESSAGE: &[u8] = b"hello over the service provider interface";
    const LIMIT: Duration = Duration::from_secs(10);
    let client_failed = |error: io::Error| Failure::problem(format!("the client: {error}"));

    let library = Library::load()?;
    let provider = library.start()?;
    let listener = provider.socket()?;
    listener.bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
    listener.listen(5)?;
    let address = listener.local_address()?;

    let mut client = TcpStream::connect(address).map_err(client_failed)?;
    client.set_read_timeout(Some(LIMIT)).map_err(client_failed)?;
    let server = listener.accept()?;
    client.write_all(MESSAGE).map_err(client_failed)?;
    let mut bytes = [0; MESSAGE.len()];
    let mut received = 0;
    while let Some(room @ [_, ..]) = bytes.get_mut(received..) {
        match server.receive(room)? {
            0 => break,
            count => received += count,
        }
    }
    let mut rest = bytes.get(..received).unwrap_or_default();
    while !rest.is_empty() {
        let sent = server.send(rest)?;
        rest = rest.get(sent..).unwrap_or_default();
    }
    server.close()?;
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).map_err(client_failed)?;
    listener.close()?;
    let description = String::from(provider.description());
    provider.cleanup()?;

    writeln!(
        out,
        "The client, on plain POSIX sockets, sent and got back: {}",
        String::from_utf8_lossy(&answer)
    )?;
    if answer != MESSAGE {
        return Err(Failure::problem("the answer differs from what was sent"));
    }
    writeln!(out, "It works: {description}.")?;
    Ok(())
}
