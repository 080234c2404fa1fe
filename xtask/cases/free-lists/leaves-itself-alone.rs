//! A string that is interned already is given back as it is.

use kit::free_lists::*;
use kit::graph::Obj;
use kit::{Addr, Memory};

fn take<S: Stock>(s: &S, list: FreeListAt) -> Option<Addr> {
    match s.mem().get(list, COUNT) {
        0 => None,
        count => {
            let block = s.mem().get(list, HEAD)?;
            s.mem().set(list, HEAD, s.mem().get(block, LINK));
            s.mem().set(list, COUNT, count - 1);
            Some(block)
        }
    }
}

fn put<S: Stock>(s: &S, list: FreeListAt, block: Addr) -> bool {
    let count = s.mem().get(list, COUNT);
    if count == s.mem().get(list, LIMIT) {
        return false;
    }
    s.mem().set(block, LINK, s.mem().get(list, HEAD));
    s.mem().set(list, HEAD, Some(block));
    s.mem().set(list, COUNT, count + 1);
    true
}

fn small_int(value: i64) -> Option<u64> {
    if value < SMALLEST || value > LARGEST {
        return None;
    }
    Some((value + 5) as u64)
}

fn intern<S: Stock>(s: &S, text: Obj) -> Obj {
    match s.interned(text) {
        Some(known) if known == text => text,
        Some(known) => {
            s.decref(text);
            s.incref(known);
            known
        }
        None => {
            s.intern(text);
            text
        }
    }
}

kit::plug_free_lists!();
