//! Everything is read before anything is written.

use kit::free_lists::*;
use kit::graph::Obj;
use kit::{Addr, Memory};

fn take<S: Stock>(s: &S, list: FreeListAt) -> Option<Addr> {
    let (head, count) = (s.mem().get(list, HEAD), s.mem().get(list, COUNT));
    head.inspect(|first| {
        let next = s.mem().get(*first, LINK);
        s.mem().set(list, COUNT, count - 1);
        s.mem().set(list, HEAD, next);
    })
}

fn put<S: Stock>(s: &S, list: FreeListAt, block: Addr) -> bool {
    let (head, count, limit) = (s.mem().get(list, HEAD), s.mem().get(list, COUNT), s.mem().get(list, LIMIT));
    let room = count < limit;
    if room {
        s.mem().set(list, COUNT, count + 1);
        s.mem().set(list, HEAD, Some(block));
        s.mem().set(block, LINK, head);
    }
    room
}

fn small_int(value: i64) -> Option<u64> {
    u64::try_from(value.checked_sub(SMALLEST)?).ok().filter(|_| value <= LARGEST)
}

fn intern<S: Stock>(s: &S, text: Obj) -> Obj {
    let one = s.interned(text).unwrap_or_else(|| {
        let _ = s.intern(text);
        text
    });
    s.incref(one);
    s.decref(text);
    one
}

kit::plug_free_lists!();
