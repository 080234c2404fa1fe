//! As CPython writes it: the depth is raised once, around the whole loop.

use kit::graph::Obj;
use kit::trashcan::*;

fn begin<S: Can>(can: &S, o: Obj) -> bool {
    let room = can.depth() < UNWIND_LEVEL;
    if room {
        can.set_depth(can.depth() + 1);
    } else {
        can.push(o);
    }
    room
}

fn end<S: Can>(can: &S) {
    can.set_depth(can.depth() - 1);
    if can.depth() > 0 {
        return;
    }
    can.set_depth(can.depth() + 1);
    loop {
        let Some(next) = can.pop() else { break };
        can.dealloc(next);
    }
    can.set_depth(can.depth() - 1);
}

kit::plug_trashcan!();
