//! # Comparisons that wait for others
//!
//! ```text
//!   items   a[0] == b[0]?  a[1] == b[1]?  ...             one no is enough
//!   keys    is key 0 of a in b?  and its value the same?  ...
//!             looking for it in b: is it this one? no; is it that one? yes
//! ```
//!
//! A comparison of two containers asks for comparisons of what is in them, one after the other, and goes on when it is
//! told the answer. Those who wait stand in a list; only the last one works.
//!
//! - **I1** Who waits has a reference to both containers: comparing may run anything, and drop anything.
//! - **I2** A table that changed while keys were compared is searched again, from the beginning.
//!
//! Source: `list_richcompare`, `tuplerichcompare`, `set_issubset`, `dict_equal` of 3.11.

use super::dict::KEYS;
use super::equal::{AtOnce, Refused};
use super::keys::{EMPTY, Probe};
use super::kind::Kind;
use super::machine::{Objects, World};
use super::set_table::{SET_MASK, Search, TABLE};
use kit::Memory;
use kit::graph::Obj;

/// A comparison that waits for another.
pub(crate) enum Waiting {
    /// Of two lists or two tuples: the items before `at` are equal.
    Items { a: Obj, b: Obj, at: u64 },
    /// Of two weak references: they are equal when what they refer to is.
    Targets { a: Obj, b: Obj },
    /// Of two sets or two dicts: the keys of `a` in entries before `at` are in `b`, with the same values.
    Keys { a: Obj, b: Obj, at: u64, doing: Doing },
}

/// What is done about the key of an entry.
#[derive(Clone, Copy)]
pub(crate) enum Doing {
    /// Nothing yet.
    Next,
    /// It is looked for. `asked`: the entry of `b` whose key it is compared with, that key, and the table's address.
    Looking { probing: Probing, asked: Option<(u64, Obj, u64)> },
    /// It was found, and the values are compared.
    Values,
}

/// A search in `b`.
#[derive(Clone, Copy)]
pub(crate) enum Probing {
    Set(Search),
    Dict(Option<Probe>),
}

/// What a comparison wants.
enum Wish {
    Answer(bool),
    Compare(Obj, Obj),
}

impl<W: World> Objects<W> {
    pub(crate) fn waiting_for_keys(&self, a: Obj, b: Obj) -> Waiting {
        Waiting::Keys { a: self.new_ref(a), b: self.new_ref(b), at: 0, doing: Doing::Next }
    }

    /// The answer to `first`.
    ///
    /// # Errors
    /// A comparison raised.
    pub(crate) fn compare(&self, first: Waiting) -> Result<bool, Refused> {
        let mut all = vec![first];
        let mut told = Ok(None);
        while let Some(last) = all.last_mut() {
            let Ok(answer) = told else { break };
            told = match self.go_on_comparing(last, answer) {
                Wish::Answer(answer) => {
                    all.pop().into_iter().for_each(|done| self.end_comparing(&done));
                    Ok(Some(answer))
                }
                Wish::Compare(x, y) => self.ask(x, y, &mut all),
            };
        }
        all.into_iter().rev().for_each(|waits| self.end_comparing(&waits));
        told.map(|answer| answer.expect("the last one who answers is the first one who asked"))
    }

    /// The answer about `x` and `y`, if it can be given at once.
    fn ask(&self, x: Obj, y: Obj, all: &mut Vec<Waiting>) -> Result<Option<bool>, Refused> {
        match self.equal_at_once(x, y)? {
            AtOnce::Answer(answer) => Ok(Some(answer)),
            AtOnce::Wait(waits) => {
                all.push(waits);
                Ok(None)
            }
        }
    }

    fn end_comparing(&self, done: &Waiting) {
        let (Waiting::Items { a, b, .. } | Waiting::Targets { a, b } | Waiting::Keys { a, b, .. }) = done;
        self.decref(*a);
        self.decref(*b);
    }

    /// `told` is the answer to what was asked last.
    fn go_on_comparing(&self, waiting: &mut Waiting, told: Option<bool>) -> Wish {
        match waiting {
            // As in CPython: when the item that differs is gone from one of them, the lengths decide.
            Waiting::Items { a, b, at } if told == Some(false) => {
                let (in_a, in_b) = (self.items_len(*a), self.items_len(*b));
                Wish::Answer(in_a == in_b && *at > in_a)
            }
            _ if told == Some(false) && !waiting.is_looking() => Wish::Answer(false),
            Waiting::Targets { a, b } => told.map_or(Wish::Compare(*a, *b), Wish::Answer),
            Waiting::Items { a, b, at } => {
                let (in_a, in_b) = (self.items_len(*a), self.items_len(*b));
                if *at >= in_a || *at >= in_b {
                    return Wish::Answer(in_a == in_b);
                }
                *at += 1;
                Wish::Compare(self.items_get(*a, *at - 1), self.items_get(*b, *at - 1))
            }
            Waiting::Keys { a, b, at, doing } => self.go_on_with_keys(*a, *b, at, doing, told),
        }
    }

