//! Nothing is dropped by name: handles go where their scopes end, which is after everything else.

use kit::containers::*;
use kit::graph::Obj;

fn up_to_four(items: u64) -> u64 {
    items.next_multiple_of(4)
}

fn room(capacity: u64, len: u64, wanted: u64) -> u64 {
    let fits = wanted <= capacity && wanted >= capacity / 2;
    let generous = (wanted + (wanted >> 3) + 6) / 4 * 4;
    let grew = wanted.saturating_sub(len);
    if fits {
        capacity
    } else if wanted == 0 {
        0
    } else if grew > generous - wanted {
        up_to_four(wanted)
    } else {
        generous
    }
}

fn store<'a, S: Items>(s: &'a S, list: Obj, at: u64, value: S::Owned<'a>) {
    let _old = s.replace(list, at, Some(value));
}

fn append<'a, S: Items>(s: &'a S, list: Obj, value: S::Owned<'a>) -> Result<(), S::Owned<'a>> {
    let len = s.len(list);
    let room = room(s.capacity(list), len, len + 1);
    if room == s.capacity(list) || s.resize(list, room) {
        let _nothing = s.replace(list, len, Some(value));
        s.set_len(list, len + 1);
        return Ok(());
    }
    Err(value)
}

fn pop<'a, S: Items>(s: &'a S, list: Obj) -> Option<S::Owned<'a>> {
    match s.len(list) {
        0 => None,
        len => {
            let item = s.replace(list, len - 1, None);
            s.set_len(list, len - 1);
            let _ = s.resize(list, room(s.capacity(list), len, len - 1));
            item
        }
    }
}

fn clear<S: Items>(s: &S, list: Obj) {
    let mut table = s.take_table(list);
    while table.next_back().is_some() {}
}

kit::plug_containers!();
