//! # The parts, and how often each was asked
//!
//! Parts hold no state, so what is counted stands in words of this process.

use kit::Addr;
use kit::containers::{self, Items};
use kit::free_lists::{self, FreeListAt, Stock};
use kit::graph::Obj;
use kit::refcount::{self, Counted};
use kit::trashcan::{self, Can};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// References that were counted, up and down.
pub(crate) static UP: AtomicU64 = AtomicU64::new(0);
pub(crate) static DOWN: AtomicU64 = AtomicU64::new(0);
/// Objects whose count came to 0.
pub(crate) static DIED: AtomicU64 = AtomicU64::new(0);
/// Blocks that a free list kept, and that one gave.
pub(crate) static KEPT: AtomicU64 = AtomicU64::new(0);
pub(crate) static REUSED: AtomicU64 = AtomicU64::new(0);
/// Small integers that somebody asked for, and strings that were there already.
pub(crate) static SMALL: AtomicU64 = AtomicU64::new(0);
pub(crate) static SAME: AtomicU64 = AtomicU64::new(0);
/// Items that were appended, and tables that had to grow for it.
pub(crate) static APPENDED: AtomicU64 = AtomicU64::new(0);
pub(crate) static GREW: AtomicU64 = AtomicU64::new(0);
/// The deepest nesting, and objects that had to wait.
pub(crate) static DEEPEST: AtomicU64 = AtomicU64::new(0);
pub(crate) static WAITED: AtomicU64 = AtomicU64::new(0);

fn one(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

/// Counting references.
#[derive(Default)]
pub(crate) struct Refcount<P>(P);

impl<S: Counted, P: refcount::Refcount<S>> refcount::Refcount<S> for Refcount<P> {
    #[inline]
    fn incref(&self, s: &S, o: Obj) {
        one(&UP);
        self.0.incref(s, o);
    }
    #[inline]
    fn decref(&self, s: &S, o: Obj) {
        one(&DOWN);
        self.0.decref(s, o);
    }
    #[inline]
    fn dealloc(&self, s: &S, o: Obj) {
        self.0.dealloc(s, o);
    }
}

/// Free lists, small integers, interned strings.
#[derive(Default)]
pub(crate) struct FreeLists<P>(P);

impl<S: Stock, P: free_lists::FreeLists<S>> free_lists::FreeLists<S> for FreeLists<P> {
    fn take(&self, s: &S, list: FreeListAt) -> Option<Addr> {
        self.0.take(s, list).inspect(|_| one(&REUSED))
    }
    fn put(&self, s: &S, list: FreeListAt, block: Addr) -> bool {
        let kept = self.0.put(s, list, block);
        KEPT.fetch_add(u64::from(kept), Relaxed);
        kept
    }
    fn small_int(&self, value: i64) -> Option<u64> {
        self.0.small_int(value).inspect(|_| one(&SMALL))
    }
    fn intern(&self, s: &S, text: Obj) -> Obj {
        let same = self.0.intern(s, text);
        SAME.fetch_add(u64::from(same != text), Relaxed);
        same
    }
}

/// Lists.
#[derive(Default)]
pub(crate) struct Containers<P>(P);

impl<S: Items, P: containers::Containers<S>> containers::Containers<S> for Containers<P> {
    fn room(&self, capacity: u64, len: u64, wanted: u64) -> u64 {
        self.0.room(capacity, len, wanted)
    }
    fn store<'a>(&self, s: &'a S, list: Obj, at: u64, value: S::Owned<'a>) {
        self.0.store(s, list, at, value);
    }
    fn append<'a>(&self, s: &'a S, list: Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>> {
        let before = s.capacity(list);
        let done = self.0.append(s, list, value);
        one(&APPENDED);
        GREW.fetch_add(u64::from(s.capacity(list) != before), Relaxed);
        done
    }
    fn pop<'a>(&self, s: &'a S, list: Obj) -> Option<S::Owned<'a>> {
        self.0.pop(s, list)
    }
    fn clear(&self, s: &S, list: Obj) {
        self.0.clear(s, list);
    }
}

/// The trashcan.
#[derive(Default)]
pub(crate) struct Trashcan<P>(P);

impl<S: Can, P: trashcan::Trashcan<S>> trashcan::Trashcan<S> for Trashcan<P> {
    fn begin(&self, can: &S, o: Obj) -> bool {
        let begins = self.0.begin(can, o);
        one(if begins { &DIED } else { &WAITED });
        DEEPEST.fetch_max(can.depth(), Relaxed);
        begins
    }
    fn end(&self, can: &S) {
        self.0.end(can);
    }
}
