//! # The garbage, as figures see it
//!
//! All objects that are not dead, with what a collection and their finalizers made of them so far.

use super::{Bin, DRAWN};
use crate::gc::head::Head;
use crate::gc::list::List;
use kit::graph::Obj;
use kit::observe::Observer;
use kit::owner::Owner;
use kit::picture::{Life, ObjectPicture, ObjectsPicture, Picture};
use std::collections::BTreeMap;

impl<M: Owner, O: Observer> Bin<M, O> {
    /// Shows a figure what they look like, as long as they are few.
    pub fn scene(&self) {
        self.graph.observer.scene(|| Picture::Objects(self.staged()));
    }

    fn staged(&self) -> ObjectsPicture {
        let people = self.people.borrow();
        if people.len() > DRAWN {
            return ObjectsPicture { more: people.len(), ..ObjectsPicture::default() };
        }
        let mut inside: BTreeMap<Obj, u64> = BTreeMap::new();
        people.keys().flat_map(|o| self.referents(*o)).for_each(|child| *inside.entry(child).or_default() += 1);
        let members = |list: List| list.members(&self.graph.mem).map(Head::object).collect::<Vec<_>>();
        let garbage = [members(self.graph.lists.unreachable), members(self.aside)].concat();
        let held = |o: &Obj| self.held.borrow().get(o).copied().unwrap_or(0);
        let living = people.iter().filter(|(_, entry)| !entry.dead.get());
        let objects = living.map(|(o, entry)| {
            let finalized = Head::of(*o).is_finalized(&self.graph.mem);
            let refs = self.graph.count(*o);
            ObjectPicture {
                name: entry.name.clone(),
                refs: Some(refs),
                refers_to: self.referents(*o).into_iter().map(|child| self.name_of(child)).collect(),
                held: refs.saturating_sub(inside.get(o).copied().unwrap_or(0) + held(o)),
                life: match garbage.contains(o) {
                    true if finalized => Life::Finalized,
                    true => Life::Aside,
                    false => Life::Alive,
                },
                note: match (&entry.finalizer, finalized) {
                    (None, _) => "",
                    (Some(_), false) => "has a finalizer",
                    (Some(_), true) => "finalizer ran",
                },
                ..ObjectPicture::default()
            }
        });
        ObjectsPicture { objects: objects.collect(), ..ObjectsPicture::default() }
    }
}
