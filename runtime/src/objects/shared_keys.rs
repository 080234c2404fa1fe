//! # Shared keys: instances of a class have the same attributes
//!
//! ```text
//!   class ---> keys table   x  y  z                             the names, once for all instances
//!
//!   instance 1 ---> | order, used, bytes in front | x | y | z |   values only, by the numbers of the names
//!   instance 2 ---> | order, used, bytes in front | x | . | . |
//! ```
//!
//! An instance's attributes are an array of values. Which place a name has is the same in all instances of the class.
//! In front of the values stand bytes that say in which order this instance got its own: the number of the first, of
//! the second, and so on, read backwards; then how many they are, and how many bytes stand in front altogether.
//!
//! - **I1** At most [`MOST_SHARED`] names are shared. Each new instance makes that one fewer, down to those that are
//!   there: so an array never needs to grow.
//! - **I2** Once somebody asks for `__dict__`, a dict is made that has the same keys and takes the array over.
//! - **I3** The table counts who has it: the class, and each such dict.
//!
//! Source: `_PyDict_NewKeysForClass`, `init_inline_values`, `insert_into_dictkeys`, `new_values`,
//! `_PyDictValues_AddToInsertionOrder`, `make_dict_from_instance_attributes` in `Objects/dictobject.c` of 3.11.

use super::dict::{KEYS, SPLIT_VALUES, USED};
use super::keys::{KEYS_REFS, Keys, TableKind, USABLE};
use super::layout::reference;
use super::machine::{Objects, World};
use kit::graph::Obj;
use kit::{Addr, Memory};

/// Names that instances of a class share at most.
pub const MOST_SHARED: u64 = 30;
/// The table for them has 64 places.
const LOG_SIZE: u8 = 6;

/// The address of the first value of an instance's array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Values(pub Addr);

impl Values {
    /// Where value number `at` is.
    #[inline]
    pub fn place(self, at: u64) -> Addr {
        self.0.plus(8 * at)
    }

    /// Value number `at`. Borrowed.
    #[inline]
    pub fn get<M: Memory>(self, mem: &M, at: u64) -> Option<Obj> {
        reference(mem.read(self.place(at)))
    }

    /// How many values there are.
    #[inline]
    pub fn used<M: Memory>(self, mem: &M) -> u64 {
        u64::from(mem.read_byte(self.before(2)))
    }

    /// The number of the name that came as number `position`.
    #[inline]
    pub fn ordered<M: Memory>(self, mem: &M, position: u64) -> u64 {
        u64::from(mem.read_byte(self.before(3 + position)))
    }

    /// A value for name `at` came, which had none.
    pub fn push_order<M: Memory>(self, mem: &M, at: u64) {
        let used = self.used(mem);
        mem.write_byte(self.before(3 + used), at as u8);
        mem.write_byte(self.before(2), used as u8 + 1);
    }

    /// The value of name `at` went.
    pub fn remove_order<M: Memory>(self, mem: &M, at: u64) {
        let used = self.used(mem);
        let position = (0..used).find(|position| self.ordered(mem, *position) == at).expect("what went was there");
        for later in position + 1..used {
            mem.write_byte(self.before(2 + later), self.ordered(mem, later) as u8);
        }
        mem.write_byte(self.before(2), used as u8 - 1);
    }

    fn before(self, bytes: u64) -> Addr {
        Addr(self.0.0 - bytes)
    }

    /// Bytes in front.
    fn front<M: Memory>(self, mem: &M) -> u64 {
        u64::from(mem.read_byte(self.before(1)))
    }
}

impl<W: World> Objects<W> {
    /// A table of names for a new class. `None`: no memory. The caller has it, and lets go with
    /// [`Objects::drop_keys`].
    pub fn new_shared_keys(&self) -> Option<Keys> {
        let keys = self.new_keys(LOG_SIZE, TableKind::Str)?;
        self.mem().set(keys, USABLE, MOST_SHARED);
        keys.set_kind(self.mem(), TableKind::Split);
        Some(keys)
    }

