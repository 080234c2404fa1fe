//! Random programs for a cache with weak values: values come and go, somebody iterates, and news come late.

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 40;
/// Keys there are.
const KEYS: usize = 5;

/// One operation. Values, keys, iterations and what was got have numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheOp {
    /// A value.
    New(usize),
    /// `cache[key] = value`; `None` is a value that nobody else holds.
    Set(usize, Option<usize>),
    /// `cache.get(key)`
    Get(usize),
    /// A variable is dropped.
    Del(usize),
    /// Somebody begins to iterate.
    Iterate(usize),
    /// Goes on.
    Next(usize),
    /// Is done.
    End(usize),
    /// How many are there?
    Len,
    /// News wait.
    HoldNews,
    /// News come.
    News,
    /// No memory for the next weak reference.
    NoMemory,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheProgram {
    /// What is done, in order.
    pub ops: Vec<CacheOp>,
}

// The operations of the swarm.
const SET: u16 = 1;
const GET: u16 = 2;
const DEL: u16 = 4;
const ITERATE: u16 = 8;
const END: u16 = 16;
const LEN: u16 = 32;
const NEWS: u16 = 64;
const NO_MEMORY: u16 = 128;
const TEMPORARY: u16 = 256;
const NEXT: u16 = 512;
const OPERATIONS: [u16; 10] = [SET, GET, DEL, ITERATE, END, LEN, NEWS, NO_MEMORY, TEMPORARY, NEXT];

impl Program for CacheProgram {
    const PARTS: &'static [&'static str] = &["weak-containers"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, SET | DEL)?;
        let ops: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut draft = Draft::default();
        for _ in 0..u.int_in_range(2..=4)? {
            draft.set(u, false)?;
        }
        for _ in 0..u.int_in_range(4..=OPS)? {
            let op = *u.choose(&ops)?;
            draft.step(u, op)?;
        }
        draft.finish();
        Ok(CacheProgram { ops: draft.ops })
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                CacheOp::New(value) => writeln!(out, "new v{value}"),
                CacheOp::Set(key, Some(value)) => writeln!(out, "set k{key} v{value}"),
                CacheOp::Set(key, None) => writeln!(out, "set k{key} temporary"),
                CacheOp::Get(key) => writeln!(out, "get k{key}"),
                CacheOp::Del(value) => writeln!(out, "del v{value}"),
                CacheOp::Iterate(i) => writeln!(out, "i{i} = iterate"),
                CacheOp::Next(i) => writeln!(out, "next i{i}"),
                CacheOp::End(i) => writeln!(out, "end i{i}"),
                CacheOp::Len => writeln!(out, "len"),
                CacheOp::HoldNews => writeln!(out, "hold news"),
                CacheOp::News => writeln!(out, "news"),
                CacheOp::NoMemory => writeln!(out, "no memory"),
            };
        }
        (String::new(), out)
    }
}

/// A program that is being drawn, and what the cache looks like: while somebody iterates no new key may come.
#[derive(Default)]
struct Draft {
    ops: Vec<CacheOp>,
    alive: Vec<usize>,
    values: usize,
    /// `None`: dead, and still there.
    table: BTreeMap<usize, Option<usize>>,
    iterators: BTreeSet<usize>,
    held: bool,
    news: Vec<usize>,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        match op {
            SET => self.set(u, false)?,
            TEMPORARY => self.set(u, true)?,
            GET => self.ops.push(CacheOp::Get(u.choose_index(KEYS)?)),
            DEL if !self.alive.is_empty() => {
                let at = u.choose_index(self.alive.len())?;
                let value = self.alive.remove(at);
                self.ops.push(CacheOp::Del(value));
                self.die(value);
            }
            ITERATE if self.iterators.len() < 3 => {
                let number = (0..).find(|i| !self.iterators.contains(i)).unwrap_or(0);
                self.iterators.insert(number);
                self.ops.push(CacheOp::Iterate(number));
            }
            NEXT | END if !self.iterators.is_empty() => {
                let all: Vec<usize> = self.iterators.iter().copied().collect();
                let number = *u.choose(&all)?;
                if op == NEXT { self.ops.push(CacheOp::Next(number)) } else { self.end(number) }
            }
            LEN => self.ops.push(CacheOp::Len),
            NEWS if self.held => self.let_news_through(),
            NEWS => {
                self.held = true;
                self.ops.push(CacheOp::HoldNews);
            }
            NO_MEMORY if !self.table.is_empty() => {
                let keys: Vec<usize> = self.table.keys().copied().collect();
                let key = *u.choose(&keys)?;
                self.ops.push(CacheOp::NoMemory);
                self.ops.push(CacheOp::Set(key, None));
            }
            _ => {}
        }
        Ok(())
    }

    fn set(&mut self, u: &mut Unstructured<'_>, temporary: bool) -> Result<()> {
        let keys: Vec<usize> =
            (0..KEYS).filter(|key| self.iterators.is_empty() || self.table.contains_key(key)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let key = *u.choose(&keys)?;
        if temporary {
            self.ops.push(CacheOp::Set(key, None));
            self.table.insert(key, Some(usize::MAX));
            self.die(usize::MAX);
            return Ok(());
        }
        if self.alive.is_empty() || u.ratio(2, 3)? {
            self.ops.push(CacheOp::New(self.values));
            self.alive.push(self.values);
            self.values += 1;
        }
        let value = *u.choose(&self.alive)?;
        self.ops.push(CacheOp::Set(key, Some(value)));
        self.table.insert(key, Some(value));
        Ok(())
    }

    fn die(&mut self, value: usize) {
        let keys: Vec<usize> =
            self.table.iter().filter(|(_, held)| **held == Some(value)).map(|(key, _)| *key).collect();
        self.table.values_mut().filter(|held| **held == Some(value)).for_each(|held| *held = None);
        self.news.extend(keys);
        if !self.held {
            self.hear();
        }
    }

    fn hear(&mut self) {
        self.news.clear();
        self.clear_up();
    }

    /// Dead entries of which the cache has heard go when nobody iterates.
    fn clear_up(&mut self) {
        if self.iterators.is_empty() {
            let news = &self.news;
            self.table.retain(|key, value| value.is_some() || news.contains(key));
        }
    }

    fn end(&mut self, number: usize) {
        self.iterators.remove(&number);
        self.ops.push(CacheOp::End(number));
        self.clear_up();
    }

    fn let_news_through(&mut self) {
        self.held = false;
        self.ops.push(CacheOp::News);
        self.hear();
    }

    fn finish(&mut self) {
        if self.held {
            self.let_news_through();
        }
        while let Some(number) = self.iterators.first().copied() {
            self.end(number);
        }
        self.ops.push(CacheOp::Len);
        self.ops.extend((0..KEYS).map(CacheOp::Get));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let ops = vec![
            CacheOp::New(0),
            CacheOp::Set(1, Some(0)),
            CacheOp::Iterate(0),
            CacheOp::Del(0),
            CacheOp::Set(1, None),
            CacheOp::End(0),
            CacheOp::Len,
        ];
        let text = "use weak-containers\nnew v0\nset k1 v0\ni0 = iterate\ndel v0\nset k1 temporary\nend i0\nlen\n";
        assert_eq!(CacheProgram { ops }.to_ops(), text);
    }
}
