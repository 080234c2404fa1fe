//! # Classes: types that a program makes
//!
//! ```text
//!   class C: pass        C --> bases, a tuple --> object
//!                          --> mro, a tuple   --> C, object
//!                          --> dict           --> "__dict__", "__weakref__": descriptors --> C
//! ```
//!
//! That is a dead ring of six as soon as nobody refers to C any more: class, two tuples, dict, two descriptors. Only the
//! collector finds it.
//!
//! - **I1** An instance has the fields of the one base that determines its layout, then its slots in the order of their
//!   names, then the head of its weak references; VALUES and MANAGED_DICT stand in front of it.
//! - **I2** DEL says that somewhere along the mro there is, or was, a `__del__`. Which one is looked up when it is called.
//! - **I3** A class is in SUBCLASSES of each of its bases, by a weak reference.
//! - **I4** A class that was cleared has no mro: nothing is found in it any more.
//!
//! Not possible here: to extend `int`, `str`, `tuple` or another type with items in place (see [`super::derived`]).
//!
//! Source: `type_new`, `type_ready`, `type_traverse`, `type_clear`, `type_dealloc` in `Objects/typeobject.c` of 3.11.

use super::keys::Keys;
use super::kind::Kind;
use super::layout::{reference, stored, types::*};
use super::machine::{Objects, World};
use super::names::Known;
use super::types::Type;
use kit::graph::{Cursor, Obj};
use kit::refcount::TYPE;
use kit::{Addr, Memory};

/// Stages of a dying class's walk.
pub(crate) const CLASS_STAGES: u64 = 2 << 48;
const NAMES_DIE: u64 = CLASS_STAGES;
const MORE_DIES: u64 = CLASS_STAGES + 1;

/// What a new class is made of. All is borrowed.
#[derive(Clone, Copy, Debug)]
pub struct NewClass<'a> {
    /// A string.
    pub name: Obj,
    /// Types; none is `object`.
    pub bases: &'a [Obj],
    /// A dict: what the class's body left behind.
    pub namespace: Obj,
    /// `__slots__`: strings.
    pub slots: Option<&'a [Obj]>,
}

/// Where what lies in an instance.
#[derive(Clone, Copy, Debug)]
struct Layout {
    base: Obj,
    slots_at: u64,
    slots: u64,
    weak_at: u64,
    basic: u64,
    flags: u64,
    adds_dict: bool,
    adds_weak: bool,
}

impl<W: World> Objects<W> {
    /// A class, tracked. Owned.
    ///
    /// # Errors
    /// An exception: no memory; the bases do not go together. Nothing is left behind.
    pub fn new_class(&self, new: NewClass) -> Result<Obj, Obj> {
        let bases = if new.bases.is_empty() { vec![self.ty(Type::Object)] } else { new.bases.to_vec() };
        let layout = self.class_layout(&bases, new.slots)?;
        let mro = self.linearize(&bases).ok_or_else(|| {
            self.raised(Type::TypeError, "Cannot create a consistent method resolution order (MRO) for bases")
        })?;
        let class = self.begin_class(&bases, new, layout).ok_or_else(|| self.memory_error())?;
        if self.complete_class(class, &mro, layout).is_none() {
            self.decref(class);
            return Err(self.memory_error());
        }
        Ok(class)
    }

    /// Bases, dict and slots come first, as they do in CPython; then the class.
    fn begin_class(&self, bases: &[Obj], new: NewClass, layout: Layout) -> Option<Obj> {
        let bases = self.new_tuple_of_borrowed(bases)?;
        let dict = self.dict_copy(new.namespace);
        let names = if layout.slots == 0 { None } else { self.slot_names(new.slots.unwrap_or(&[])) };
        let missing = dict.is_none() || names.is_none() && layout.slots != 0;
        let bytes = (CLASS + CLASS_SLOT * (layout.slots + 1)).next_multiple_of(8);
        let class = if missing { None } else { self.new_collected(Type::Type, bytes) };
        let Some(class) = class else {
            [names, dict, Some(bases)].into_iter().for_each(|made| self.decref_some(made));
            return None;
        };
        let mem = self.mem();
        mem.set(class, TYPE, Kind::Class.word(self.ty(Type::Type).0));
        (16..bytes).step_by(8).for_each(|offset| mem.write(class.0.plus(offset), 0));
        let solid = Obj(Addr(mem.get(layout.base, SOLID)));
        let copied = [FIRST, FIELDS, HIDDEN, DICT_AT, SOLID];
        copied.into_iter().for_each(|field| mem.set(class, field, mem.get(solid, field)));
        let set = |field, value| mem.set(class, field, value);
        set(NAME, self.new_ref(new.name).0.0);
        set(QUALNAME, self.new_ref(new.name).0.0);
        set(BASES, bases.0.0);
        set(BASE, self.new_ref(layout.base).0.0);
        set(DICT, stored(dict));
        set(SLOT_NAMES, stored(names));
        set(BASIC, layout.basic);
        set(FLAGS, layout.flags);
        set(SLOTS_AT, layout.slots_at);
        set(SLOTS, layout.slots);
        set(WEAK_AT, layout.weak_at);
        set(WORD, Kind::Instance.word(class.0));
        set(ITSELF, class.0.0);
        self.track(class);
        Some(class)
    }

