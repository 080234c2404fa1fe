//! # Sets

use crate::objects::{Objects, World};
use kit::graph::Cursor;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn walk_set(&self, o: Obj) -> Cursor {
        Cursor::over(o, o.0, 0)
    }

    pub(crate) fn release_set(&self, o: Obj) {
        let _ = (o,);
    }

    pub(crate) fn set_clear(&self, o: Obj) {
        let _ = (o,);
    }
}
