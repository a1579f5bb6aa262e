//! Shows what the library is for: a C server, written against ws2spi.h and linked to libws2spi, serves a client that
//! knows nothing of Winsock. The server's log shows the calls.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;
use ws2spi_tests::{compiler, library, place};

const LIMIT: Duration = Duration::from_secs(10);

fn main() -> Result<(), Box<dyn Error>> {
    library::build();
    let source = place::root().join("tests/demo/echo.c");
    let server = place::scratch("demo").join("echo");
    compiler::C::new("cc")
        .std("c11")
        .args(compiler::STRICT)
        .ws2spi()
        .args(library::link())
        .compile(&source, &server)?;

    println!("The server: tests/demo/echo.c, with WS2SPI_LOG=trace");
    let mut running = Command::new(&server)
        .env("WS2SPI_LOG", "trace")
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = BufReader::new(running.stdout.take().ok_or("the server has no output")?);
    let mut line = String::new();
    said.read_line(&mut line)?;
    let port: u16 = line.trim().rsplit(' ').next().unwrap_or_default().parse()?;

    let message = b"hello over the service provider interface";
    let mut client = TcpStream::connect(("127.0.0.1", port))?;
    client.set_read_timeout(Some(LIMIT))?;
    client.write_all(message)?;
    let mut answer = vec![0; message.len()];
    client.read_exact(&mut answer)?;
    drop(client);

    let status = running.wait()?;
    println!(
        "The client, on plain POSIX sockets, sent and got back: {}",
        String::from_utf8_lossy(&answer)
    );
    if answer == message && status.success() {
        println!("ws2spi works.");
        Ok(())
    } else {
        Err(format!("the answer differs, or the server failed ({status})").into())
    }
}