    /// The mro, descriptors, shared keys, and the bases' knowledge of it.
    fn complete_class(&self, class: Obj, mro: &[Obj], layout: Layout) -> Option<()> {
        let mem = self.mem();
        let order: Vec<Obj> = [class].into_iter().chain(mro.iter().copied()).collect();
        mem.set(class, MRO, self.new_tuple_of_borrowed(&order)?.0.0);
        let dict = self.field(class, DICT)?;
        self.add_members(class, dict)?;
        for (wanted, name) in [(layout.adds_dict, Known::Dict), (layout.adds_weak, Known::Weakref)] {
            if wanted {
                let name = self.new_ref(self.known(name));
                let fields = [Some(self.new_ref(class)), Some(self.new_ref(name))];
                let descriptor = self.new_record(Type::GetSet, &fields);
                self.put(dict, name, descriptor)?;
            }
        }
        if self.dict_get(dict, self.known(Known::Doc)).is_none() {
            self.put(dict, self.new_ref(self.known(Known::Doc)), Some(self.new_ref(self.none())))?;
        }
        if let Ok(Some(qualname)) = self.dict_pop(dict, self.known(Known::Qualname)) {
            self.set_field(class, QUALNAME, Some(qualname));
        }
        if layout.flags & ATTRIBUTES != 0 {
            mem.set(class, SHARED_KEYS, self.new_shared_keys()?.0.0);
        }
        self.find_del(class);
        self.join_bases(class)?;
        // CPython looks for `__set_name__` in a copy of the dict: the copy is counted.
        self.decref(self.dict_copy(dict)?);
        Some(())
    }

    fn add_members(&self, class: Obj, dict: Obj) -> Option<()> {
        let Some(names) = self.field(class, SLOT_NAMES) else { return Some(()) };
        for at in 0..self.tuple_len(names) {
            let name = self.new_ref(self.tuple_get(names, at));
            let fields = [Some(self.new_ref(class)), Some(self.new_ref(name))];
            let descriptor = self.new_record(Type::Member, &fields);
            if let Some(descriptor) = descriptor {
                self.set_number(descriptor, super::attributes::MEMBER_OFFSET, self.mem().get(class, SLOTS_AT) + 8 * at);
            }
            self.put(dict, name, descriptor)?;
        }
        Some(())
    }

    /// `dict[name] = value`, both stolen; without a value there was no memory for it.
    fn put(&self, dict: Obj, name: Obj, value: Option<Obj>) -> Option<()> {
        match value {
            Some(value) => self.dict_set(dict, name, value).map_err(|refused| self.forget(refused)).ok(),
            None => {
                self.decref(name);
                None
            }
        }
    }

    /// Names of slots, sorted, without those that are no slots: a tuple.
    fn slot_names(&self, slots: &[Obj]) -> Option<Obj> {
        let mut names: Vec<Obj> = slots.iter().copied().filter(|name| !self.is_no_slot(*name)).collect();
        names.sort_by_key(|name| self.str_text(*name));
        self.new_tuple_of_borrowed(&names)
    }

    fn is_no_slot(&self, name: Obj) -> bool {
        [Known::Dict, Known::Weakref].into_iter().any(|known| self.same_text(name, self.known(known)))
    }

    /// I1.
    fn class_layout(&self, bases: &[Obj], slots: Option<&[Obj]>) -> Result<Layout, Obj> {
        let mem = self.mem();
        let base = self.best_base(bases)?;
        let get = |field| mem.get(base, field);
        let named = |known| slots.is_none_or(|names| names.iter().any(|name| self.same_text(*name, self.known(known))));
        let has_dict = get(FLAGS) & ATTRIBUTES != 0 || get(DICT_AT) != 0;
        let adds_dict = !has_dict && named(Known::Dict);
        let adds_weak = get(WEAK_AT) == 0 && named(Known::Weakref);
        let count = slots.map_or(0, |names| names.iter().filter(|name| !self.is_no_slot(**name)).count()) as u64;
        let (slots_at, behind) = (get(BASIC), get(BASIC) + 8 * count);
        let inherited = get(FLAGS) & (ATTRIBUTES | SLOTTED | EXCEPTION | CALLABLE | WEAKREF | KEEPS);
        let flags = HEAP | BASETYPE | TRASHCAN | inherited;
        let flags = flags | if adds_dict { ATTRIBUTES } else { 0 } | if count > 0 { SLOTTED } else { 0 };
        Ok(Layout {
            base,
            slots_at,
            slots: count,
            weak_at: if adds_weak { behind } else { get(WEAK_AT) },
            basic: behind + if adds_weak { 8 } else { 0 },
            flags,
            adds_dict,
            adds_weak,
        })
    }

