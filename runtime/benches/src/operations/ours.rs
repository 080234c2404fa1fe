//! # Our objects, one operation at a time
//!
//! The runtime's functions on bare objects, counted by hand: a handle does the same and no more.

use super::Runtime;
use crate::collect::ours::{class, names};
use crate::ours::Reference;
use kit::graph::Obj;
use runtime::objects::Objects;

/// The objects of an interpreter, whose token somebody holds.
pub struct Ours<'g> {
    objects: &'g Objects<Reference>,
    class: Obj,
}

impl<'g> Ours<'g> {
    /// The operations on `objects`. The class of its instances lives as long as they do.
    #[must_use]
    pub fn new(objects: &'g Objects<Reference>) -> Self {
        Ours { objects, class: class(objects, &names(objects), true) }
    }
}

impl Runtime for Ours<'_> {
    type Object = Obj;

    #[inline]
    fn incref(&self, object: Obj) {
        self.objects.incref(object);
    }
    #[inline]
    fn decref(&self, object: Obj) {
        self.objects.decref(object);
    }
    #[inline]
    fn int(&self, value: i64) -> Option<Obj> {
        self.objects.new_int(value)
    }
    #[inline]
    fn float(&self, value: f64) -> Option<Obj> {
        self.objects.new_float(value)
    }
    #[inline]
    fn list(&self) -> Option<Obj> {
        self.objects.new_list()
    }
    #[inline]
    fn tuple(&self, items: [Obj; 2]) -> Option<Obj> {
        self.objects.new_tuple(&items.map(|item| self.objects.new_ref(item)))
    }
    #[inline]
    fn instance(&self) -> Option<Obj> {
        self.objects.new_instance(self.class)
    }
    #[inline]
    fn append(&self, list: Obj, item: Obj) -> Option<()> {
        self.objects.list_append(list, self.objects.new_ref(item))
    }
    #[inline]
    fn dict(&self) -> Option<Obj> {
        self.objects.new_dict()
    }
    #[inline]
    fn insert(&self, dict: Obj, key: Obj, value: Obj) -> Option<()> {
        self.objects.dict_set(dict, self.objects.new_ref(key), self.objects.new_ref(value)).ok()
    }
}
