//! What a hand-over cannot be quicker than: one thread wakes another one, and nothing else
//!
//! A word says whose turn it is; the other thread is parked. There is no request, no interval and no lock.

use super::Contender;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};

/// Two threads that take turns.
#[derive(Debug, Default)]
pub struct Baton {
    holder: AtomicUsize,
    over: AtomicBool,
    threads: Mutex<Vec<Thread>>,
}

impl Baton {
    fn hand(&self, me: usize) {
        let other = self.threads.lock().unwrap_or_else(PoisonError::into_inner).get(1 - me).cloned();
        if let Some(other) = other {
            self.holder.store(1 - me, Ordering::Release);
            other.unpark();
        }
    }

    fn wait(&self, me: usize) {
        while self.holder.load(Ordering::Acquire) != me && !self.over.load(Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Contender for Baton {
    fn inside(&self, work: &mut dyn FnMut(&dyn Fn())) {
        let me = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.push(thread::current());
            threads.len() - 1
        };
        self.wait(me);
        work(&|| {
            self.hand(me);
            self.wait(me);
        });
        self.over.store(true, Ordering::Release);
        self.hand(me);
    }

    fn set_interval(&self, _: u64) {}
}