    fn go_on_with_keys(&self, a: Obj, b: Obj, at: &mut u64, doing: &mut Doing, told: Option<bool>) -> Wish {
        let mut told = told;
        loop {
            let Some((key, hash)) = self.next_key(a, at) else { return Wish::Answer(true) };
            match doing {
                Doing::Next => *doing = Doing::Looking { probing: self.probing(b, hash), asked: None },
                Doing::Values => (*at, *doing) = (*at + 1, Doing::Next),
                Doing::Looking { probing, asked } => {
                    let answer = asked.take().map(|(entry, other, table)| {
                        let same = self.table_of(b) == table && self.key_at(b, entry).map(|key| key.0) == Some(other);
                        (entry, same, told.take() == Some(true))
                    });
                    let found = match answer {
                        Some((_, false, _)) => {
                            *doing = Doing::Next; // I2
                            continue;
                        }
                        Some((entry, true, true)) => entry,
                        _ => match self.candidate(b, hash, probing) {
                            None => return Wish::Answer(false),
                            Some((entry, other)) if other == key => entry,
                            Some((entry, other)) => {
                                *asked = Some((entry, other, self.table_of(b)));
                                return Wish::Compare(other, key);
                            }
                        },
                    };
                    *doing = Doing::Values;
                    if self.kind(a) == Kind::Dict {
                        let values = (self.dict_value(a, *at), self.dict_value(b, found));
                        let (Some(x), Some(y)) = values else { return Wish::Answer(false) };
                        return Wish::Compare(x, y);
                    }
                }
            }
        }
    }

    /// The next entry of `b` that may have an equal key: one with the same hash.
    fn candidate(&self, b: Obj, hash: i64, probing: &mut Probing) -> Option<(u64, Obj)> {
        match probing {
            Probing::Set(search) => loop {
                let at = search.next()?;
                match self.set_key(b, at) {
                    Some((key, other)) if other == hash => return Some((at, key)),
                    None if self.set_entry_hash(b, at) == 0 => return None,
                    _ => {}
                }
            },
            Probing::Dict(probe) => loop {
                let keys = self.keys_of(b)?;
                let index = keys.index(self.mem(), probe.as_mut()?.next()?);
                if index == EMPTY {
                    return None;
                }
                let key = (index >= 0).then(|| keys.key(self.mem(), index as u64)).flatten();
                if let Some(key) = key.filter(|_| self.entry_hash(keys, index as u64) == hash) {
                    return Some((index as u64, key));
                }
            },
        }
    }

    fn probing(&self, b: Obj, hash: i64) -> Probing {
        match self.kind(b) {
            Kind::Set => Probing::Set(Search::begin(hash, self.mem().get(b, SET_MASK))),
            _ => Probing::Dict(self.keys_of(b).map(|keys| keys.probe(self.mem(), hash))),
        }
    }

    /// The key of the first entry from `at` on that has one and, in a dict, a value. `at` is that entry afterwards.
    fn next_key(&self, o: Obj, at: &mut u64) -> Option<(Obj, i64)> {
        let entries = match self.kind(o) {
            Kind::Set => self.mem().get(o, SET_MASK) + 1,
            _ => self.keys_of(o).map_or(0, |keys| keys.entries(self.mem())),
        };
        while *at < entries {
            if let Some(found) = self.key_at(o, *at) {
                return Some(found);
            }
            *at += 1;
        }
        None
    }

    /// The key of entry `at`, with its hash.
    fn key_at(&self, o: Obj, at: u64) -> Option<(Obj, i64)> {
        if self.kind(o) == Kind::Set {
            return (at <= self.mem().get(o, SET_MASK)).then(|| self.set_key(o, at)).flatten();
        }
        let keys = self.keys_of(o).filter(|keys| at < keys.entries(self.mem()))?;
        self.dict_value(o, at)?;
        Some((keys.key(self.mem(), at)?, self.entry_hash(keys, at)))
    }

    fn table_of(&self, o: Obj) -> u64 {
        self.mem().get(o, if self.kind(o) == Kind::Set { TABLE } else { KEYS })
    }
}

impl Waiting {
    fn is_looking(&self) -> bool {
        matches!(self, Waiting::Keys { doing: Doing::Looking { .. }, .. })
    }
}
