//! # Objects that threads wait for one another with
//!
//! ```text
//!   lock        | WORD |                         1 while somebody has it
//!   RLock       | WORD | OWNER | COUNT |
//!   Event       | FLAG |
//!   Condition   | lock |                         threads wait on the condition's own address
//!   Semaphore   | VALUE |
//!   Queue       | items | MAXSIZE | NOT FULL |   a list; getters wait on the queue's address, putters on NOT FULL
//! ```
//!
//! A lock is the shell's ([`crate::threads::lock`]), in a word of an object. The others are made here anew: what
//! `threading.py` and `queue.py` keep in lists of their own must be where the collector sees it, and what they guard with
//! a lock needs none: between two switch points nobody else runs.
//!
//! - **I1** Who calls one of these holds the object: it lives as long as somebody waits.
//! - **I2** Who waits looks again when it is woken: another thread may have been faster.
//! - **I3** What a queue holds, its list holds: the collector sees it.
//!
//! Source: `Modules/_threadmodule.c`, `Lib/threading.py`, `Lib/queue.py` of 3.11.

use super::layout::word;
use super::machine::{Objects, World};
use super::types::Type;
use crate::threads::{Hold, InObject, Lock, NotAcquired, Patience, RLock, Shell, Waited, Word};
use kit::Field;
use kit::graph::Obj;

/// The word of a lock, the flag of an event, the value of a semaphore.
const WORD: u64 = 16;
const OWNER: u64 = 24;
const COUNT: u64 = 32;
/// The lock of a condition, the items of a queue.
const FIRST: Field<u64> = word(16);
const MAXSIZE: u64 = 24;
const NOT_FULL: u64 = 32;

