//! # Reading and writing without the GIL
//!
//! - **I1** What blocks works on bytes of the host: they are copied from an object before the GIL is let go, and into a
//!   new one when it is there again. (CPython reads into the object's own memory; nobody can have seen that yet, either.)
//!
//! Source: `_Py_read`, `_Py_write` in `Python/fileutils.c`, `sock_recv` in `Modules/socketmodule.c`.

use super::{Gil, Owned};
use crate::objects::machine::World;
use std::io::{self, Read, Write};

impl<'g, W: World> Gil<'g, W> {
    /// `os.read`, `socket.recv`: at most `count` bytes, as soon as there are some. Empty: the end.
    ///
    /// # Errors
    /// Those of the system; [`io::ErrorKind::OutOfMemory`] when there is no memory for the object.
    pub fn read(self, from: &mut (impl Read + Send), count: usize) -> io::Result<Owned<'g, W>> {
        let mut buffer = vec![0; count];
        let read = self.allow_threads(|| from.read(&mut buffer))?;
        self.bytes(&buffer[..read]).ok_or_else(|| io::ErrorKind::OutOfMemory.into())
    }

    /// `os.write`, `socket.send`: how many of the bytes of a bytes object were written.
    ///
    /// # Errors
    /// Those of the system.
    pub fn write(self, to: &mut (impl Write + Send), bytes: &Owned<'g, W>) -> io::Result<usize> {
        let buffer = bytes.to_bytes();
        self.allow_threads(|| to.write(&buffer))
    }
}
