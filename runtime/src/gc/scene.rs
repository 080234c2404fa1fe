//! # The graph, as figures see it
//!
//! Who refers to whom, what each count says, and what a collection has decided so far; and why an object is alive. A
//! figure asks for a scene before each step that is told, and where an operation ends. Nobody else pays for it.

use super::graph::{ObjectGraph, Phase};
use super::head::Head;
use super::store::Store;
use kit::Addr;
use kit::graph::Obj;
use kit::observe::Observer;
use kit::owner::Owner;
use kit::picture::{Life, ObjectPicture, ObjectsPicture, Picture};
use std::collections::HashMap;

/// More objects than this are not drawn.
const DRAWN: usize = 24;

impl<M: Owner, O: Observer> ObjectGraph<M, O> {
    /// Shows all objects, as long as they are few.
    #[inline]
    pub fn scene(&self) {
        self.observer.scene(|| Picture::Objects(self.staged()));
    }

    /// The same with a chain of references.
    pub fn scene_with(&self, chain: &[Obj]) {
        let chain = || chain.iter().map(|object| self.book.name(*object)).collect();
        self.observer.scene(|| Picture::Objects(ObjectsPicture { chain: chain(), ..self.staged() }));
    }

    /// All objects, in the order in which they were made: addresses grow. None when they are many.
    pub(super) fn staged(&self) -> ObjectsPicture {
        let mut all: Vec<Obj> = self.young().chain(self.unreachable()).chain(self.old()).take(DRAWN + 1).collect();
        if all.len() > DRAWN {
            return ObjectsPicture { more: all.len(), ..ObjectsPicture::default() };
        }
        all.sort();
        let inside = self.inside(&all);
        let objects = all.iter().map(|object| self.thing(*object, inside.get(object).copied().unwrap_or(0))).collect();
        let lists = match self.phase.get() {
            Phase::Machine => Vec::new(),
            _ => {
                let lists = self.draw();
                vec![("young", lists.young), ("unreachable", lists.unreachable)]
            }
        };
        ObjectsPicture { objects, lists, ..ObjectsPicture::default() }
    }

    /// One object, to which `inside` references come from others.
    fn thing(&self, object: Obj, inside: u64) -> ObjectPicture {
        let head = Head::of(object);
        let examines = self.phase.get() != Phase::Machine;
        let life = match (head.is_collecting(&self.mem), head.is_set_aside(&self.mem)) {
            (true, true) => Life::Aside,
            (true, false) => Life::Examined,
            (false, _) if examines && self.book.is_kept(object) => Life::Kept,
            (false, _) => Life::Alive,
        };
        ObjectPicture {
            name: self.book.name(object),
            refs: Some(self.count(object)),
            left: (life == Life::Examined).then(|| head.refs(&self.mem)),
            held: self.count(object).saturating_sub(inside),
            refers_to: self.table(object).map(|child| self.book.name(child)).collect(),
            note: if examines && life == Life::Alive { "older" } else { "" },
            life,
            looks_at: None,
        }
    }

    /// How often each is referred to by one of these.
    fn inside(&self, all: &[Obj]) -> HashMap<Obj, u64> {
        let mut inside = HashMap::new();
        all.iter().flat_map(|object| self.table(*object)).for_each(|child| *inside.entry(child).or_default() += 1);
        inside
    }

    fn table(&self, object: Obj) -> impl Iterator<Item = Obj> {
        let (at, end) = Store::table(&self.mem, object);
        (at.0..end.0).step_by(8).map(|at| Obj(Addr(self.mem.read(Addr(at)))))
    }

    /// A shortest chain of references to `wanted`, from an object that something outside refers to.
    pub fn chain_to(&self, wanted: Obj) -> Option<Vec<Obj>> {
        let all: Vec<Obj> = self.young().chain(self.old()).collect();
        let inside = self.inside(&all);
        let held = |object: &Obj| self.count(*object) > inside.get(object).copied().unwrap_or(0);
        let mut reached: Vec<Obj> = all.into_iter().filter(held).collect();
        let mut from: HashMap<Obj, Option<Obj>> = reached.iter().map(|object| (*object, None)).collect();
        let mut next = 0;
        while let Some(object) = reached.get(next).copied() {
            next += 1;
            for child in self.table(object) {
                from.entry(child).or_insert_with(|| {
                    reached.push(child);
                    Some(object)
                });
            }
        }
        from.contains_key(&wanted).then(|| {
            let back = std::iter::successors(Some(wanted), |object| from.get(object).copied().flatten());
            let mut chain: Vec<Obj> = back.collect();
            chain.reverse();
            chain
        })
    }
}
