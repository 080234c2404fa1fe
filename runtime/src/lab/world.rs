//! # Worlds: whole programs of objects, as text
//!
//! The language in which a program of objects is written down, so that it can run here, on CPython, and in a figure.
//! [`language`] reads it; a program that is read says nothing yet about how it is run.
//!
//! ```text
//! # Two objects in a ring                     what it is for
//! use world                                   the first line of code
//! class N                                     the head: classes and functions that are there from the beginning
//! def N.__del__ self                          a method; its body is indented
//!     log 'del' self
//! a = new N                                   the first line that is neither begins the program
//! b = new N
//! a.next = b
//! b.next = a
//! del a b
//! collect
//! ```
//!
//! gives these facts, from CPython and from the runtime:
//!
//! ```text
//! 10 | collect
//!    = del a
//!    = del b
//!    = collected 2
//! ```
//!
//! ## Names, places, values
//!
//! A *name* is a global variable in the program and a local one in a body that assigns it, unless the body says
//! `global`. Locals live in slots: parameters first, then in the order in which the body first mentions them, and in that
//! order they die when the function returns. A *place* is a name with attributes and items: `a.next`, `l[0]`, `d['k']`,
//! `d[a]`. A *value* is a place, or `None`, `True`, `False`, `5`, `2.5`, `'text'`.
//!
//! An object is told by the *label* that it got when it was made: the text of the place that it was made for. The second
//! one made for `a` is `a#2`. Labels are no references. Numbers, texts and `None` are told by their value, what has no
//! label by its type: `<tuple>`.
//!
//! ## Lines
//!
//! ```text
//! class A [base B] [equal] [slots x y]
//!                                  slots alone: none at all, not even a dict; equal: when their `key` is equal
//! def f p q                        a function; `def A.m self` is a method of the class A, which stands above it
//! loop 100                         its body runs so often; as a line of the program or of a body
//! if x, while not x                its body runs if, or as long as, `x` is true: not None, False, 0 or empty
//! global x y                       in a body: these are the program's names
//! PLACE = VALUE                    one more reference
//! PLACE = OPERATION                as one of those below that give a value
//! OPERATION                        a value that it gives is dropped
//! ```
//!
//! | gives a value | |
//! |---|---|
//! | `int 12345678901`, `float 2.5`, `str 'ab'`, `bytes 'ab'` | a new object, where CPython makes a new one |
//! | `list a b`, `tuple a b`, `set a`, `frozenset a` | with these elements |
//! | `dict 'k' a 'j' b` | keys and values in turn |
//! | `new A`, `object` | an instance |
//! | `cell`, `cell a` | empty, or with something in it: `c.cell_contents` |
//! | `closure a b` | a function with a cell for each |
//! | `recursive a` | a function with cells for `a` and for itself |
//! | `defaults a b` | a function with these default values |
//! | `method a m` | a bound method |
//! | `generator a b` | a generator that has begun and holds these; `send g x` gives it one thing more to hold |
//! | `module m` | an empty module |
//! | `exception ValueError a` | an exception with arguments |
//! | `iter l`, `next i` | an iterator of a list or tuple; its next element, or `None` |
//! | `copy l` | of a list, a dict, a set |
//! | `pop l`, `pop l 0`, `popitem d` | |
//! | `call f a b` | what `return x` in the body gave |
//! | `ref a`, `ref a f`, `proxy a`, `proxy a f` | weak references; `f` is called with them |
//! | `get r` | what the weak reference refers to, or `None` |
//! | `weakvalues`, `weakkeys`, `weakset` | the containers of `weakref` |
//! | `weakmethod a m`, `weakmethod a m f`, `finalize a f x` | |
//! | `catch f a b` | the exception that the call raised, or `None` |
//! | `a + b`, `a - 1`, `n + call f a` | of whole numbers; what stands on the left is read before anything is called |
//! | `thread f a b` | a thread that will call `f`; it is not started yet |
//! | `lock`, `rlock`, `event`, `semaphore 2`, `queue`, `queue 2` | of `threading` and `queue`; the queue holds two at most |
//! | `condition`, `condition l` | with a lock of its own, or with this one |
//! | `local` | `l.x` is another one in each thread |
//! | `try l`, `try l 5ms` | acquires a lock or semaphore if it can, in this time: `True` or `False` |
//! | `wait e`, `wait c 5ms` | for an event, or a condition that was acquired; whether it happened in time |
//! | `take q` | the oldest item; waits for one |
//!
//! | changes something | |
//! |---|---|
//! | `del PLACE ...` | one after the other |
//! | `append l a`, `extend l m`, `insert l 0 a`, `clear c`, `cut l 1 3` | `cut` is `del l[1:3]` |
//! | `add s a`, `discard s a`, `update d e` | |
//! | `return a`, `raise ValueError` | in a body |
//! | `detach f` | of a finalizer |
//! | `start t u`, `join t u`, `run t u` | `run` starts them all, then joins them all: one line, whoever goes on when |
//! | `acquire l`, `release l` | a lock, an rlock, a semaphore, a condition |
//! | `notify c`, `notifyall c`, `happens e`, `clear e`, `put q a` | |
//! | `sleep 5ms`, `io 50us` | without the GIL |
//! | `interval 5ms` | the switch interval |
//! | `threshold 5 2 100`, `enable`, `disable`, `freeze`, `unfreeze` | of the collector |
//! | `callbacks on`, `debug saveall`, and `off` | each collection is told; what it finds goes to `garbage` |
//!
//! | tells a fact | |
//! |---|---|
//! | `log 'text' a` | |
//! | `refcount a`, `size a`, `len a`, `tracked a`, `finalized a` | as `sys` and `gc` say it |
//! | `is a b`, `equal a b`, `hash a`, `type a`, `show a` | the same object? equal? has it a hash? its elements |
//! | `subclasses A` | |
//! | `below a b` | is the number smaller? |
//! | `alive t`, `locked l`, `interval` | |
//! | `weakrefs a` | in the order of the list |
//! | `referents a`, `referrers a` | those that have labels |
//! | `collect`, `collect 0` | what the collector returned |
//! | `count` | the three counters |
//! | `order 0` | the objects of a generation that have labels, in order |
//! | `stats`, `garbage`, `enabled` | |
//! | `note p a`, `place p b` | remembers where `a` lies; does `b` lie there? |
//!
//! What goes wrong is a fact, too: `raises KeyError`, and `ignored KeyError` in a finalizer or a callback. From then on
//! counters are not told: an exception is made of objects of its own, and how many is not part of this language. Nor are
//! they after anything that `weakref` does in Python itself: its containers, `weakmethod`, `finalize`.
//!
//! ## Threads
//!
//! A program that mentions threads runs on a virtual clock ([`crate::turns`]): an operation takes a microsecond, entering
//! a function one more, and they switch where 3.11 does, when the GIL says so. [`explore`] runs it as somebody chooses,
//! or in every way there is. An exception that a thread does not catch is told as `t ends with ValueError`; when all wait
//! for one another, `nobody can go on` says who waits for what. What Python does in Python, a queue's `put` for one, is one
//! operation here, so there are fewer places to switch. Counters are not told any more once there was anything of
//! threads.
//!
//! - **W1** Each operation allocates what CPython allocates for it, in the same order, temporary objects included: a
//!   collection may begin inside any of them. Questions (`size`, `order`, `count` ...) allocate, too, but begin none.
//! - **W2** When the program begins, the head is frozen, the free lists are empty, and the counters are 0.
//! - **W3** The order of a set with more than one object that is no number depends on addresses. A program that is
//!   compared has none.
//! - **W4** What a program with threads tells depends on who goes on when. A program that is compared tells nothing that
//!   does, except within a `run`.

