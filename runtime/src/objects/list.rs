//! # Lists: items in a table elsewhere
//!
//! ```text
//!   | NEXT | PREV |  o -> | REFS | TYPE | SIZE | ITEMS | CAPACITY |
//!                                                  |
//!                                                  +--> | item | item | ... room for CAPACITY |
//! ```
//!
//! How much room there is, and when an item is let go, is the part [`super::containers`]; here is the service that it
//! works with, and what is not the same for a program that asks for a list of a known length.
//!
//! Source: `Objects/listobject.c`.

use super::layout::{LIST, LIST_CAPACITY, LIST_ITEMS, SIZE, reference, stored};
use super::machine::{Objects, World, the};
use super::state::Kept;
use super::types::Type;
use kit::containers::{Containers, Items};
use kit::graph::Obj;
use kit::{Addr, Memory};
use std::fmt;

impl<W: World> Objects<W> {
    /// `[]`, tracked. `None`: no memory. Owned.
    pub fn new_list(&self) -> Option<Obj> {
        let kept = self.take_kept(Kept::List, Type::List);
        let list = kept.or_else(|| self.new_collected(Type::List, LIST))?;
        self.mem().set(list, SIZE, 0);
        self.mem().set(list, LIST_ITEMS, 0);
        self.mem().set(list, LIST_CAPACITY, 0);
        self.track(list);
        Some(list)
    }

    /// A list of stolen references with room for exactly these, tracked. `None`: no memory; they are dropped. Owned.
    pub fn new_list_of(&self, items: &[Obj]) -> Option<Obj> {
        let list = self.new_list();
        let made = list.filter(|list| items.is_empty() || Items::resize(self, *list, items.len() as u64));
        if made.is_none() {
            items.iter().for_each(|item| self.decref(*item));
            self.decref_some(list);
            return None;
        }
        for (at, item) in (0..).zip(items) {
            self.mem().write(self.list_place(list?, at), item.0.0);
        }
        self.mem().set(list?, SIZE, items.len() as u64);
        list
    }

    /// Items of `list`.
    #[inline]
    pub fn list_len(&self, list: Obj) -> u64 {
        self.mem().get(list, SIZE)
    }

    /// Item `at`. Borrowed.
    #[inline]
    pub fn list_get(&self, list: Obj, at: u64) -> Obj {
        debug_assert!(at < self.list_len(list), "no item {at}");
        Obj(Addr(self.mem().read(self.list_place(list, at))))
    }

    /// `list[at] = value`: stolen.
    pub fn list_set(&self, list: Obj, at: u64, value: Obj) {
        the::<W::Containers>().store(self, list, at, self.owned(value));
    }

    /// `list.append(value)`: stolen. `None`: no memory; it is dropped.
    pub fn list_append(&self, list: Obj, value: Obj) -> Option<()> {
        the::<W::Containers>().append(self, list, self.owned(value)).ok()
    }

    /// `list.pop()`: owned. `None`: it is empty.
    pub fn list_pop(&self, list: Obj) -> Option<Obj> {
        the::<W::Containers>().pop(self, list).map(Owned::into_obj)
    }

    /// `list.clear()`
    pub fn list_clear(&self, list: Obj) {
        the::<W::Containers>().clear(self, list);
    }

    #[inline]
    fn list_place(&self, list: Obj, at: u64) -> Addr {
        Addr(self.mem().get(list, LIST_ITEMS)).plus(8 * at)
    }

    #[inline]
    pub(crate) fn owned(&self, value: Obj) -> Owned<'_, W> {
        Owned { objects: self, value }
    }
}

/// A reference that is dropped with it.
pub struct Owned<'a, W: World> {
    objects: &'a Objects<W>,
    value: Obj,
}