    /// The number of values that an array for these names has, as of now.
    pub fn shared_size(&self, keys: Keys) -> u64 {
        keys.entries(self.mem()) + self.mem().get(keys, USABLE)
    }

    /// The array of a new instance: no values. `None`: no memory, and nothing changed (I1).
    pub fn new_values(&self, keys: Keys) -> Option<Values> {
        let mem = self.mem();
        let usable = mem.get(keys, USABLE);
        let fewer = u64::from(usable > 1);
        let values = self.room_for_values(self.shared_size(keys) - fewer)?;
        mem.set(keys, USABLE, usable - fewer);
        mem.write_byte(values.before(2), 0);
        Some(values)
    }

    fn room_for_values(&self, size: u64) -> Option<Values> {
        let front = (size + 2).next_multiple_of(8);
        let values = Values(self.heap.malloc(front + 8 * size)?.plus(front));
        self.mem().write_byte(values.before(1), front as u8);
        (0..size).for_each(|at| self.mem().write(values.place(at), 0));
        Some(values)
    }

    /// The array goes back; the values in it were moved or dropped.
    pub fn free_values(&self, values: Values) {
        self.heap.free(values.before(values.front(self.mem())));
    }

    /// The number of `name`, a string, if instances share it.
    pub fn shared_name(&self, keys: Keys, name: Obj) -> Option<u64> {
        self.find_str(keys, name, self.str_hash(name))
    }

    /// The number of `name`, which is shared from now on. `None`: too many are (I1). The table has a reference of its
    /// own.
    pub fn share_name(&self, keys: Keys, name: Obj) -> Option<u64> {
        let known = self.shared_name(keys, name);
        known.or_else(|| {
            (self.mem().get(keys, USABLE) > 0).then(|| {
                let hash = self.str_hash(name);
                keys.push(self.mem(), self.new_ref(name), hash, 0)
            })
        })
    }

    /// Name number `at`. Borrowed.
    pub fn name_of_shared(&self, keys: Keys, at: u64) -> Option<Obj> {
        keys.key(self.mem(), at)
    }

    /// Puts a stolen value in place `at`, or takes it away. `false`: there was none, and none came.
    pub fn set_value(&self, values: Values, at: u64, value: Option<Obj>) -> bool {
        let (mem, old) = (self.mem(), values.get(self.mem(), at));
        match (old.is_some(), value.is_some()) {
            (false, false) => return false,
            (false, true) => values.push_order(mem, at),
            (true, false) => values.remove_order(mem, at),
            (true, true) => {}
        }
        self.set_word(values.place(at), value);
        true
    }

    /// `dict`, which is new and empty, becomes that of an instance's attributes (I2): it has the array from now on.
    pub(crate) fn share_values(&self, dict: Obj, keys: Keys, values: Values) {
        let mem = self.mem();
        mem.set(keys, KEYS_REFS, mem.get(keys, KEYS_REFS) + 1);
        mem.set(dict, KEYS, keys.0.0);
        mem.set(dict, SPLIT_VALUES, values.0.0);
        mem.set(dict, USED, values.used(mem));
        if !self.is_untrackable_dict(dict) {
            self.track(dict);
        }
    }

    /// A copy of the array, with references of its own.
    pub(crate) fn copy_values(&self, keys: Keys, values: Values) -> Option<Values> {
        let (mem, size) = (self.mem(), self.shared_size(keys));
        let copy = self.room_for_values(size)?;
        let used = values.used(mem);
        mem.write_byte(copy.before(2), used as u8);
        for position in 0..used {
            mem.write_byte(copy.before(3 + position), values.ordered(mem, position) as u8);
        }
        for at in 0..size {
            if let Some(value) = values.get(mem, at) {
                mem.write(copy.place(at), self.new_ref(value).0.0);
            }
        }
        Some(copy)
    }
}