mod ask;
mod attributes;
mod book;
mod change;
pub mod explore;
mod home;
pub mod language;
mod library;
mod make;
mod missing;
pub mod recorded;
mod run;
mod threads;
pub mod timeline;

use crate::config::{Config, Fast, Parts};
use crate::heap::machine::Heap;
use crate::objects::machine::{Objects, Profile, World};
use crate::turns::Choices;
use explore::Plan;
use home::Home;
use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use language::Program;

/// What is told while the program runs, line by line, by the reference's parts on real memory.
///
/// # Panics
/// When the runtime breaks one of its promises.
#[must_use]
pub fn facts(program: &Program) -> Vec<String> {
    // SAFETY: the reference's parts stay in what they mapped (I1 of kit::raw).
    let memory = unsafe { RawMemory::new() };
    facts_on::<Fast<Modern>>(memory, Fast::reference(), program)
}

/// The same, on other memory and with other parts.
///
/// # Panics
/// When there is no memory for the runtime's own tables, or it breaks one of its promises.
pub fn facts_on<W: World<Observer = Silent>>(memory: W::Memory, parts: Parts<W>, program: &Program) -> Vec<String> {
    let heap = Heap::<W>::new(memory, Silent, parts).expect("memory for the heap's tables");
    let objects = Objects::new(heap, Profile::V3_11).expect("memory for the runtime's own words");
    let home = match program.is_threaded() {
        true => Home::with_turns(objects, Plan::new(Choices::interval())),
        false => Home::new(objects),
    };
    let told = run::run(&home, program);
    assert_eq!(home.objects.validate(), Ok(()), "after the program");
    told
}