impl<W: World> Objects<W> {
    fn word_in(&self, o: Obj, offset: u64) -> InObject<'_, W::Memory> {
        InObject { mem: self.mem(), at: o.0.plus(offset) }
    }

    /// Waits on a key until `is_so`, looked at again whenever somebody wakes this thread (I2). Whether it was so in time.
    fn wait_until<S: Shell>(&self, shell: &S, key: u64, patience: Patience, is_so: impl Fn() -> bool) -> bool {
        let until = patience.until(shell);
        let mut waited = if patience.waits() { Waited::Woken } else { Waited::TimedOut };
        while !is_so() {
            if waited == Waited::TimedOut {
                return false;
            }
            waited = shell.wait(key, until);
        }
        true
    }

    /// `threading.Lock()`. `None`: no memory. Owned.
    pub fn new_lock(&self) -> Option<Obj> {
        self.new_record(Type::Lock, &[])
    }

    /// What a lock is to those who take it.
    pub fn lock_of(&self, o: Obj) -> Lock<InObject<'_, W::Memory>> {
        Lock::at(self.word_in(o, WORD))
    }

    /// `threading.RLock()`. `None`: no memory. Owned.
    pub fn new_rlock(&self) -> Option<Obj> {
        self.new_record(Type::RLock, &[])
    }

    /// What an `RLock` is to those who take it.
    pub fn rlock_of(&self, o: Obj) -> RLock<InObject<'_, W::Memory>> {
        RLock::at(self.word_in(o, WORD), self.word_in(o, OWNER), self.word_in(o, COUNT))
    }

    /// `threading.Event()`. `None`: no memory. Owned.
    pub fn new_event(&self) -> Option<Obj> {
        self.new_record(Type::Event, &[])
    }

    /// Whether it has happened.
    pub fn event_is_set(&self, o: Obj) -> bool {
        self.number(o, WORD) != 0
    }

    /// It has happened: wakes all that wait for it.
    pub fn event_set<S: Shell>(&self, shell: &S, o: Obj) {
        self.set_number(o, WORD, 1);
        shell.wake(o.0.0, usize::MAX);
    }

    /// It has not happened.
    pub fn event_clear(&self, o: Obj) {
        self.set_number(o, WORD, 0);
    }

    /// Waits for it. Whether it has happened. Who was woken by `set` does not look again, as in `threading.py`.
    pub fn event_wait<S: Shell>(&self, shell: &S, o: Obj, patience: Patience) -> bool {
        if self.event_is_set(o) || !patience.waits() {
            return self.event_is_set(o);
        }
        shell.wait(o.0.0, patience.until(shell)) == Waited::Woken
    }

    /// `threading.Condition(lock)`: the lock is stolen. `None`: no memory. Owned.
    pub fn new_condition(&self, lock: Obj) -> Option<Obj> {
        self.new_record(Type::Condition, &[Some(lock)])
    }

    /// The lock it stands on. Borrowed.
    pub fn condition_lock(&self, o: Obj) -> Option<Obj> {
        self.field(o, FIRST)
    }

    /// The lock that is meant when somebody acquires `o`: that of a condition, or else `o` itself. Borrowed.
    pub fn condition_lock_of(&self, o: Obj) -> Obj {
        if self.is_a(o, Type::Condition) { self.condition_lock(o).unwrap_or(o) } else { o }
    }

    /// `c.wait()`: whether it was notified before the patience was at its end.
    ///
    /// # Errors
    /// This thread has not acquired the lock.
    pub fn condition_wait<S: Shell>(&self, shell: &S, o: Obj, patience: Patience) -> Result<bool, NotAcquired> {
        let lock = self.condition_lock(o).ok_or(NotAcquired)?;
        match self.is_a(lock, Type::RLock) {
            true => self.wait_without(shell, o, &self.rlock_of(lock), patience),
            false => self.wait_without(shell, o, &self.lock_of(lock), patience),
        }
    }

    fn wait_without<S: Shell>(
        &self,
        shell: &S,
        o: Obj,
        lock: &impl Hold,
        patience: Patience,
    ) -> Result<bool, NotAcquired> {
        if !lock.is_owned(shell) {
            return Err(NotAcquired);
        }
        let saved = lock.release_save(shell)?;
        let woken = patience.waits() && shell.wait(o.0.0, patience.until(shell)) == Waited::Woken;
        if lock.acquire_restore(shell, saved) { Ok(woken) } else { Err(NotAcquired) }
    }

    /// `c.notify(count)`
    ///
    /// # Errors
    /// This thread has not acquired the lock.
    pub fn condition_notify<S: Shell>(&self, shell: &S, o: Obj, count: usize) -> Result<(), NotAcquired> {
        let lock = self.condition_lock(o).ok_or(NotAcquired)?;
        let owned = match self.is_a(lock, Type::RLock) {
            true => self.rlock_of(lock).is_owned(shell),
            false => self.lock_of(lock).is_owned(shell),
        };
        if !owned {
            return Err(NotAcquired);
        }
        shell.wake(o.0.0, count);
        Ok(())
    }

    /// `threading.Semaphore(value)`. `None`: no memory. Owned.
    pub fn new_semaphore(&self, value: u64) -> Option<Obj> {
        let o = self.new_record(Type::Semaphore, &[])?;
        self.set_number(o, WORD, value);
        Some(o)
    }

    /// Waits to be let in. Whether it was.
    pub fn semaphore_acquire<S: Shell>(&self, shell: &S, o: Obj, patience: Patience) -> bool {
        let let_in = self.wait_until(shell, o.0.0, patience, || self.number(o, WORD) > 0);
        if let_in {
            self.set_number(o, WORD, self.number(o, WORD) - 1);
        }
        let_in
    }

    /// Lets one more in.
    pub fn semaphore_release<S: Shell>(&self, shell: &S, o: Obj) {
        self.set_number(o, WORD, self.number(o, WORD) + 1);
        shell.wake(o.0.0, 1);
    }

    /// `queue.Queue(maxsize)`; 0: as many items as there are. `None`: no memory. Owned.
    pub fn new_queue(&self, maxsize: u64) -> Option<Obj> {
        let items = self.new_list()?;
        let o = self.new_record(Type::Queue, &[Some(items)])?;
        self.set_number(o, MAXSIZE, maxsize);
        Some(o)
    }

    /// The list of its items, the oldest first. `None`: a collection has taken it apart already. Borrowed.
    pub fn queue_items(&self, o: Obj) -> Option<Obj> {
        self.field(o, FIRST)
    }

    /// Puts a stolen item in, when there is room. Whether there was in time; if not, the item is dropped. `None`: no
    /// memory.
    pub fn queue_put<S: Shell>(&self, shell: &S, o: Obj, item: Obj, patience: Patience) -> Option<bool> {
        let Some(items) = self.queue_items(o) else {
            self.decref(item);
            return Some(false);
        };
        let most = self.number(o, MAXSIZE);
        let key = self.word_in(o, NOT_FULL).key();
        if !self.wait_until(shell, key, patience, || most == 0 || self.list_len(items) < most) {
            self.decref(item);
            return Some(false);
        }
        self.list_append(items, item)?;
        shell.wake(o.0.0, 1);
        Some(true)
    }

    /// Takes the oldest item out. `None`: there was none in time. Owned.
    pub fn queue_get<S: Shell>(&self, shell: &S, o: Obj, patience: Patience) -> Option<Obj> {
        let items = self.queue_items(o)?;
        if !self.wait_until(shell, o.0.0, patience, || self.list_len(items) > 0) {
            return None;
        }
        let item = self.list_take_first(items);
        shell.wake(self.word_in(o, NOT_FULL).key(), 1);
        Some(item)
    }

    /// `list.pop(0)` of a list with an item. Owned.
    fn list_take_first(&self, list: Obj) -> Obj {
        let last = self.list_len(list) - 1;
        let first = self.new_ref(self.list_get(list, 0));
        for at in 0..last {
            let next = self.new_ref(self.list_get(list, at + 1));
            self.list_set(list, at, next);
        }
        self.decref_some(self.list_pop(list));
        first
    }
}
