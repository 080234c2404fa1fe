//! # A cache with weak values, for the lab
//!
//! What the part `weak-containers` works with in a scenario: values with counts, weak references to them, the table, the
//! keys that were put off. As in [`super::weak_list`] nothing of it is in memory, and each call is held to the rules.
//!
//! - **I1** The machine counts for itself how many iterate: it does not believe what the part wrote down.
//! - **I2** A value that dies is cleared everywhere before the cache hears of it. The news may come late.

use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Observer;
use kit::picture::{ObjectPicture, ObjectsPicture, Picture};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

mod service;

pub(super) use service::Value;

/// The part's function that the machine calls.
pub(super) trait Hears<O: Observer> {
    /// A value that was stored for `key` is dead.
    fn on_death(&self, cache: &LabCache<O>, key: Obj);
}

/// A cache, and the values that may be in it.
pub struct LabCache<O: Observer> {
    observer: O,
    watch: Rc<Watch>,
    hears: OnceCell<Weak<dyn Hears<O>>>,
    keys: RefCell<Vec<String>>,
    values: RefCell<Vec<Counted>>,
    weak: RefCell<Vec<Watched>>,
    /// Key and weak reference, in the order in which the keys came.
    table: RefCell<Vec<(Obj, usize)>>,
    put_off: RefCell<Vec<Obj>>,
    /// What the part wrote down.
    iterations: Cell<u64>,
    /// How many there are (I1).
    iterating: Cell<u64>,
    /// News wait until somebody lets them through (I2).
    late: Cell<bool>,
    news: RefCell<VecDeque<Obj>>,
    no_memory: Cell<bool>,
}

#[derive(Debug)]
struct Counted {
    name: String,
    refs: u64,
}

/// A weak reference.
#[derive(Debug)]
struct Watched {
    key: Obj,
    value: Option<usize>,
    refs: u64,
}

impl<O: Observer> LabCache<O> {
    /// An empty cache.
    pub(super) fn new(observer: O, watch: Rc<Watch>) -> Self {
        LabCache {
            observer,
            watch,
            hears: OnceCell::new(),
            keys: RefCell::default(),
            values: RefCell::default(),
            weak: RefCell::default(),
            table: RefCell::default(),
            put_off: RefCell::default(),
            iterations: Cell::new(0),
            iterating: Cell::new(0),
            late: Cell::new(false),
            news: RefCell::default(),
            no_memory: Cell::new(false),
        }
    }

    /// Tells a step; a figure sees what it looked like before it.
    fn step(&self, tell: impl FnOnce() -> String) {
        self.scene();
        self.observer.step(tell);
    }

    /// Shows a figure the values that live, the entries that look at them, and whose removal is put off.
    pub(super) fn scene(&self) {
        self.observer.scene(|| {
            let put_off = self.put_off.borrow().iter().filter_map(|key| self.key_name(*key)).collect();
            Picture::Objects(ObjectsPicture {
                objects: self.pictured_values().into_iter().chain(self.pictured_entries()).collect(),
                lists: vec![("put off", put_off)],
                ..ObjectsPicture::default()
            })
        });
    }

    fn pictured_values(&self) -> Vec<ObjectPicture> {
        let values = self.values.borrow();
        let pictured = |value: &Counted| {
            let (name, refs) = (value.name.clone(), value.refs);
            ObjectPicture { name, refs: Some(refs), held: refs, ..ObjectPicture::default() }
        };
        values.iter().filter(|value| value.refs > 0).map(pictured).collect()
    }

    fn pictured_entries(&self) -> impl Iterator<Item = ObjectPicture> {
        let table = self.table.borrow().clone();
        table.into_iter().filter_map(|(key, weak)| {
            let weak = &self.weak.borrow()[weak];
            let note = match (weak.value, self.put_off.borrow().contains(&key)) {
                (Some(_), _) => "entry",
                (None, false) => "entry, dead",
                (None, true) => "dead, put off",
            };
            Some(ObjectPicture {
                name: self.key_name(key)?,
                refs: Some(weak.refs),
                looks_at: weak.value.map(|value| self.value_name(value)),
                note,
                ..ObjectPicture::default()
            })
        })
    }

    /// From now on `hears` hears of deaths.
    pub(super) fn set_hears(&self, hears: Weak<dyn Hears<O>>) {
        let _ = self.hears.set(hears);
    }

    /// The key with this name.
    pub(super) fn key(&self, name: &str) -> Obj {
        let mut keys = self.keys.borrow_mut();
        let place = keys.iter().position(|known| known == name).unwrap_or_else(|| {
            keys.push(name.into());
            keys.len() - 1
        });
        Obj(kit::Addr(place as u64 + 1))
    }

    fn key_name(&self, key: Obj) -> Option<String> {
        self.keys.borrow().get((key.0.0 as usize).checked_sub(1)?).cloned()
    }

    /// A new value; the caller owns the reference.
    pub(super) fn new_value(&self, name: &str) -> usize {
        let mut values = self.values.borrow_mut();
        values.push(Counted { name: name.into(), refs: 1 });
        values.len() - 1
    }

