//! The README's whole programs: they are those of tests/demo, word for word, and they work.

use crate::{LIMIT, cc};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use ws2spi_tests::{library, place};

/// A C program that the README shows from its first line to its last is a file of tests/demo.
#[test]
fn programs_are_those_of_the_demo() {
    let folder = place::root().join("tests/demo");
    let files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| place::text(&entry.unwrap().path()))
        .collect();
    let readme = place::text(&place::root().join("README.md"));
    let shown = readme
        .split("```c\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    for program in shown.filter(|program| program.contains("int main(")) {
        assert!(files.iter().any(|file| file == program), "no file is\n{program}");
    }
}

/// A server that runs until the test ends.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(source: &str) -> Self {
        library::build();
        let made = place::scratch("demo").join(source.trim_end_matches(".c"));
        cc().std("c11")
            .args(["-pthread"])
            .ws2spi()
            .args(library::link())
            .compile(&place::root().join("tests/demo").join(source), &made)
            .unwrap();
        let mut process = Command::new(&made).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        let port = said.trim().rsplit(' ').next().unwrap().parse().unwrap();
        Self { process, port }
    }

    fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        client.set_read_timeout(Some(LIMIT)).unwrap();
        client.set_write_timeout(Some(LIMIT)).unwrap();
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// NEED-S8: clients at once, each with more than a buffer's worth; one that goes without a word leaves the rest alone.
#[test]
fn the_completion_port_server_echoes() {
    let server = Server::start("iocp.c");
    let rude = server.connect();
    thread::scope(|scope| {
        for client in 0..16u8 {
            let mut stream = server.connect();
            scope.spawn(move || {
                let message: Vec<u8> = (0..20_000u32).map(|at| (at * 31) as u8 ^ client).collect();
                let mut sending = stream.try_clone().unwrap();
                let sent = message.clone();
                let sender = thread::spawn(move || sending.write_all(&sent).unwrap());
                let mut answer = vec![0; message.len()];
                stream.read_exact(&mut answer).unwrap();
                sender.join().unwrap();
                assert!(answer == message, "client {client} got something else");
                stream.shutdown(std::net::Shutdown::Write).unwrap();
                assert_eq!(
                    stream.read(&mut answer).unwrap(),
                    0,
                    "the server closes after the client"
                );
            });
        }
        drop(rude);
    });
    let mut late = server.connect();
    late.write_all(b"still there?").unwrap();
    let mut answer = [0; 12];
    late.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"still there?");
}
