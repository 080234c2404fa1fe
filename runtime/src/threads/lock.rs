//! # Locks: `_thread.lock` and `RLock`
//!
//! ```text
//!   acquire:  free? ---- yes --> take it: the GIL was never let go
//!               | no                  ^
//!               v                     | free
//!             wait on the word --> woken
//! ```
//!
//! - **I1** A lock's word is 1 while somebody has it. It does not know who: another thread may release it.
//! - **I2** A release frees the lock and wakes one of those that wait. It is not handed over: whoever comes first has it,
//!   and that may well be the one that released it, since it still has the GIL.
//! - **I3** An [`RLock`] knows its owner and how often it was acquired, and is a lock that is held while that is not 0.
//!
//! Source: `acquire_timed`, `lock_PyThread_release_lock`, `rlock_acquire`, `rlock_release` in
//! `Modules/_threadmodule.c`.

use super::shell::{Micros, Shell, Waited};
use super::word::{Guarded, Word};

/// A lock that nobody has, or not the one who wants to release it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAcquired;

/// How long somebody is ready to wait: a timeout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Patience {
    /// Not at all: `blocking=False`.
    None,
    /// So long: `timeout=`. 0 is not at all, too: CPython does not let the GIL go for that.
    Micros(Micros),
    /// For ever.
    Forever,
}

impl Patience {
    /// Whether there is any.
    pub(crate) fn waits(self) -> bool {
        !matches!(self, Patience::None | Patience::Micros(0))
    }

    /// When it is at its end.
    pub(crate) fn until<S: Shell>(self, shell: &S) -> Option<Micros> {
        match self {
            Patience::None => Some(0),
            Patience::Micros(micros) => Some(shell.now().saturating_add(micros)),
            Patience::Forever => None,
        }
    }

    /// What is left of it at `until`.
    pub(super) fn left<S: Shell>(shell: &S, until: Option<Micros>) -> Patience {
        match until.map(|until| until.saturating_sub(shell.now())) {
            None => Patience::Forever,
            Some(0) => Patience::None,
            Some(micros) => Patience::Micros(micros),
        }
    }
}

/// What a condition needs of the lock that it stands on: a [`Lock`], or an [`RLock`].
pub trait Hold {
    /// Takes it, if it is free before the patience is at its end. Whether it did. (Where a run can be over, that may be
    /// false for [`Patience::Forever`], too: I5 of [`super::shell`].)
    fn acquire<S: Shell>(&self, shell: &S, patience: Patience) -> bool;
    /// Lets it go.
    ///
    /// # Errors
    /// It was not acquired.
    fn release<S: Shell>(&self, shell: &S) -> Result<(), NotAcquired>;
    /// Lets it go altogether, to wait; how often it was acquired.
    ///
    /// # Errors
    /// It was not acquired.
    fn release_save<S: Shell>(&self, shell: &S) -> Result<u64, NotAcquired>;
    /// Takes it again as it was. Whether it did: false when the run is over, and somebody else has it.
    fn acquire_restore<S: Shell>(&self, shell: &S, saved: u64) -> bool;
    /// Whether this thread has it, as far as it knows.
    fn is_owned<S: Shell>(&self, shell: &S) -> bool;
}

/// `threading.Lock`
#[derive(Debug, Default)]
pub struct Lock<W = Guarded>(W);

impl Lock {
    /// A free lock.
    pub fn new() -> Self {
        Lock::default()
    }
}

impl<W: Word> Lock<W> {
    /// The lock that lies in a word: 0 is a free one.
    pub fn at(word: W) -> Self {
        Lock(word)
    }

    /// Whether somebody has it.
    pub fn locked(&self) -> bool {
        self.0.get() != 0
    }

    fn try_acquire(&self) -> bool {
        let free = !self.locked();
        if free {
            self.0.set(1);
        }
        free
    }
}

impl<W: Word> Hold for Lock<W> {
    #[inline]
    fn acquire<S: Shell>(&self, shell: &S, patience: Patience) -> bool {
        if self.try_acquire() {
            return true;
        }
        if !patience.waits() {
            return false;
        }
        let until = patience.until(shell);
        loop {
            let waited = shell.wait(self.0.key(), until);
            if self.try_acquire() {
                return true;
            }
            if waited == Waited::TimedOut {
                return false;
            }
        }
    }

    #[inline]
    fn release<S: Shell>(&self, shell: &S) -> Result<(), NotAcquired> {
        if !self.locked() {
            return Err(NotAcquired);
        }
        self.0.set(0);
        shell.wake(self.0.key(), 1);
        Ok(())
    }

    fn release_save<S: Shell>(&self, shell: &S) -> Result<u64, NotAcquired> {
        self.release(shell).map(|()| 1)
    }

    fn acquire_restore<S: Shell>(&self, shell: &S, _: u64) -> bool {
        self.acquire(shell, Patience::Forever)
    }

    fn is_owned<S: Shell>(&self, _: &S) -> bool {
        self.locked()
    }
}

/// `threading.RLock`
#[derive(Debug, Default)]
pub struct RLock<W = Guarded> {
    lock: Lock<W>,
    /// One more than the owner's number, or 0.
    owner: W,
    count: W,
}

impl RLock {
    /// A free lock.
    pub fn new() -> Self {
        RLock::default()
    }
}

impl<W: Word> RLock<W> {
    /// The lock that lies in three words, 0 at first.
    pub fn at(lock: W, owner: W, count: W) -> Self {
        RLock { lock: Lock(lock), owner, count }
    }

    fn owned_by<S: Shell>(&self, count: u64, shell: &S) {
        self.owner.set(u64::from(shell.me().0) + 1);
        self.count.set(count);
    }
}

impl<W: Word> Hold for RLock<W> {
    fn acquire<S: Shell>(&self, shell: &S, patience: Patience) -> bool {
        if self.is_owned(shell) {
            self.count.set(self.count.get() + 1);
            return true;
        }
        let acquired = self.lock.acquire(shell, patience);
        if acquired {
            self.owned_by(1, shell);
        }
        acquired
    }

    fn release<S: Shell>(&self, shell: &S) -> Result<(), NotAcquired> {
        if !self.is_owned(shell) {
            return Err(NotAcquired);
        }
        match self.count.get() - 1 {
            0 => self.release_save(shell).map(drop),
            count => {
                self.count.set(count);
                Ok(())
            }
        }
    }

    fn release_save<S: Shell>(&self, shell: &S) -> Result<u64, NotAcquired> {
        if !self.is_owned(shell) {
            return Err(NotAcquired);
        }
        let count = self.count.get();
        self.count.set(0);
        self.owner.set(0);
        self.lock.release(shell).map(|()| count)
    }

    fn acquire_restore<S: Shell>(&self, shell: &S, saved: u64) -> bool {
        let acquired = self.lock.acquire(shell, Patience::Forever);
        if acquired {
            self.owned_by(saved, shell);
        }
        acquired
    }

    fn is_owned<S: Shell>(&self, shell: &S) -> bool {
        self.lock.locked() && self.owner.get() == u64::from(shell.me().0) + 1
    }
}
