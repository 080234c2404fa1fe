//! The outermost `end` leaves the depth at 1 until nobody waits.

use kit::graph::Obj;
use kit::trashcan::*;

fn begin<S: Can>(can: &S, o: Obj) -> bool {
    match can.depth() {
        UNWIND_LEVEL.. => {
            can.push(o);
            false
        }
        depth => {
            can.set_depth(depth + 1);
            true
        }
    }
}

fn end<S: Can>(can: &S) {
    match can.depth() {
        1 => {
            while let Some(o) = can.pop() {
                can.dealloc(o);
            }
            can.set_depth(0);
        }
        depth => can.set_depth(depth - 1),
    }
}

kit::plug_trashcan!();
