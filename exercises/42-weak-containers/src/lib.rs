//! # Exercise `weak-containers`: a cache that forgets, safe while iterated  about 35 minutes
//!
//! Chapter: "A cache that forgets" (`cargo xtask book weak-containers`).
//! Write:   `set`, `get`, `on_death`, `begin_iteration`, `end_iteration`, `len`, in this file only.
//! Check:   `cargo xtask grade weak-containers`                        Stuck: `cargo xtask hint weak-containers`
//! Try your own scenario: write a `.ops` file and `cargo xtask show weak-containers my.ops`
//!
//! ```text
//!   cache["a"] = value         "a" --> weak reference --> value <-- somebody's variable
//!   del the variable           the value dies; its weak reference is cleared; on_death("a")
//!   len(cache)                 0: nobody had to clear up
//!
//!   for v in cache: ...        and a value dies while you look: its entry stays where it is, for now
//! ```
//!
//! The table holds weak references, so it keeps no value alive. When a value dies the cache hears of it and removes the
//! entry. There are two traps.
//!
//! *When* a value dies nobody knows: in the middle of a loop over the table, say, and a table must not lose an entry
//! while somebody walks over it. So while anybody iterates, removals are put off; the last one who is done makes up for
//! them.
//!
//! *Which* value died? Between its death and the news of it somebody may have stored another value for the same key.
//! The news is old, then, and must not remove what is new.
//!
//! - **I1** The cache keeps no value alive. Who gets a value from it, keeps it.
//! - **I2** An entry is removed only when the value that it refers to is dead.
//! - **I3** While anybody iterates no entry is removed. The key of a dead one is put off, once.
//! - **I4** When the last one who iterates is done, each entry that was put off is removed; nothing is put off any more.
//! - **I5** A key that gets a new value is not put off: its entry lives.
//! - **I6** The length is the number of entries without those that were put off.
//! - **I7** A value that is stored and that nobody else holds is gone afterwards, and its entry with it: the reference
//!   that `set` was given is dropped last, when everything is in its place.
//!
//! How to speak to the cache: `s.entry(key)` is the weak reference that the table has for a key, `s.value(&weak)` the
//! value, as long as it lives: a handle, which keeps it alive until you drop it. `s.watch(key, &value)` makes a weak
//! reference, `s.store(key, weak)` puts it into the table. `println!("{}", s.name(key))` and `dbg!(s)` are yours.
//!
//! Source: `WeakValueDictionary`, `_IterationGuard` in `Lib/weakref.py`, `Lib/_weakrefset.py` (up to 3.13).

use kit::graph::Obj;
use kit::weak_containers::*; // Cache

/// `cache[key] = value` (I1, I5, I7). `false`: no memory, and nothing changed.
pub fn set<'a, S: Cache>(s: &'a S, key: Obj, value: S::Owned<'a>) -> bool {
    todo!("{value:?} for {}: {s:?}", s.name(key))
}

/// `cache.get(key)`: the value, as long as it lives (I1).
pub fn get<'a, S: Cache>(s: &'a S, key: Obj) -> Option<S::Owned<'a>> {
    todo!("what is there for {}? {s:?}", s.name(key))
}

/// A value that was stored for `key` is dead (I2, I3). The news may be old.
pub fn on_death<S: Cache>(s: &S, key: Obj) {
    todo!("something that was stored for {} is dead: {s:?}", s.name(key))
}

/// Somebody begins to iterate (I3).
pub fn begin_iteration<S: Cache>(s: &S) {
    todo!("one more looks at {s:?}")
}

/// Somebody is done. Was it the last one? (I4)
pub fn end_iteration<S: Cache>(s: &S) {
    todo!("one less looks at {s:?}")
}

/// `len(cache)` (I6).
pub fn len<S: Cache>(s: &S) -> u64 {
    todo!("how many are there? {s:?}")
}

kit::plug_weak_containers!();
