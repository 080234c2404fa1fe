//! # Thread objects, and variables of a thread's own
//!
//! ```text
//!   Thread   | what it calls | arguments | STATE | ALIVE |         ALIVE: a lock that is held until its end
//!   Local    | dict: thread's number -> dict of its attributes |
//! ```
//!
//! - **I1** A thread holds what it calls and the arguments until that has returned, then neither.
//! - **I2** A thread's attributes of a local die when the thread ends, before anybody who joined it goes on, or when the
//!   local itself dies.
//!
//! Source: `Thread.run` in `Lib/threading.py`, `localobject` in `Modules/_threadmodule.c` of 3.11.

use super::equal::Refused;
use super::layout::word;
use super::machine::{Objects, World};
use super::types::Type;
use crate::threads::{Hold, InObject, Lock, Patience, Shell, Word};
use kit::Field;
use kit::gil::ThreadId;
use kit::graph::Obj;

const FIRST: Field<u64> = word(16);
const ARGUMENTS: Field<u64> = word(24);
const STATE: u64 = 32;
const ALIVE: u64 = 40;

/// How far a thread is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Life {
    /// It was made.
    Made,
    /// Somebody started it.
    Started,
    /// It has the GIL, or had it.
    Runs,
    /// It has ended.
    Ended,
}

impl<W: World> Objects<W> {
    /// `threading.Thread(target=function, args=arguments)`: both are stolen. `None`: no memory. Owned.
    pub fn new_thread(&self, function: Obj, arguments: Obj) -> Option<Obj> {
        self.new_record(Type::Thread, &[Some(function), Some(arguments)])
    }

    /// How far it is.
    pub fn thread_life(&self, o: Obj) -> Life {
        [Life::Made, Life::Started, Life::Runs, Life::Ended][self.number(o, STATE) as usize]
    }

    fn alive(&self, o: Obj) -> Lock<InObject<'_, W::Memory>> {
        Lock::at(InObject { mem: self.mem(), at: o.0.plus(ALIVE) })
    }

    fn said(&self, o: Obj) -> u64 {
        InObject { mem: self.mem(), at: o.0.plus(STATE) }.key()
    }

    /// It is about to be started.
    pub fn thread_starts<S: Shell>(&self, shell: &S, o: Obj) {
        self.set_number(o, STATE, Life::Started as u64);
        self.alive(o).acquire(shell, Patience::None);
    }

    /// The system has no thread for it: it may be started again.
    pub fn thread_start_failed<S: Shell>(&self, shell: &S, o: Obj) {
        self.set_number(o, STATE, Life::Made as u64);
        let released = self.alive(o).release(shell);
        debug_assert!(released.is_ok(), "it was acquired when it was started");
    }

    /// Whoever started it waits here until it runs.
    pub fn thread_wait_started<S: Shell>(&self, shell: &S, o: Obj) {
        while self.thread_life(o) == Life::Started && shell.wait(self.said(o), None) == crate::threads::Waited::Woken {}
    }

    /// The new thread says that it runs.
    pub fn thread_runs<S: Shell>(&self, shell: &S, o: Obj) {
        self.set_number(o, STATE, Life::Runs as u64);
        shell.wake(self.said(o), 1);
    }

    /// What it calls, and with what: a tuple. Borrowed.
    pub fn thread_target(&self, o: Obj) -> Option<(Obj, Obj)> {
        Some((self.field(o, FIRST)?, self.field(o, ARGUMENTS)?))
    }

    /// What it called has returned: it lets go of it (I1).
    pub fn thread_returned(&self, o: Obj) {
        self.set_field(o, FIRST, None);
        self.set_field(o, ARGUMENTS, None);
    }

    /// It has ended: whoever joined it goes on.
    pub fn thread_ended<S: Shell>(&self, shell: &S, o: Obj) {
        self.set_number(o, STATE, Life::Ended as u64);
        let released = self.alive(o).release(shell);
        debug_assert!(released.is_ok(), "it was acquired when it was started");
    }

    /// Waits for its end. Whether it has come.
    pub fn thread_join<S: Shell>(&self, shell: &S, o: Obj, patience: Patience) -> bool {
        let ended = self.alive(o).acquire(shell, patience);
        if ended {
            let released = self.alive(o).release(shell);
            debug_assert!(released.is_ok(), "it is acquired here");
        }
        ended
    }

    /// `threading.local()`. `None`: no memory. Owned.
    pub fn new_local(&self) -> Option<Obj> {
        let threads = self.new_dict()?;
        self.new_record(Type::Local, &[Some(threads)])
    }

    /// The dict of a thread's attributes. `None`: it has none. Borrowed.
    pub fn local_dict(&self, o: Obj, thread: ThreadId) -> Result<Option<Obj>, Refused> {
        let key = self.owned(self.new_int(i64::from(thread.0)).ok_or(Refused::NoMemory)?);
        self.field(o, FIRST).map_or(Ok(None), |threads| self.dict_lookup(threads, key.as_obj()))
    }

    /// The thread has attributes from now on: an empty dict. Borrowed.
    pub fn new_local_dict(&self, o: Obj, thread: ThreadId) -> Result<Obj, Refused> {
        let key = self.owned(self.new_int(i64::from(thread.0)).ok_or(Refused::NoMemory)?);
        let dict = self.new_dict().ok_or(Refused::NoMemory)?;
        if self.field(o, FIRST).is_none() {
            // A collection has taken it apart already.
            self.set_field(o, FIRST, self.new_dict());
        }
        let threads = self.field(o, FIRST).ok_or(Refused::NoMemory)?;
        self.dict_set(threads, key.into_obj(), dict)?;
        Ok(dict)
    }

    /// The thread ends: its attributes die (I2).
    pub fn local_ends(&self, o: Obj, thread: ThreadId) -> Result<(), Refused> {
        let key = self.owned(self.new_int(i64::from(thread.0)).ok_or(Refused::NoMemory)?);
        self.field(o, FIRST).map_or(Ok(()), |threads| self.dict_del(threads, key.as_obj()).map(drop))
    }
}
