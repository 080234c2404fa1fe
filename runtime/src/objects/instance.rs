//! # Instances
//!
//! ```text
//!   | VALUES | DICT | NEXT | PREV |  o -> | REFS | TYPE | fields of its base | slots | weak references |
//!       |        |
//!       |        +--> its __dict__, once somebody asked for it: then VALUES is 0
//!       +--> an array of values; the names are the class's (`shared_keys`)
//! ```
//!
//! - **I1** Of VALUES and DICT at most one is not 0.
//! - **I2** The collector walks over slots, those of the class first and then those of its bases; values in the order in
//!   which the class came to know their names; the dict; the class; what its base declares.
//! - **I3** A dying instance drops them in the same order, but the class comes last of all: it must be there until the
//!   memory has gone back.
//! - **I4** Making a dict may run a collection, and that a program that asks for the same dict. The first one stays.
//!
//! Source: `subtype_traverse`, `subtype_clear`, `subtype_dealloc` in `Objects/typeobject.c`;
//! `_PyObject_VisitInstanceAttributes`, `_PyObject_FreeInstanceAttributes` in `Objects/dictobject.c` of 3.11.

use super::keys::Keys;
use super::layout::{MANAGED_DICT, VALUES, reference, stored, types};
use super::machine::{Objects, World};
use super::shared_keys::Values;
use super::types::Type;
use kit::graph::{Cursor, Obj};
use kit::{Addr, Memory};

/// Stages of an instance's walk: slots of the base that is so many steps up, twice that, and one more when it dies.
pub(crate) const SLOT_STAGES: u64 = 3 << 48;
const DICT_NEXT: u64 = 1;
const DICT_DIES: u64 = 2;
const CLASS_NEXT: u64 = 3;
const FIELDS_NEXT: u64 = 4;
const FIELDS_DIE: u64 = 5;
/// The stages below are those of instances.
pub(crate) const INSTANCE_STAGES: u64 = 6;

impl<W: World> Objects<W> {
    /// `class.__new__(class)`: an instance without attributes, tracked. `None`: no memory. Owned.
    pub fn new_instance(&self, class: Obj) -> Option<Obj> {
        let mem = self.mem();
        let o = self.new_of_class(class)?;
        self.begin_base(o, class);
        self.track(o);
        let plain = mem.get(class, types::SOLID) == self.ty(Type::Object).0.0;
        if let Some(keys) = self.shared_keys_of(class).filter(|_| plain) {
            let Some(values) = self.new_values(keys) else {
                self.untrack(o);
                self.release_instance(o);
                return None;
            };
            mem.set(o, VALUES, values.0.0);
        }
        Some(o)
    }

    /// The names that instances of `class` share.
    #[inline]
    pub(crate) fn shared_keys_of(&self, class: Obj) -> Option<Keys> {
        reference(self.mem().get(class, types::SHARED_KEYS)).map(|keys| Keys(keys.0))
    }

    /// The array of values of `o`, which has attributes in front, if it has one.
    #[inline]
    pub(crate) fn instance_values(&self, o: Obj) -> Option<Values> {
        reference(self.mem().get(o, VALUES)).map(|values| Values(values.0))
    }

    /// `o.__dict__`, which is made if need be. `None`: no memory. Borrowed. Only for objects that can have one.
    pub fn instance_dict(&self, o: Obj) -> Option<Obj> {
        let mem = self.mem();
        let at = self.dict_place(o)?;
        if let Some(dict) = reference(mem.read(at)) {
            return Some(dict);
        }
        let keys = if self.has_attributes(o) { self.shared_keys_of(self.type_of(o)) } else { None };
        let array = match keys.filter(|_| self.instance_values(o).is_none()) {
            Some(keys) => Some(self.new_values(keys)?),
            None => None,
        };
        let dict = self.new_dict();
        if let (Some(dict), Some(keys), None) = (dict, keys, reference(mem.read(at))) {
            // Of the array is asked only now, for I4.
            if let Some(values) = array.or_else(|| self.instance_values(o)) {
                self.share_values(dict, keys, values);
                mem.set(o, VALUES, 0);
            }
        } else if let Some(array) = array {
            self.free_values(array);
        }
        match reference(mem.read(at)) {
            Some(first) => {
                self.decref_some(dict);
                Some(first)
            }
            None => {
                mem.write(at, stored(dict));
                dict
            }
        }
    }

    /// Where the reference to the `__dict__` of `o` stands. `None`: it can have none.
    #[inline]
    pub(crate) fn dict_place(&self, o: Obj) -> Option<Addr> {
        if self.has_attributes(o) {
            return Some(o.0.plus(MANAGED_DICT.offset));
        }
        let at = self.mem().get(self.type_of(o), types::DICT_AT);
        (at != 0).then(|| o.0.plus(at))
    }

    /// Whether it has VALUES and MANAGED_DICT in front.
    #[inline]
    pub(crate) fn has_attributes(&self, o: Obj) -> bool {
        self.flags(o) & types::ATTRIBUTES != 0
    }

    #[inline]
    fn flags(&self, o: Obj) -> u64 {
        self.mem().get(self.type_of(o), types::FLAGS)
    }