    /// A handle for a reference that the caller owns.
    pub(super) fn owned(&self, value: usize) -> Value<'_, O> {
        Value::new(self, value)
    }

    /// A handle for one more reference.
    pub(super) fn new_ref(&self, value: usize) -> Value<'_, O> {
        self.values.borrow_mut()[value].refs += 1;
        self.owned(value)
    }

    /// What a value is called.
    pub(super) fn value_name(&self, value: usize) -> String {
        self.values.borrow()[value].name.clone()
    }

    /// References to it.
    pub(super) fn refs(&self, value: usize) -> u64 {
        self.values.borrow()[value].refs
    }

    /// The next weak reference finds no memory.
    pub(super) fn set_no_memory(&self) {
        self.no_memory.set(true);
    }

    /// One reference less; with the last one the value dies, in here.
    pub(super) fn decref(&self, value: usize) {
        let left = {
            let counted = &mut self.values.borrow_mut()[value];
            counted.refs -= 1;
            counted.refs
        };
        if left == 0 {
            self.die(value);
        }
    }

    /// All weak references are cleared, and then the cache hears of those that somebody holds, the newest first (I2).
    fn die(&self, value: usize) {
        self.step(|| format!("{} dies", self.value_name(value)));
        let mut keys = vec![];
        for weak in self.weak.borrow_mut().iter_mut().rev().filter(|weak| weak.value == Some(value)) {
            weak.value = None;
            if weak.refs > 0 {
                keys.push(weak.key);
            }
        }
        if self.late.get() {
            self.news.borrow_mut().extend(keys);
        } else {
            keys.into_iter().for_each(|key| self.tell(key));
        }
    }

    fn tell(&self, key: Obj) {
        let hears = self.hears.get().and_then(Weak::upgrade).expect("the driver outlives its machine");
        self.step(|| format!("the cache hears of a death, for {}", self.key_name(key).unwrap_or_default()));
        hears.on_death(self, key);
    }

    /// From now on news wait.
    pub(super) fn hold_news(&self) {
        self.late.set(true);
    }

    /// The cache hears of all deaths that it has not heard of, and from now on at once.
    pub(super) fn let_news_through(&self) {
        self.late.set(false);
        loop {
            let next = self.news.borrow_mut().pop_front();
            let Some(key) = next else { return };
            self.tell(key);
        }
    }

    /// One more iterates, or one less.
    pub(super) fn set_iterating(&self, iterating: u64) {
        self.iterating.set(iterating);
    }

    /// How many iterate.
    pub(super) fn iterating(&self) -> u64 {
        self.iterating.get()
    }

    /// Entry number `place`: its key, and its value if it lives.
    pub(super) fn place(&self, place: usize) -> Option<(Obj, Option<usize>)> {
        let (key, weak) = *self.table.borrow().get(place)?;
        Some((key, self.weak.borrow()[weak].value))
    }

    /// Whether the table has an entry for `key`.
    pub(super) fn has(&self, key: Obj) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: Obj) -> Option<usize> {
        self.table.borrow().iter().position(|(known, _)| *known == key)
    }

    fn drop_weak(&self, weak: usize) {
        self.weak.borrow_mut()[weak].refs -= 1;
    }

    /// Is everything in order? `held` says how many references to a value the program has.
    ///
    /// # Errors
    /// A sentence about the first promise that was broken.
    pub(super) fn validate(&self, held: impl Fn(usize) -> u64) -> Result<(), String> {
        let (told, iterating) = (self.iterations.get(), self.iterating.get());
        if told != iterating {
            return Err(format!("{iterating} iterate, but iterations says {told} (I3)"));
        }
        let put_off = self.put_off.borrow();
        for (key, value) in (0..self.table.borrow().len()).filter_map(|place| self.place(place)) {
            let name = self.key_name(key).unwrap_or_default();
            let is_put_off = put_off.contains(&key);
            match value {
                Some(_) if is_put_off => return Err(format!("the value of {name} lives, but {name} is put off (I5)")),
                None if iterating > 0 && !is_put_off && !self.is_news(key) => {
                    return Err(format!("the value of {name} is dead, but {name} was not put off (I3)"));
                }
                None if iterating == 0 && !self.is_news(key) => {
                    return Err(format!("the value of {name} is dead, and its entry is still there (I4)"));
                }
                _ => {}
            }
        }
        if let Some(key) = put_off.first()
            && iterating == 0
        {
            let name = self.key_name(*key).unwrap_or_default();
            return Err(format!("nobody iterates, and {name} is still put off (I4)"));
        }
        let kept = (0..self.values.borrow().len()).find(|value| self.refs(*value) > held(*value));
        kept.map_or(Ok(()), |value| {
            Err(format!("{} is kept alive by a handle that was never dropped (I1)", self.value_name(value)))
        })
    }

    /// Whether the cache has not heard of a death for this key yet.
    fn is_news(&self, key: Obj) -> bool {
        self.news.borrow().contains(&key)
    }

    /// The table in words.
    pub(super) fn draw(&self) -> String {
        let said = |place| {
            let (key, value) = self.place(place)?;
            let name = self.key_name(key)?;
            let put_off = if self.put_off.borrow().contains(&key) { " (put off)" } else { "" };
            Some(format!("{name}: {}{put_off}", value.map_or("dead".into(), |value| self.value_name(value))))
        };
        let entries: Vec<String> = (0..self.table.borrow().len()).filter_map(said).collect();
        if entries.is_empty() { "empty".into() } else { entries.join(", ") }
    }
}

impl<O: Observer> fmt::Debug for LabCache<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}], {} iterate", self.draw(), self.iterations.get())
    }
}
