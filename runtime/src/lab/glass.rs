//! # Under the glass: an object, word by word
//!
//! ```text
//! use glass
//! n = int 1000           also: float 1.5, str ab, list n n, tuple n, dict s n, instance x n y n (a class with x and y)
//! append l n             one item more
//! another n              one reference more: another variable
//! look l                 as it is now
//! ```
//!
//! For a figure: objects of the whole runtime, on real memory. Each line gives the object that it is about, as its words
//! lie there, those in front of its address first; and the table that belongs to it. Nothing is said that is not read.

use super::scenario::{BadScenario, Op, Scenario};
use crate::config::{Config, Fast};
use crate::heap::machine::Heap;
use crate::objects::class::NewClass;
use crate::objects::kind::Kind;
use crate::objects::layout::types::{ATTRIBUTES, BASIC, FLAGS, WEAK_AT};
use crate::objects::layout::{LIST_CAPACITY, LIST_ITEMS, MANAGED_DICT, SIZE, VALUES, reference};
use crate::objects::machine::Profile;
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use kit::refcount::REFS;
use kit::{Addr, Memory};
use std::collections::BTreeMap;

/// A word of memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Bytes from the object's address; less than 0 in front of it. In a table: from its beginning.
    pub offset: i64,
    /// What the layout calls it.
    pub name: &'static str,
    /// What it says.
    pub says: String,
}

/// An object at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The script's line, and the line itself.
    pub line: (u32, String),
    /// What the script calls it.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// What `getsizeof` says.
    pub size: u64,
    /// Its words, in the order of addresses.
    pub words: Vec<Word>,
    /// What is in a table of its own, and how many bytes that has.
    pub table: Option<(u64, Vec<Word>)>,
}

/// Runs the script, and looks.
///
/// # Errors
/// The first line that makes no sense.
pub fn look(script: &str) -> Result<Vec<Seen>, BadScenario> {
    let scenario = Scenario::parse(script)?;
    if scenario.part() != "glass" {
        return scenario.setup.bad("objects are looked at in a script that begins with `use glass`");
    }
    // SAFETY: only the reference's parts run on it, and they stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, <Fast<Modern> as Config>::reference()).expect("the system has memory");
    let objects = Objects::new(heap, Profile::V3_11).expect("the system has memory");
    let mut glass = Glass { objects: &objects, names: BTreeMap::new() };
    let seen = scenario.ops.iter().map(|op| glass.op(op)).collect();
    glass.names.into_values().for_each(|o| objects.decref(o));
    seen
}

struct Glass<'a, W: World> {
    objects: &'a Objects<W>,
    names: BTreeMap<String, Obj>,
}

