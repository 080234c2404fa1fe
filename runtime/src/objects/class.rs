//! # Classes

use crate::objects::{Objects, World};
use kit::graph::Cursor;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn walk_class(&self, o: Obj) -> Cursor {
        Cursor::over(o, o.0, 0)
    }

    pub(crate) fn release_class(&self, o: Obj) {
        let _ = (o,);
    }

    pub(crate) fn clear_class(&self, o: Obj) {
        let _ = (o,);
    }
}