impl<W: World> Owned<'_, W> {
    /// The object; this handle keeps the reference.
    #[inline]
    pub fn as_obj(&self) -> Obj {
        self.value
    }

    /// The reference; nobody drops it now.
    #[inline]
    pub fn into_obj(self) -> Obj {
        let value = self.value;
        std::mem::forget(self);
        value
    }
}

impl<W: World> Drop for Owned<'_, W> {
    #[inline]
    fn drop(&mut self) {
        self.objects.decref(self.value);
    }
}

impl<W: World> fmt::Debug for Owned<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.objects.host.name(self.value))
    }
}

/// A table that no list has any more.
pub struct Table<'a, W: World> {
    objects: &'a Objects<W>,
    at: Addr,
    first: u64,
    end: u64,
}

impl<'a, W: World> Iterator for Table<'a, W> {
    type Item = Owned<'a, W>;

    fn next(&mut self) -> Option<Owned<'a, W>> {
        (self.first < self.end).then(|| {
            self.first += 1;
            self.item(self.first - 1)
        })
    }
}

impl<W: World> DoubleEndedIterator for Table<'_, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        (self.first < self.end).then(|| {
            self.end -= 1;
            self.item(self.end)
        })
    }
}

impl<'a, W: World> Table<'a, W> {
    #[inline]
    fn item(&self, place: u64) -> Owned<'a, W> {
        self.objects.owned(Obj(Addr(self.objects.mem().read(self.at.plus(8 * place)))))
    }
}

impl<W: World> Drop for Table<'_, W> {
    fn drop(&mut self) {
        self.by_ref().for_each(drop);
        if self.at != Addr(0) {
            self.objects.heap.free(self.at);
        }
    }
}

impl<W: World> Items for Objects<W> {
    type Owned<'a> = Owned<'a, W>;
    type Table<'a> = Table<'a, W>;

    fn name(&self, list: Obj) -> String {
        self.host.name(list)
    }

    #[inline]
    fn len(&self, list: Obj) -> u64 {
        self.mem().get(list, SIZE)
    }

    #[inline]
    fn set_len(&self, list: Obj, len: u64) {
        self.mem().set(list, SIZE, len);
    }

    #[inline]
    fn capacity(&self, list: Obj) -> u64 {
        self.mem().get(list, LIST_CAPACITY)
    }

    /// `realloc(0)` of a table that is there gives a small block of its own, as CPython's `PyMem_Realloc` does.
    fn resize(&self, list: Obj, capacity: u64) -> bool {
        let Some(bytes) = capacity.checked_mul(8) else { return false };
        let table = match reference(self.mem().get(list, LIST_ITEMS)) {
            Some(old) => self.heap.realloc(old.0, bytes),
            None => self.heap.malloc(bytes),
        };
        let Some(table) = table else { return false };
        self.mem().set(list, LIST_ITEMS, table.0);
        // A place is read before it is first filled: `replace` hands out what was there.
        let before = self.mem().get(list, LIST_CAPACITY);
        (before..capacity).for_each(|place| self.mem().write(table.plus(8 * place), 0));
        self.mem().set(list, LIST_CAPACITY, capacity);
        true
    }

    #[inline]
    fn replace<'a>(&'a self, list: Obj, at: u64, value: Option<Owned<'a, W>>) -> Option<Owned<'a, W>> {
        let place = self.list_place(list, at);
        let old = reference(self.mem().read(place));
        self.mem().write(place, stored(value.map(Owned::into_obj)));
        old.map(|old| self.owned(old))
    }

    fn take_table<'a>(&'a self, list: Obj) -> Table<'a, W> {
        let (at, end) = (Addr(self.mem().get(list, LIST_ITEMS)), self.mem().get(list, SIZE));
        self.mem().set(list, SIZE, 0);
        self.mem().set(list, LIST_ITEMS, 0);
        self.mem().set(list, LIST_CAPACITY, 0);
        self.foresee(at.plus((8 * end).wrapping_sub(8)), end, -8);
        Table { objects: self, at, first: 0, end }
    }
}