impl<W: World> Glass<'_, W> {
    fn op(&mut self, op: &Op) -> Result<Seen, BadScenario> {
        let o = self.objects;
        let name = match (op.verb.as_str(), op.names.as_slice(), op.args.as_slice()) {
            ("append", [], [list, item]) if o.is_a(self.find(op, list)?, Type::List) => {
                o.list_append(self.find(op, list)?, o.new_ref(self.find(op, item)?)).expect("the system has memory");
                list
            }
            // Its count has one more; nobody gives it back before the runtime goes.
            ("another", [], [name]) => {
                o.new_ref(self.find(op, name)?);
                name
            }
            ("look", [], [name]) => name,
            (_, [name], args) => {
                let made = self.made(op, args)?;
                if let Some(old) = self.names.insert(name.clone(), made) {
                    o.decref(old);
                }
                name
            }
            _ => return op.bad("here is `n = int 5`, `l = list n n`, `append l n`, `another n`, `look l`"),
        };
        let name = name.clone();
        Ok(self.seen(op, &name, self.find(op, &name)?))
    }

    fn find(&self, op: &Op, name: &str) -> Result<Obj, BadScenario> {
        self.names.get(name).copied().map_or_else(|| op.bad(format!("there is no object `{name}`")), Ok)
    }

    fn made(&self, op: &Op, args: &[String]) -> Result<Obj, BadScenario> {
        let o = self.objects;
        let all = || args.iter().map(|name| Ok(o.new_ref(self.find(op, name)?))).collect::<Result<Vec<Obj>, _>>();
        let made = match (op.verb.as_str(), args) {
            ("int", [value]) => o.new_int(op.number(value)? as i64),
            ("float", [value]) => match value.parse() {
                Ok(value) => o.new_float(value),
                Err(_) => return op.bad(format!("`{value}` is no number")),
            },
            ("str", [text]) => o.new_str(text),
            ("list", _) => o.new_list_of(&all()?),
            ("tuple", _) => o.new_tuple(&all()?),
            ("dict", pairs) if pairs.len() % 2 == 0 => {
                let (dict, items) = (o.new_dict().expect("the system has memory"), all()?);
                items.chunks(2).for_each(|pair| o.dict_set(dict, pair[0], pair[1]).expect("a key that has a hash"));
                Some(dict)
            }
            ("instance", pairs) if pairs.len() % 2 == 0 => return self.instance(op, pairs),
            (verb, _) => return op.bad(format!("`{verb}` is nothing that is looked at here")),
        };
        Ok(made.expect("the system has memory"))
    }

    /// An instance of a class of its own, with these attributes.
    fn instance(&self, op: &Op, pairs: &[String]) -> Result<Obj, BadScenario> {
        let o = self.objects;
        let (namespace, name) = (o.new_dict().expect("room"), o.new_name("Point").expect("room"));
        let class = o.new_class(NewClass { name, bases: &[], namespace, slots: None }).expect("a plain class");
        let instance = o.new_instance(class).expect("room");
        [namespace, name, class].into_iter().for_each(|used| o.decref(used));
        for pair in pairs.chunks(2) {
            let name = o.new_name(&pair[0]).expect("room");
            o.set_attribute(instance, name, o.new_ref(self.find(op, &pair[1])?)).expect("a plain attribute");
            o.decref(name);
        }
        Ok(instance)
    }

    fn seen(&self, op: &Op, name: &str, it: Obj) -> Seen {
        let o = self.objects;
        let mut words = self.front(it);
        let names = names_of(o.kind(it));
        let bytes = self.bytes(it);
        for offset in (0..bytes).step_by(8) {
            let at = (offset / 8) as usize;
            let weak = o.mem().get(o.type_of(it), WEAK_AT) == offset && offset > 0;
            let name = if weak { "WEAK" } else { names.get(at).or(names.last()).copied().unwrap_or("WORD") };
            words.push(Word { offset: offset as i64, name, says: self.says(it, offset, name, bytes) });
        }
        let (type_name, size) = (o.type_name(o.type_of(it)), o.getsizeof(it));
        Seen { line: (op.line, op.text()), name: name.into(), type_name, size, words, table: self.table(it) }
    }

    /// What stands in front of its address.
    fn front(&self, it: Obj) -> Vec<Word> {
        let (o, mem) = (self.objects, self.objects.mem());
        let word = |offset, name, says: String| Word { offset, name, says };
        let mut words = vec![];
        if o.kind(it) == Kind::Instance && mem.get(o.type_of(it), FLAGS) & ATTRIBUTES != 0 {
            let says = |word: u64, what: &str| if word == 0 { "0".to_string() } else { what.to_string() };
            words.push(word(-32, "VALUES", says(mem.get(it, VALUES), "-> table")));
            words.push(word(-24, "DICT", says(mem.get(it, MANAGED_DICT), "-> a dict")));
        }
        if o.kind(it) as u8 >= Kind::List as u8 {
            for (offset, name) in [(-16, "NEXT"), (-8, "PREV")] {
                let link = mem.read(Addr(it.0.0.wrapping_add_signed(offset)));
                words.push(word(offset, name, if link == 0 { "0".into() } else { "a link".into() }));
            }
        }
        words
    }

    /// Bytes from its address on.
    fn bytes(&self, it: Obj) -> u64 {
        let (o, mem) = (self.objects, self.objects.mem());
        match o.kind(it) {
            Kind::Int | Kind::Str => o.getsizeof(it),
            Kind::Tuple => o.getsizeof(it) - 16,
            _ => mem.get(o.type_of(it), BASIC),
        }
    }

    fn says(&self, it: Obj, offset: u64, name: &str, bytes: u64) -> String {
        let (o, mem) = (self.objects, self.objects.mem());
        let word = || mem.read(it.0.plus(offset));
        match name {
            "TYPE" => o.type_name(o.type_of(it)),
            "ITEM" => self.refers(word()),
            "ITEMS" | "KEYS" | "VALUES" | "WEAK" if word() == 0 => "0".into(),
            "ITEMS" | "KEYS" | "VALUES" => "-> table".into(),
            "VALUE" => format!("{}", f64::from_bits(word())),
            "DIGITS" => {
                let halves = (offset..bytes).step_by(4).take(2);
                let digits = halves.map(|at| mem.read_half(it.0.plus(at)).to_string());
                digits.collect::<Vec<_>>().join(" ")
            }
            "TEXT" => {
                let bytes = (offset..bytes).take(8).map(|at| mem.read_byte(it.0.plus(at)));
                bytes.map(|byte| if byte == 0 { "\\0".into() } else { char::from(byte).to_string() }).collect()
            }
            "HASH" if word() == u64::MAX => "not yet".into(),
            "HASH" => "a hash".into(),
            "STATE" => "flags".into(),
            "VERSION" => "a number".into(),
            _ => word().to_string(),
        }
    }

    /// What a reference leads to.
    fn refers(&self, word: u64) -> String {
        let o = self.objects;
        let Some(to) = reference(word) else { return "empty".into() };
        if let Some((name, _)) = self.names.iter().find(|(_, known)| **known == to) {
            return format!("-> {name}");
        }
        match o.kind(to) {
            Kind::Int => o.int_value(to).map_or("-> an int".into(), |value| format!("-> {value}")),
            Kind::Str => format!("-> '{}'", o.str_text(to)),
            _ => format!("-> a {}", o.type_name(o.type_of(to))),
        }
    }

    /// What lies in a block of its own: a list's items, a dict's keys and values, an instance's values.
    fn table(&self, it: Obj) -> Option<(u64, Vec<Word>)> {
        let (o, mem) = (self.objects, self.objects.mem());
        let word = |at: u64, name, says| Word { offset: 8 * at as i64, name, says };
        match o.kind(it) {
            Kind::List if mem.get(it, LIST_ITEMS) != 0 => {
                let (table, used) = (Addr(mem.get(it, LIST_ITEMS)), mem.get(it, SIZE));
                let item = |at: u64| match at < used {
                    true => word(at, "ITEM", self.refers(mem.read(table.plus(8 * at)))),
                    false => word(at, "ITEM", "free".into()),
                };
                let places = mem.get(it, LIST_CAPACITY);
                Some((8 * places, (0..places).map(item).collect()))
            }
            Kind::Dict => {
                let (mut position, mut words) = (0, vec![]);
                while let Some((key, value)) = o.dict_next(it, &mut position) {
                    let at = words.len() as u64;
                    words.push(word(at, "KEY", self.refers(key.0.0)));
                    words.push(word(at + 1, "VALUE", self.refers(value.0.0)));
                }
                let bytes = o.getsizeof(it) - 16 - self.bytes(it);
                (bytes > 0).then_some((bytes, words))
            }
            Kind::Instance => {
                let values = o.instance_values(it)?;
                let used = (0..values.used(mem)).map(|at| word(at, "VALUE", self.refers(mem.read(values.place(at)))));
                Some((0, used.collect()))
            }
            _ => None,
        }
    }
}

/// The words of a layout; the last one goes on.
fn names_of(kind: Kind) -> &'static [&'static str] {
    const _: () = assert!(SIZE.offset == 16 && LIST_ITEMS.offset == 24 && REFS.offset == 0);
    match kind {
        Kind::Int => &["REFS", "TYPE", "SIZE", "DIGITS"],
        Kind::Float => &["REFS", "TYPE", "VALUE"],
        Kind::Str => &["REFS", "TYPE", "SIZE", "HASH", "STATE", "WSTR", "TEXT"],
        Kind::List => &["REFS", "TYPE", "SIZE", "ITEMS", "CAPACITY"],
        Kind::Tuple => &["REFS", "TYPE", "SIZE", "ITEM"],
        Kind::Dict => &["REFS", "TYPE", "USED", "VERSION", "KEYS", "VALUES"],
        _ => &["REFS", "TYPE", "WORD"],
    }
}
