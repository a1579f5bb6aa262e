//! libws2spi: the Winsock service provider interface over POSIX.