    /// Of the bases the one that determines the layout.
    fn best_base(&self, bases: &[Obj]) -> Result<Obj, Obj> {
        let mut best: Option<(Obj, Obj)> = None;
        for base in bases {
            if !self.may_be_extended(*base) {
                let name = self.type_name(*base);
                return Err(self.raised(Type::TypeError, &format!("type '{name}' is not an acceptable base type")));
            }
            let layout = self.layout_base(*base);
            match best {
                Some((_, winner)) if self.extends(winner, layout) => {}
                Some((_, winner)) if !self.extends(layout, winner) => {
                    return Err(self.raised(Type::TypeError, "multiple bases have instance lay-out conflict"));
                }
                _ => best = Some((*base, layout)),
            }
        }
        Ok(best.map_or(self.ty(Type::Object), |(base, _)| base))
    }

    fn may_be_extended(&self, base: Obj) -> bool {
        let mem = self.mem();
        let solid = Obj(Addr(mem.get(base, SOLID)));
        let kind = Kind::of_word(mem.get(solid, WORD));
        let laid_out = solid == self.ty(Type::Object)
            || matches!(kind, Kind::Record | Kind::List | Kind::Dict | Kind::Set | Kind::Weakref);
        matches!(self.kind(base), Kind::Class | Kind::StaticType) && mem.get(base, FLAGS) & BASETYPE != 0 && laid_out
    }

    /// The nearest type up from `ty` that adds something to the layout which is not only a dict or weak references.
    fn layout_base(&self, ty: Obj) -> Obj {
        let mut here = ty;
        while mem_is_thin(self.mem(), here) {
            here = reference(mem_base(self.mem(), here)).expect("a class has a base");
        }
        here
    }

    pub(crate) fn new_tuple_of_borrowed(&self, items: &[Obj]) -> Option<Obj> {
        items.iter().for_each(|item| self.incref(*item));
        self.new_tuple(items)
    }

    /// I2: whether there is a `__del__` along the mro.
    fn find_del(&self, class: Obj) {
        let inherited = self.field(class, BASES).is_some_and(|bases| {
            (0..self.tuple_len(bases)).any(|at| self.mem().get(self.tuple_get(bases, at), DEL) != 0)
        });
        if inherited || self.class_attribute(class, self.known(Known::Del)).is_some() {
            self.mem().set(class, DEL, HAS_DEL);
        }
    }

    /// A `__del__` came to `class` later: its subclasses have it, too. Those of one that had it before have it already.
    pub(crate) fn spread_del(&self, class: Obj) {
        let mut waiting = vec![class];
        while let Some(class) = waiting.pop() {
            self.mem().set(class, DEL, HAS_DEL);
            waiting.extend(self.subclasses(class).into_iter().filter(|subclass| self.mem().get(*subclass, DEL) == 0));
        }
    }

    /// Where the collector's walk over a class begins: dict, mro, bases, base.
    pub(crate) fn walk_class(&self, o: Obj) -> Cursor {
        Cursor::over(o, o.0.plus(DICT.offset), 4)
    }

    /// Where the walk of a dying class begins.
    pub(crate) fn drop_class(&self, o: Obj) -> Cursor {
        self.leave_bases(o);
        Cursor { stage: NAMES_DIE, ..self.walk_class(o) }
    }

    /// The next places of such a walk.
    pub(crate) fn drop_class_on(&self, cursor: &Cursor) -> Cursor {
        match cursor.stage {
            NAMES_DIE => Cursor { stage: MORE_DIES, ..Cursor::over(cursor.of, cursor.of.0.plus(NAME.offset), 2) },
            _ => Cursor::over(cursor.of, cursor.of.0.plus(QUALNAME.offset), 2),
        }
    }

    pub(crate) fn release_class(&self, o: Obj) {
        if let Some(keys) = reference(self.mem().get(o, SHARED_KEYS)) {
            self.drop_keys(Keys(keys.0));
        }
        self.free_collected(o, crate::gc::head::HEAD);
    }

    /// I4.
    pub(crate) fn clear_class(&self, o: Obj) {
        if let Some(dict) = self.field(o, DICT) {
            self.dict_clear(dict);
        }
        self.set_field(o, MRO, None);
    }
}

fn mem_base<M: Memory>(mem: &M, ty: Obj) -> u64 {
    mem.get(ty, BASE)
}

/// A class without slots adds nothing.
fn mem_is_thin<M: Memory>(mem: &M, ty: Obj) -> bool {
    mem.get(ty, FLAGS) & HEAP != 0 && mem.get(ty, SLOTS) == 0
}