    /// I2. A stretch without places is left out at once: this is one of the collector's innermost loops.
    #[inline]
    pub(crate) fn walk_instance(&self, o: Obj) -> Cursor {
        match self.flags(o) & types::SLOTTED {
            0 => self.walk_attributes(o, false),
            _ => self.walk_slots(o, 0),
        }
    }

    /// I3.
    #[inline]
    pub(crate) fn drop_instance(&self, o: Obj) -> Cursor {
        match self.flags(o) & types::SLOTTED {
            0 => self.walk_attributes(o, true),
            _ => self.walk_slots(o, 1),
        }
    }

    /// The slots of the base that is `stage / 2` steps up; whoever has none has none above.
    fn walk_slots(&self, o: Obj, stage: u64) -> Cursor {
        let mem = self.mem();
        let mut class = self.type_of(o);
        for _ in 0..stage / 2 {
            class = Obj(Addr(mem.get(class, types::BASE)));
        }
        if mem.get(class, types::FLAGS) & types::SLOTTED == 0 {
            return self.walk_attributes(o, stage & 1 == 1);
        }
        let (first, count) = (mem.get(class, types::SLOTS_AT), mem.get(class, types::SLOTS));
        Cursor { stage: SLOT_STAGES + stage + 2, ..Cursor::over(o, o.0.plus(first), count) }
    }

    #[inline]
    fn walk_attributes(&self, o: Obj, dies: bool) -> Cursor {
        if self.has_attributes(o)
            && let Some(values) = self.instance_values(o)
            && let Some(keys) = self.shared_keys_of(self.type_of(o))
        {
            let stage = if dies { DICT_DIES } else { DICT_NEXT };
            return Cursor { stage, ..Cursor::over(o, values.place(0), keys.entries(self.mem())) };
        }
        self.walk_its_dict(o, dies)
    }

    #[inline]
    fn walk_its_dict(&self, o: Obj, dies: bool) -> Cursor {
        if self.has_attributes(o) && self.mem().get(o, MANAGED_DICT) != 0 {
            let stage = if dies { FIELDS_DIE } else { CLASS_NEXT };
            return Cursor { stage, ..Cursor::over(o, o.0.plus(MANAGED_DICT.offset), 1) };
        }
        if dies { self.walk_base(o, true) } else { self.walk_its_class(o) }
    }

    /// In the TYPE word the class has a kind in front of it; the class itself has its bare address.
    #[inline]
    fn walk_its_class(&self, o: Obj) -> Cursor {
        let class = self.type_of(o);
        let plain = self.mem().get(class, types::SOLID) == self.ty(Type::Object).0.0;
        let stage = if plain { 0 } else { FIELDS_NEXT };
        Cursor { stage, ..Cursor::over(o, class.0.plus(types::ITSELF.offset), 1) }
    }

    /// The next places of an instance's walk.
    pub(crate) fn walk_instance_on(&self, cursor: &Cursor) -> Cursor {
        let o = cursor.of;
        match cursor.stage {
            DICT_NEXT => self.walk_its_dict(o, false),
            DICT_DIES => self.walk_its_dict(o, true),
            CLASS_NEXT => self.walk_its_class(o),
            FIELDS_NEXT => self.walk_base(o, false),
            FIELDS_DIE => self.walk_base(o, true),
            _ => self.walk_slots(o, cursor.stage - SLOT_STAGES),
        }
    }

    /// The memory of a dead instance goes back, and then its class is dropped (I3).
    pub(crate) fn release_instance(&self, o: Obj) {
        let class = self.type_of(o);
        if self.has_attributes(o)
            && let Some(values) = self.instance_values(o)
        {
            self.free_values(values);
        }
        self.release_base(o, class);
        self.free_collected(o, self.front(class));
        self.decref(class);
    }

    /// An instance of a dead ring drops slots, attributes and what its base has; the class stays.
    pub(crate) fn clear_instance(&self, o: Obj) {
        let mem = self.mem();
        let mut class = self.type_of(o);
        while mem.get(class, types::FLAGS) & types::SLOTTED != 0 {
            let (first, count) = (mem.get(class, types::SLOTS_AT), mem.get(class, types::SLOTS));
            (0..count).for_each(|at| self.set_word(o.0.plus(first + 8 * at), None));
            class = Obj(Addr(mem.get(class, types::BASE)));
        }
        if self.has_attributes(o) {
            self.clear_attributes(o);
        }
        self.clear_base(o);
    }

    /// Values go one by one: somebody may ask for the dict meanwhile, and then the dict has them.
    fn clear_attributes(&self, o: Obj) {
        let mut at = 0;
        while let (Some(values), Some(keys)) = (self.instance_values(o), self.shared_keys_of(self.type_of(o))) {
            if at == keys.entries(self.mem()) {
                break;
            }
            self.set_value(values, at, None);
            at += 1;
        }
        self.set_word(o.0.plus(MANAGED_DICT.offset), None);
    }

    /// Puts a dict in the place of `__dict__`: stolen; without one, the next who asks gets a new one. What was there is
    /// dropped afterwards. `None`: no memory, and nothing changed.
    pub fn set_instance_dict(&self, o: Obj, dict: Option<Obj>) -> Option<()> {
        self.instance_dict(o)?;
        self.set_word(self.dict_place(o)?, dict);
        Some(())
    }
}
