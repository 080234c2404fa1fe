//! # What the language needs of lists, and nobody else does yet
//!
//! Source: `list_ass_slice`, `list_extend`, `ins1` in `Objects/listobject.c` of 3.11.

use crate::objects::machine::the;
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::containers::{Containers, Items};
use kit::graph::Obj;

/// Room for `wanted` items.
fn resize<W: World>(o: &Objects<W>, list: Obj, wanted: u64) -> bool {
    let (len, capacity) = (o.list_len(list), Items::capacity(o, list));
    let room = the::<W::Containers>().room(capacity, len, wanted);
    room == capacity || Items::resize(o, list, room)
}

/// `list.insert(at, value)`: stolen.
pub(super) fn list_insert<W: World>(o: &Objects<W>, list: Obj, at: u64, value: Obj) -> Option<()> {
    let len = o.list_len(list);
    if !resize(o, list, len + 1) {
        o.decref(value);
        return None;
    }
    for place in (at..len).rev() {
        let item = o.replace(list, place, None);
        o.replace(list, place + 1, item);
    }
    o.replace(list, at, Some(o.owned(value)));
    Items::set_len(o, list, len + 1);
    Some(())
}

/// `list.extend(items)`: stolen. An empty list gets room for these, in twos.
pub(super) fn list_extend<W: World>(o: &Objects<W>, list: Obj, items: &[Obj]) -> Option<()> {
    let (len, more) = (o.list_len(list), items.len() as u64);
    let done = match (more, Items::capacity(o, list)) {
        (0, _) => return Some(()),
        (_, 0) => Items::resize(o, list, (more + 1) & !1),
        _ => resize(o, list, len + more),
    };
    if !done {
        items.iter().for_each(|item| o.decref(*item));
        return None;
    }
    for (place, item) in (len..).zip(items) {
        o.replace(list, place, Some(o.owned(*item)));
    }
    Items::set_len(o, list, len + more);
    Some(())
}

/// An empty list gets these, and room for exactly as many: stolen.
pub(super) fn list_extend_exactly<W: World>(o: &Objects<W>, list: Obj, items: &[Obj]) -> Option<()> {
    if !items.is_empty() && !Items::resize(o, list, items.len() as u64) {
        items.iter().for_each(|item| o.decref(*item));
        return None;
    }
    for (place, item) in (0..).zip(items) {
        o.replace(list, place, Some(o.owned(*item)));
    }
    Items::set_len(o, list, items.len() as u64);
    Some(())
}

/// `del list[from:to]`: the list is shorter before the first item dies, and they die from the last to the first.
pub(super) fn list_cut<W: World>(o: &Objects<W>, list: Obj, from: u64, to: u64) {
    let len = o.list_len(list);
    let gone = to - from;
    if gone == 0 {
        return;
    }
    if gone == len {
        return o.list_clear(list);
    }
    let cut: Vec<_> = (from..to).filter_map(|place| o.replace(list, place, None)).collect();
    for place in to..len {
        let item = o.replace(list, place, None);
        o.replace(list, place - gone, item);
    }
    let room = the::<W::Containers>().room(Items::capacity(o, list), len, len - gone);
    Items::set_len(o, list, len - gone);
    if room != Items::capacity(o, list) {
        Items::resize(o, list, room);
    }
    cut.into_iter().rev().for_each(drop);
}

/// `list.pop(at)`, not of the last one: owned.
pub(super) fn list_pop_at<W: World>(o: &Objects<W>, list: Obj, at: u64) -> Obj {
    let item = o.new_ref(o.list_get(list, at));
    list_cut(o, list, at, at + 1);
    item
}

/// `object()`
pub(super) fn new_object<W: World>(o: &Objects<W>) -> Option<Obj> {
    o.new_plain(Type::Object, 16)
}
