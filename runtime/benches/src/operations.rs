//! # Operations on objects: what one of them costs
//!
//! | operation | is |
//! |---|---|
//! | `pair` | one more reference to an object, and one less |
//! | `int`, `float` | a number that no table holds is made and dropped |
//! | `list`, `tuple`, `instance` | an empty list, a tuple of two, an instance with three slots is made and dropped |
//! | `lists`, `tuples`, `instances` | a thousand are made, then all dropped: more than free lists keep of most |
//! | `append` | one of a thousand items is appended to a list that begins empty; it is dropped at the end |
//! | `insert` | the same with a dict whose keys are integers |
//!
//! An operation is done by three:
//!
//! - *ours*: the runtime's own functions, as a program in Rust uses them.
//! - *CPython, from C*: libpython's functions, as an extension module uses them: what is a function in its interface is
//!   called, what is a macro there (increments, decrements, an item of a tuple) is written out here ([`capi`]). Up to
//!   3.11, since later ones count in another way.
//! - *CPython, in Python*: a statement, many times over in the body of a loop (`operations.py`). The interpreter's two
//!   or three instructions for it are in it, which the others have none of.
//!
//! - **I1** All run the same number of operations a round, and the same number of the operation `nothing` before: a loop
//!   without anything in it. Its time is taken off.
//! - **I2** No collection runs.

pub mod capi;
pub mod ours;

use crate::turns::now;
use std::hint::black_box;

/// Operations of a round.
pub const COUNT: u64 = 1_000_000;

/// How many objects are held at once, or items put into one container.
pub const BATCH: u64 = 1000;

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// A loop without anything in it.
    Nothing,
    /// One more reference, and one less.
    Pair,
    /// An integer beyond the small ones.
    Int,
    /// A float.
    Float,
    /// An empty list.
    List,
    /// A tuple of two.
    Tuple,
    /// An instance with three slots.
    Instance,
    /// Empty lists, a thousand at a time.
    Lists,
    /// Tuples of two, a thousand at a time.
    Tuples,
    /// Instances, a thousand at a time.
    Instances,
    /// An item at the end of a list.
    Append,
    /// A key into a dict.
    Insert,
}

impl Operation {
    /// All that are shown.
    pub const ALL: [Operation; 11] = [
        Operation::Pair,
        Operation::Int,
        Operation::Float,
        Operation::List,
        Operation::Tuple,
        Operation::Instance,
        Operation::Lists,
        Operation::Tuples,
        Operation::Instances,
        Operation::Append,
        Operation::Insert,
    ];

    /// As it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Operation::Nothing => "nothing",
            Operation::Pair => "pair",
            Operation::Int => "int",
            Operation::Float => "float",
            Operation::List => "list",
            Operation::Tuple => "tuple",
            Operation::Instance => "instance",
            Operation::Lists => "lists",
            Operation::Tuples => "tuples",
            Operation::Instances => "instances",
            Operation::Append => "append",
            Operation::Insert => "insert",
        }
    }

    /// The operation with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Operation> {
        [Operation::Nothing].into_iter().chain(Operation::ALL).find(|operation| operation.name() == name)
    }
}

/// Objects of some runtime, and the ways to make them.
pub trait Runtime {
    /// An owned reference.
    type Object: Copy;

    /// One more reference.
    fn incref(&self, object: Self::Object);
    /// One less.
    fn decref(&self, object: Self::Object);
    /// An integer.
    fn int(&self, value: i64) -> Option<Self::Object>;
    /// A float.
    fn float(&self, value: f64) -> Option<Self::Object>;
    /// An empty list.
    fn list(&self) -> Option<Self::Object>;
    /// A tuple of two new references.
    fn tuple(&self, items: [Self::Object; 2]) -> Option<Self::Object>;
    /// An instance with three slots.
    fn instance(&self) -> Option<Self::Object>;
    /// A new reference at the end of a list.
    fn append(&self, list: Self::Object, item: Self::Object) -> Option<()>;
    /// An empty dict.
    fn dict(&self) -> Option<Self::Object>;
    /// A new reference to the value for a new reference to the key.
    fn insert(&self, dict: Self::Object, key: Self::Object, value: Self::Object) -> Option<()>;

    /// Does `operation` so many times: a multiple of [`BATCH`]. `None`: it cannot.
    fn run(&self, operation: Operation, count: u64) -> Option<()> {
        let some = self.list()?;
        match operation {
            Operation::Nothing => (0..count).for_each(|_| _ = black_box(some)),
            Operation::Pair => {
                for _ in 0..count {
                    self.incref(black_box(some));
                    self.decref(black_box(some));
                }
            }
            Operation::Int => self.one_by_one(count, || self.int(black_box(1000)))?,
            Operation::Float => self.one_by_one(count, || self.float(black_box(0.5)))?,
            Operation::List => self.one_by_one(count, || self.list())?,
            Operation::Tuple => self.one_by_one(count, || self.tuple(black_box([some, some])))?,
            Operation::Instance => self.one_by_one(count, || self.instance())?,
            Operation::Lists => self.all_at_once(count, || self.list())?,
            Operation::Tuples => self.all_at_once(count, || self.tuple(black_box([some, some])))?,
            Operation::Instances => self.all_at_once(count, || self.instance())?,
            Operation::Append => {
                for _ in 0..count / BATCH {
                    let list = self.list()?;
                    for _ in 0..BATCH {
                        self.append(black_box(list), black_box(some))?;
                    }
                    self.decref(list);
                }
            }
            Operation::Insert => {
                let keys = (0..BATCH as i64).map(|key| self.int(key)).collect::<Option<Vec<Self::Object>>>()?;
                for _ in 0..count / BATCH {
                    let dict = self.dict()?;
                    for key in &keys {
                        self.insert(black_box(dict), black_box(*key), black_box(some))?;
                    }
                    self.decref(dict);
                }
                keys.into_iter().for_each(|key| self.decref(key));
            }
        }
        self.decref(some);
        Some(())
    }

    /// Makes and drops.
    #[inline(always)]
    fn one_by_one(&self, count: u64, make: impl Fn() -> Option<Self::Object>) -> Option<()> {
        for _ in 0..count {
            self.decref(black_box(make()?));
        }
        Some(())
    }

    /// Makes a batch, and drops it, the first one first.
    #[inline(always)]
    fn all_at_once(&self, count: u64, make: impl Fn() -> Option<Self::Object>) -> Option<()> {
        let mut held = Vec::with_capacity(BATCH as usize);
        for _ in 0..count / BATCH {
            for _ in 0..BATCH {
                held.push(make()?);
            }
            held.drain(..).for_each(|object| self.decref(object));
        }
        Some(())
    }
}

/// Rounds for each line of standard input: nanoseconds for one operation, without the loop (I1).
///
/// # Errors
/// It cannot do that.
pub fn rounds<R: Runtime>(runtime: &R, operation: Operation) -> Result<(), String> {
    let cannot = || format!("has no `{}` yet", operation.name());
    for _ in std::io::stdin().lines() {
        let start = now();
        runtime.run(Operation::Nothing, COUNT).ok_or_else(cannot)?;
        let begin = now();
        runtime.run(operation, COUNT).ok_or_else(cannot)?;
        let (loops, all) = (begin - start, now() - begin);
        println!("{}", all.saturating_sub(loops).as_nanos() as f64 / COUNT as f64);
    }
    Ok(())
}
