//! # Dicts

use crate::objects::{Objects, World};
use kit::graph::Cursor;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn walk_dict(&self, o: Obj) -> Cursor {
        Cursor::over(o, o.0, 0)
    }

    pub(crate) fn drop_dict(&self, o: Obj) -> Cursor {
        Cursor::over(o, o.0, 0)
    }

    pub(crate) fn walk_dict_on(&self, cursor: &Cursor) -> Cursor {
        Cursor { stage: 0, ..*cursor }
    }

    pub(crate) fn release_dict(&self, o: Obj) {
        let _ = (o,);
    }

    pub(crate) fn dict_clear(&self, o: Obj) {
        let _ = (o,);
    }

    pub(crate) fn is_untrackable_dict(&self, o: Obj) -> bool {
        let _ = (o,);
        false
    }
}
