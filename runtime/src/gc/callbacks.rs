//! # Callbacks of the collector

use super::collect::Collected;
use crate::objects::{Objects, World};
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn tell_callbacks(&self, phase: &str, generation: usize, found: Collected) {
        let _ = (phase, generation, found);
    }

    pub(crate) fn save(&self, o: Obj) {
        let _ = (o,);
    }
}
