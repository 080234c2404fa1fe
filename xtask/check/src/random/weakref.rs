//! Random programs for weak references: objects, references of each sort, callbacks that look, drop and make, deaths.
//!
//! What a callback drops may be gone afterwards or not; a line of the program never names it again.

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use std::fmt::Write;

/// Operations of one program, at most.
const OPS: usize = 36;

/// What a callback does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Asks a weak reference.
    Get(String),
    /// Drops a variable.
    Drop(String),
    /// Makes a plain ref, under a name that nobody else has.
    Make(String, String),
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeakOp {
    /// An object.
    New(String),
    /// A weak reference of this sort, to this object, with a callback or without.
    Weak(String, &'static str, String, Option<Vec<Act>>),
    /// What does it refer to?
    Get(String),
    /// Its weak references.
    List(String),
    /// A variable is dropped.
    Del(String),
    /// The last reference is dropped, but it waits.
    Doom(String),
    /// It is taken apart.
    Bury(String),
    /// Happens while the next one is made.
    Meanwhile(Vec<Act>),
    /// The next one finds no memory.
    NoMemory,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakProgram {
    /// What is done, in order.
    pub ops: Vec<WeakOp>,
}

// The operations of the swarm.
const REF: u16 = 1;
const PROXY: u16 = 2;
const OWN: u16 = 4;
const CALLBACK: u16 = 8;
const ACTS: u16 = 16;
const DROPS: u16 = 32;
const DEL: u16 = 64;
const KILL: u16 = 128;
const DOOM: u16 = 256;
const MEANWHILE: u16 = 512;
const NO_MEMORY: u16 = 1024;
const NEW: u16 = 2048;
const OPERATIONS: [u16; 10] = [REF, PROXY, OWN, CALLBACK, DEL, KILL, DOOM, MEANWHILE, NO_MEMORY, NEW];

impl Program for WeakProgram {
    const PARTS: &'static [&'static str] = &["weakref"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let allowed = swarm(u, REF | CALLBACK)?;
        let ops: Vec<u16> = OPERATIONS.into_iter().filter(|op| allowed(*op)).collect();
        let mut draft = Draft { acts: allowed(ACTS), drops: allowed(DROPS), ..Draft::default() };
        (0..u.int_in_range(1..=3)?).for_each(|_| draft.new_object());
        for _ in 0..u.int_in_range(4..=OPS)? {
            // Weak references are what it is all about.
            let op = if u.ratio(1, 3)? { REF } else { *u.choose(&ops)? };
            draft.step(u, op)?;
        }
        while let Some(object) = draft.objects.pop() {
            draft.ops.push(WeakOp::List(object.clone()));
            draft.ops.push(WeakOp::Del(object));
        }
        draft.ops.extend(draft.doomed.drain(..).map(WeakOp::Bury));
        draft.ops.extend(draft.weak.drain(..).map(|(name, _)| WeakOp::Get(name)));
        Ok(WeakProgram { ops: draft.ops })
    }

    fn text(&self) -> (String, String) {
        let mut out = String::new();
        for op in &self.ops {
            let _ = match op {
                WeakOp::New(name) => writeln!(out, "new {name}"),
                WeakOp::Weak(name, sort, of, None) => writeln!(out, "{name} = {sort} {of}"),
                WeakOp::Weak(name, sort, of, Some(acts)) => writeln!(out, "{name} = {sort} {of} calls{}", said(acts)),
                WeakOp::Get(name) => writeln!(out, "get {name}"),
                WeakOp::List(name) => writeln!(out, "list {name}"),
                WeakOp::Del(name) => writeln!(out, "del {name}"),
                WeakOp::Doom(name) => writeln!(out, "doom {name}"),
                WeakOp::Bury(name) => writeln!(out, "bury {name}"),
                WeakOp::Meanwhile(acts) => writeln!(out, "meanwhile{}", said(acts)),
                WeakOp::NoMemory => writeln!(out, "no memory"),
            };
        }
        (String::new(), out)
    }
}

fn said(acts: &[Act]) -> String {
    let one = |act: &Act| match act {
        Act::Get(name) => format!(" get {name}"),
        Act::Drop(name) => format!(" drop {name}"),
        Act::Make(name, of) => format!(" make {name} {of}"),
    };
    if acts.is_empty() { " nothing".into() } else { acts.iter().map(one).collect() }
}

/// A program that is being drawn, and the variables that are there for certain.
#[derive(Default)]
struct Draft {
    ops: Vec<WeakOp>,
    objects: Vec<String>,
    /// Weak references, and whether they are of a class of their own.
    weak: Vec<(String, bool)>,
    doomed: Vec<String>,
    names: usize,
    acts: bool,
    drops: bool,
    /// Something may still wait to happen while the next one is made.
    meanwhile: bool,
}

impl Draft {
    fn step(&mut self, u: &mut Unstructured<'_>, op: u16) -> Result<()> {
        match op {
            NEW => self.new_object(),
            REF => self.weak(u, "ref", None)?,
            PROXY => self.weak(u, "proxy", None)?,
            OWN => {
                let acts = if u.arbitrary()? { Some(self.some_acts(u)?) } else { None };
                self.weak(u, "own", acts)?;
            }
            CALLBACK => {
                let sort = if u.ratio(1, 4)? { "proxy" } else { "ref" };
                let acts = self.some_acts(u)?;
                self.weak(u, sort, Some(acts))?;
            }
            DEL if !self.weak.is_empty() => {
                let at = u.choose_index(self.weak.len())?;
                let (name, _) = self.weak.remove(at);
                self.ops.push(WeakOp::Del(name));
            }
            KILL if self.objects.len() > 1 => {
                let at = u.choose_index(self.objects.len())?;
                let name = self.objects.remove(at);
                self.ops.push(WeakOp::Del(name));
            }
            DOOM => self.doom(u)?,
            MEANWHILE => {
                let acts = self.some_acts(u)?;
                self.ops.push(WeakOp::Meanwhile(acts));
                self.meanwhile = true;
                self.weak(u, "ref", None)?;
            }
            NO_MEMORY if !self.meanwhile => self.no_memory(u)?,
            _ => {}
        }
        Ok(())
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names - 1)
    }

    fn new_object(&mut self) {
        let name = self.name("o");
        self.ops.push(WeakOp::New(name.clone()));
        self.objects.push(name);
    }

    fn weak(&mut self, u: &mut Unstructured<'_>, sort: &'static str, acts: Option<Vec<Act>>) -> Result<()> {
        if self.objects.is_empty() {
            self.new_object();
        }
        let of = u.choose(&self.objects)?.clone();
        let name = self.name("w");
        self.meanwhile &= sort == "own" || acts.is_none(); // one with a callback is always made
        self.ops.push(WeakOp::Weak(name.clone(), sort, of, acts));
        self.weak.push((name, sort == "own"));
        Ok(())
    }

    /// What it drops is there for certain no longer.
    fn some_acts(&mut self, u: &mut Unstructured<'_>) -> Result<Vec<Act>> {
        let mut acts = vec![];
        if !self.acts {
            return Ok(acts);
        }
        for _ in 0..u.int_in_range(0..=3)? {
            match u.int_in_range(0..=3)? {
                0 | 1 if !self.weak.is_empty() => acts.push(Act::Get(u.choose(&self.weak)?.0.clone())),
                2 if !self.objects.is_empty() => {
                    let of = u.choose(&self.objects)?.clone();
                    acts.push(Act::Make(self.name("m"), of));
                }
                3 if self.drops && !self.weak.is_empty() => {
                    let at = u.choose_index(self.weak.len())?;
                    acts.push(Act::Drop(self.weak.remove(at).0));
                }
                _ if self.drops && self.objects.len() > 2 => {
                    let at = u.choose_index(self.objects.len())?;
                    acts.push(Act::Drop(self.objects.remove(at)));
                }
                _ => {}
            }
        }
        Ok(acts)
    }

    fn doom(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if let Some(at) = self.weak.iter().position(|(_, own)| *own) {
            let (name, _) = self.weak.remove(at);
            self.ops.push(WeakOp::Doom(name.clone()));
            self.doomed.push(name);
        } else if !self.doomed.is_empty() {
            let at = u.choose_index(self.doomed.len())?;
            let name = self.doomed.remove(at);
            self.ops.push(WeakOp::Bury(name));
        }
        Ok(())
    }

    fn no_memory(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if !self.objects.is_empty() {
            let (of, name) = (u.choose(&self.objects)?.clone(), self.name("n"));
            self.ops.push(WeakOp::NoMemory);
            self.ops.push(WeakOp::Weak(name, "ref", of, Some(vec![])));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_like_a_scenario() {
        let (a, r) = (|| "a".to_string(), || "r".to_string());
        let acts = vec![Act::Get(r()), Act::Drop(r()), Act::Make("m".into(), a())];
        let ops = vec![
            WeakOp::New(a()),
            WeakOp::Weak(r(), "ref", a(), None),
            WeakOp::Weak("t".into(), "own", a(), Some(acts)),
            WeakOp::Meanwhile(vec![]),
            WeakOp::Del(a()),
        ];
        let text = "use weakref\nnew a\nr = ref a\nt = own a calls get r drop r make m a\nmeanwhile nothing\ndel a\n";
        assert_eq!(WeakProgram { ops }.to_ops(), text);
    }
}
