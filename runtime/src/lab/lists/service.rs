//! # What the part may do with lists
//!
//! | | |
//! |---|---|
//! | `set_len` | to a length that there is room for; all places below are filled, all above are empty |
//! | `resize` | when what is beyond the new end is empty |
//! | `replace` | in a place that the table has |
//!
//! Each call is held to this table; the sentence names the line of the part.

use super::Lists;
use kit::containers::Items;
use kit::graph::Obj;
use kit::observe::Observer;
use std::collections::VecDeque;
use std::collections::vec_deque;
use std::fmt;

/// A handle for an item.
pub struct Owned<'l, O: Observer + 'static> {
    pub(super) lists: &'l Lists<O>,
    pub(super) item: usize,
}

impl<O: Observer> Owned<'_, O> {
    /// What it is a handle for.
    pub(in super::super) fn name(&self) -> String {
        self.lists.items.borrow()[self.item].name.clone()
    }
}

impl<O: Observer> fmt::Debug for Owned<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl<O: Observer> Drop for Owned<'_, O> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.lists.scene();
        let left = {
            let mut items = self.lists.items.borrow_mut();
            items[self.item].refs -= 1;
            items[self.item].refs
        };
        if left == 0 {
            self.lists.die(self.item);
        }
    }
}

/// A table that no list has any more.
#[derive(Debug)]
pub struct Table<'l, O: Observer + 'static> {
    items: vec_deque::IntoIter<Owned<'l, O>>,
}

impl<'l, O: Observer> Iterator for Table<'l, O> {
    type Item = Owned<'l, O>;

    fn next(&mut self) -> Option<Owned<'l, O>> {
        self.items.next()
    }
}

impl<O: Observer> DoubleEndedIterator for Table<'_, O> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.items.next_back()
    }
}

impl<O: Observer> Lists<O> {
    #[track_caller]
    fn misuse(&self, sentence: String) -> ! {
        self.watch.misuse(sentence)
    }

    fn name_at(&self, list: Obj, at: u64) -> Option<String> {
        let item = self.with(list, |list| list.table.get(at as usize).copied().flatten())?;
        Some(self.items.borrow()[item].name.clone())
    }
}

impl<O: Observer> Items for Lists<O> {
    type Owned<'a> = Owned<'a, O>;
    type Table<'a> = Table<'a, O>;

    fn name(&self, list: Obj) -> String {
        self.with(list, |list| list.name.clone())
    }

    fn len(&self, list: Obj) -> u64 {
        self.with(list, |list| list.len)
    }

    #[track_caller]
    fn set_len(&self, list: Obj, len: u64) {
        let (name, room) = (self.name(list), self.capacity(list));
        if len > room {
            self.misuse(format!("set_len({name}, {len}) was called, but there is room for {room}"));
        }
        for at in 0..room {
            match self.name_at(list, at) {
                None if at < len => self.misuse(format!("set_len({name}, {len}) was called, but place {at} is empty")),
                Some(item) if at >= len => {
                    self.misuse(format!("set_len({name}, {len}) was called, but place {at} still has {item}"))
                }
                _ => {}
            }
        }
        self.observer.step(|| format!("{name} has {len} item{}", if len == 1 { "" } else { "s" }));
        self.with(list, |list| list.len = len);
    }

    fn capacity(&self, list: Obj) -> u64 {
        self.with(list, |list| list.table.len() as u64)
    }

    #[track_caller]
    fn resize(&self, list: Obj, capacity: u64) -> bool {
        let (name, room) = (self.name(list), self.capacity(list));
        if let Some((at, item)) = (capacity..room).find_map(|at| Some((at, self.name_at(list, at)?))) {
            self.misuse(format!("resize({name}, {capacity}) was called, but place {at} still has {item}"));
        }
        if capacity > 1 << 24 {
            self.misuse(format!("resize({name}, {capacity}) was called: no list of a scenario is that large"));
        }
        if !self.memory.get() {
            self.observer.step(|| format!("no memory: {name} keeps room for {room}"));
            return false;
        }
        self.scene();
        self.observer.step(|| format!("{name} has room for {capacity}, after {room}"));
        self.with(list, |list| list.table.resize(capacity as usize, None));
        true
    }

    #[track_caller]
    fn replace<'a>(&'a self, list: Obj, at: u64, value: Option<Owned<'a, O>>) -> Option<Owned<'a, O>> {
        let (name, room) = (self.name(list), self.capacity(list));
        if at >= room {
            self.misuse(format!("replace({name}, {at}, ..) was called, but there is room for {room}: places 0 and up"));
        }
        self.scene();
        self.observer.step(|| match &value {
            Some(value) => format!("place {at} of {name} holds {value:?}"),
            None => format!("place {at} of {name} is empty"),
        });
        let value = value.map(|value| {
            let item = value.item;
            std::mem::forget(value);
            item
        });
        let old = self.with(list, |list| std::mem::replace(&mut list.table[at as usize], value));
        old.map(|old| self.handle(old, 0))
    }

    #[track_caller]
    fn take_table<'a>(&'a self, list: Obj) -> Table<'a, O> {
        self.scene();
        let (len, table) = self.with(list, |list| (std::mem::take(&mut list.len), std::mem::take(&mut list.table)));
        self.observer.step(|| format!("the table of {} is taken away: {len} items", self.name(list)));
        let items: VecDeque<Owned<'a, O>> = table.into_iter().flatten().map(|item| self.handle(item, 0)).collect();
        Table { items: items.into_iter() }
    }
}
