//! # Who owns what: the lists as a figure shows them
//!
//! ```text
//!   variables ---> l ---> its items            what a table and the program hold: so many of an item's references
//!   call ........> l                           the rest is in the hands of what runs
//!        ---> an item
//! ```
//!
//! Nothing is kept for it but which lists were lent: a handle in somebody's hands is one that lies nowhere else.

use super::Lists;
use kit::graph::Obj;
use kit::observe::Observer;
use kit::picture::{CallPicture, Life, ObjectPicture, ObjectsPicture, Picture};

/// More objects than this are not drawn.
const DRAWN: usize = 12;

impl<O: Observer> Lists<O> {
    /// While `call` runs, it knows `list` and does not own it.
    pub(in super::super) fn lend<R>(&self, list: Obj, call: impl FnOnce() -> R) -> R {
        self.lent.borrow_mut().push(list);
        let result = call();
        self.lent.borrow_mut().pop();
        result
    }

    /// Shows a figure who owns what.
    pub(in super::super) fn scene(&self) {
        self.observer.scene(|| Picture::Objects(self.draw()));
    }

    fn draw(&self) -> ObjectsPicture {
        let (lists, items) = (self.lists.borrow(), self.items.borrow());
        let name = |item: &usize| items[*item].name.clone();
        let containers = lists.iter().filter(|list| !list.gone).map(|list| ObjectPicture {
            name: list.name.clone(),
            // The program's variable is all that ever owns a list.
            refs: Some(u64::from(!list.dying)),
            held: u64::from(!list.dying),
            refers_to: list.table.iter().flatten().map(name).collect(),
            life: if list.dying { Life::Dying } else { Life::Alive },
            note: "a list",
            ..ObjectPicture::default()
        });
        let contents = items.iter().filter(|item| !item.gone).map(|item| ObjectPicture {
            name: item.name.clone(),
            refs: Some(item.refs),
            held: item.held,
            life: if item.dead { Life::Dying } else { Life::Alive },
            ..ObjectPicture::default()
        });
        let mut owns = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let placed = lists.iter().flat_map(|list| list.table.iter().flatten()).filter(|place| **place == at);
            let elsewhere = item.held + placed.count() as u64;
            owns.extend((elsewhere..item.refs).map(|_| item.name.clone()));
        }
        let borrows = self.lent.borrow().iter().map(|list| lists[list.0.0 as usize].name.clone()).collect();
        let mut objects: Vec<ObjectPicture> = containers.chain(contents).collect();
        let more = objects.len().saturating_sub(DRAWN);
        objects.truncate(DRAWN);
        ObjectsPicture { objects, more, call: Some(CallPicture { owns, borrows }), ..ObjectsPicture::default() }
    }
}
