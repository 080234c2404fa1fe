//! As CPython writes `list_resize`, with signed numbers; the room of an append is made in a function of its own.

use kit::containers::*;
use kit::graph::Obj;

fn room(allocated: u64, len: u64, newsize: u64) -> u64 {
    if allocated >= newsize && newsize >= (allocated >> 1) {
        return allocated;
    }
    let mut new_allocated = (newsize + (newsize >> 3) + 6) & !3;
    if newsize as i64 - len as i64 > (new_allocated - newsize) as i64 {
        new_allocated = (newsize + 3) & !3;
    }
    if newsize == 0 {
        new_allocated = 0;
    }
    new_allocated
}

fn make_room<S: Items>(s: &S, list: Obj, wanted: u64) -> bool {
    let capacity = s.capacity(list);
    let room = room(capacity, s.len(list), wanted);
    room == capacity || s.resize(list, room)
}

fn store<'a, S: Items>(s: &'a S, list: Obj, at: u64, value: S::Owned<'a>) {
    drop(s.replace(list, at, Some(value)));
}

fn append<'a, S: Items>(s: &'a S, list: Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>> {
    let len = s.len(list);
    if !make_room(s, list, len + 1) {
        return Err(value);
    }
    let empty = s.replace(list, len, Some(value));
    assert!(empty.is_none());
    s.set_len(list, len + 1);
    Ok(())
}

fn pop<'a, S: Items>(s: &'a S, list: Obj) -> Option<S::Owned<'a>> {
    let len = s.len(list);
    if len == 0 {
        return None;
    }
    let last = s.replace(list, len - 1, None);
    let room = room(s.capacity(list), len, len - 1);
    s.set_len(list, len - 1);
    if room != s.capacity(list) && !s.resize(list, room) {
        return last;
    }
    last
}

fn clear<S: Items>(s: &S, list: Obj) {
    let mut items: Vec<_> = s.take_table(list).collect();
    while let Some(item) = items.pop() {
        drop(item);
    }
}

kit::plug_containers!();
