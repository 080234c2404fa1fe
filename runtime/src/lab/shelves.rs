//! # Free lists and strings: the machine around `free-lists`
//!
//! ```text
//!   a free list   | HEAD | COUNT | LIMIT |        header words: the part's
//!   a block       | LINK | ....            |        in a list: its first word is the part's, the rest nobody's
//!                                                   held: the program filled it, and nobody else may touch it
//! ```
//!
//! Strings are counted here, not in memory: what the part does with their references is what matters.
//!
//! - **I1** What a free list must hold is in the books; nothing of the part's is believed.
//! - **I2** A string's count must be the number of the program's variables that lead to it.

mod service;

use kit::Addr;
use kit::checked::{CheckedMemory, Describe};
use kit::free_lists::{COUNT, FREE_LIST, FreeListAt, FreeLists, HEAD, LIMIT, LINK};
use kit::graph::Obj;
use kit::misuse::Watch;
use kit::observe::Observer;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::Picture;
use kit::text::list;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// Bytes of a block.
const BLOCK: u64 = 64;
/// So many reads and writes of words are constant time.
const CONSTANT: u64 = 8;

/// A free list, as it must be.
#[derive(Debug)]
struct Shelf {
    name: String,
    limit: u64,
    /// The blocks in it, the one that goes first at the end.
    blocks: Vec<Addr>,
}

/// A string.
#[derive(Debug)]
struct Text {
    name: String,
    characters: String,
    refs: u64,
    dead: bool,
}

/// What is true, whatever the part says.
#[derive(Debug, Default)]
pub(super) struct Books {
    shelves: BTreeMap<Addr, Shelf>,
    /// What the program calls a block.
    blocks: BTreeMap<Addr, String>,
    texts: Vec<Text>,
    /// The interned string with these characters.
    interned: BTreeMap<String, usize>,
    /// Which string a variable of the program leads to.
    variables: BTreeMap<String, usize>,
}

/// Free lists in memory `M`, and strings.
pub struct Shelves<M: Owner + 'static, O: Observer + 'static> {
    mem: M,
    observer: O,
    watch: Rc<Watch>,
    part: &'static (dyn FreeLists<Shelves<M, O>> + Sync),
    books: Rc<RefCell<Books>>,
    /// Whether the table of interned strings can grow.
    memory: Cell<bool>,
    mapped: RefCell<Vec<(Addr, u64)>>,
}

impl<M: Owner, O: Observer> Shelves<M, O> {
    pub(super) fn new(
        mem: M,
        observer: O,
        watch: Rc<Watch>,
        part: &'static (dyn FreeLists<Shelves<M, O>> + Sync),
    ) -> Self {
        let (books, mapped) = (Rc::default(), RefCell::default());
        Shelves { mem, observer, watch, part, books, memory: Cell::new(true), mapped }
    }

    pub(super) fn mem(&self) -> &M {
        &self.mem
    }

    pub(super) fn place(&self) -> Place {
        Place(self.books.clone())
    }

    pub(super) fn part(&self) -> &'static (dyn FreeLists<Shelves<M, O>> + Sync) {
        self.part
    }

    pub(super) fn set_memory(&self, memory: bool) {
        self.memory.set(memory);
    }

    fn map(&self, bytes: u64) -> Option<Addr> {
        let at = self.mem.map(bytes, 8)?;
        self.mapped.borrow_mut().push((at, bytes));
        Some(at)
    }

    /// A new, empty free list. `None`: no memory.
    pub(super) fn create(&self, name: &str, limit: u64) -> Option<()> {
        let at = self.map(FREE_LIST)?;
        self.mem.set(at, HEAD, None);
        self.mem.set(at, COUNT, 0);
        self.mem.set(at, LIMIT, limit);
        self.mem.mark(at, 16, State::Header);
        self.mem.mark(at.plus(LIMIT.offset), 8, State::Foreign);
        let shelf = Shelf { name: name.into(), limit, blocks: vec![] };
        self.books.borrow_mut().shelves.insert(at, shelf);
        Some(())
    }

    pub(super) fn shelf(&self, name: &str) -> Option<Addr> {
        let books = self.books.borrow();
        books.shelves.iter().find(|(_, shelf)| shelf.name == name).map(|(at, _)| *at)
    }

    /// The block of this name, which is made if there is none. `None`: no memory.
    pub(super) fn block(&self, name: &str) -> Option<Addr> {
        let known = self.books.borrow().blocks.iter().find(|(_, of)| *of == name).map(|(at, _)| *at);
        known.or_else(|| {
            let at = self.map(BLOCK)?;
            self.fill(at, name);
            self.books.borrow_mut().blocks.insert(at, name.into());
            Some(at)
        })
    }

    /// Is the block of this name in a free list?
    pub(super) fn is_kept(&self, at: Addr) -> bool {
        self.books.borrow().shelves.values().any(|shelf| shelf.blocks.contains(&at))
    }

    pub(super) fn name_of(&self, at: Addr) -> String {
        self.books.borrow().blocks.get(&at).cloned().unwrap_or_else(|| format!("{at:?}"))
    }

    /// The program writes to each word of a block of its own.
    fn fill(&self, at: Addr, name: &str) {
        self.mem.mark(at, BLOCK, State::Held);
        for (at, word) in pattern(at, name) {
            self.mem.write(at, word);
        }
    }

    fn untouched(&self, at: Addr) -> Result<(), String> {
        let name = self.name_of(at);
        match pattern(at, &name).find(|(at, word)| self.mem.peek(*at) != Some(*word)) {
            Some((word, _)) => {
                Err(format!("broken: {name} + {} was changed, and {name} is the program's (I2)", word.since(at)))
            }
            None => Ok(()),
        }
    }

    fn call<R>(&self, during: &'static str, part: impl FnOnce() -> R) -> Result<R, String> {
        let read = States::of(&[State::Header, State::Foreign, State::FreeLink]);
        let write = States::of(&[State::Header, State::FreeLink]);
        let before = self.mem.accesses();
        let result = self.mem.call(Rights { during, read, write, untouched_from: Addr(u64::MAX) }, part);
        let accesses = self.mem.accesses() - before;
        if accesses > CONSTANT {
            return Err(format!(
                "broken: {during} read and wrote {accesses} words: a few are enough, however long the list is (I3)"
            ));
        }
        Ok(result)
    }

    /// Offers a block that the program holds to a free list.
    ///
    /// # Errors
    /// A promise that was broken.
    pub(super) fn put(&self, shelf: Addr, block: Addr) -> Result<bool, String> {
        // Its first word is the part's for now; what lies there may be written over, and not be read.
        let room = self.with(shelf, |shelf| (shelf.blocks.len() as u64) < shelf.limit);
        self.mem.mark(block, 8, State::FreeLink);
        self.mem.mark(block.plus(8), BLOCK - 8, State::FreeBody);
        let kept = self.call("put", || self.part.put(self, FreeListAt(shelf), block))?;
        let (name, of) = (self.name_of(block), self.with(shelf, |shelf| shelf.name.clone()));
        if kept != room {
            let (says, is) = if kept { ("kept", "is full") } else { ("refused", "has room") };
            return Err(format!("broken: {name} was {says}, but {of} {is} (I2)"));
        }
        match kept {
            true => {
                self.with(shelf, |shelf| shelf.blocks.push(block));
                self.observer.step(|| format!("{of} keeps {name}: {}", self.shown_if_short(shelf)));
            }
            false => {
                self.untouched(block)?;
                self.mem.mark(block, BLOCK, State::Held);
            }
        }
        Ok(kept)
    }

    /// Takes a block; the program holds it then.
    ///
    /// # Errors
    /// A promise that was broken.
    pub(super) fn take(&self, shelf: Addr) -> Result<Option<String>, String> {
        let given = self.call("take", || self.part.take(self, FreeListAt(shelf)))?;
        let expected = self.with(shelf, |shelf| shelf.blocks.last().copied());
        let of = self.with(shelf, |shelf| shelf.name.clone());
        let said = |block: Option<Addr>| block.map_or("nothing".into(), |block| self.name_of(block));
        if given.is_some_and(|block| !self.with(shelf, |shelf| shelf.blocks.contains(&block))) {
            return Err(format!("broken: take gave {}, which is not in {of} (I1)", said(given)));
        }
        if given != expected {
            return Err(format!("broken: take gave {}, but {} came last to {of} (I3)", said(given), said(expected)));
        }
        let Some(block) = given else { return Ok(None) };
        self.with(shelf, |shelf| shelf.blocks.pop());
        let name = self.name_of(block);
        self.fill(block, &name);
        self.observer.step(|| format!("{name} leaves {of}: {}", self.shown_if_short(shelf)));
        Ok(Some(name))
    }

    fn with<R>(&self, shelf: Addr, act: impl FnOnce(&mut Shelf) -> R) -> R {
        act(self.books.borrow_mut().shelves.get_mut(&shelf).expect("the driver asks for lists that it made"))
    }

    fn shown(&self, shelf: Addr) -> String {
        let blocks = self.with(shelf, |shelf| shelf.blocks.clone());
        list(blocks.into_iter().rev().map(|block| self.name_of(block)))
    }

    /// For a step: a long list is alike from one to the next.
    fn shown_if_short(&self, shelf: Addr) -> String {
        match self.with(shelf, |shelf| shelf.blocks.len()) {
            0..=8 => self.shown(shelf),
            many => format!("{many} blocks"),
        }
    }

    /// The free list, as a fact: `2 of 3: b a`.
    pub(super) fn told(&self, shelf: Addr) -> String {
        let (name, count, limit) =
            self.with(shelf, |shelf| (shelf.name.clone(), shelf.blocks.len() as u64, shelf.limit));
        format!("{name}: {count} of {limit}: {}", self.shown(shelf))
    }

    /// Between two operations.
    pub(super) fn kept(&self) -> Result<(), String> {
        if let Some(misuse) = self.watch.first() {
            return Err(misuse.to_string());
        }
        let books = self.books.borrow();
        for (at, shelf) in &books.shelves {
            let name = |at: Option<Addr>| match at.and_then(|at| books.blocks.get(&at)) {
                Some(name) => name.clone(),
                None => at.map_or("nothing".into(), |at| format!("{at:?}")),
            };
            let of = &shelf.name;
            let (count, is) = (self.mem.peek(at.plus(COUNT.offset)).unwrap_or(0), shelf.blocks.len() as u64);
            if count != is {
                return Err(format!("broken: COUNT of {of} is {count}, but it has {is} (I2)"));
            }
            let mut link = at.plus(HEAD.offset);
            let mut from = format!("HEAD of {of}");
            for block in shelf.blocks.iter().rev().copied().map(Some).chain([None]) {
                let next = self.mem.peek(link).filter(|word| *word != 0).map(Addr);
                if next != block {
                    return Err(format!("broken: {from} leads to {}, but {} is next (I1)", name(next), name(block)));
                }
                let Some(block) = block else { break };
                link = block.plus(LINK.offset);
                from = format!("the link of {}", name(Some(block)));
            }
        }
        for text in &books.texts {
            let leads = books.variables.values().filter(|of| books.texts[**of].name == text.name).count() as u64;
            if text.refs != leads && !(text.dead && leads == 0) {
                let (name, refs) = (&text.name, text.refs);
                return Err(format!("broken: {name} has count {refs}, but {leads} variables lead to it (I5)"));
            }
        }
        Ok(())
    }

    /// A new string, and a variable of the same name. `false`: there was one.
    pub(super) fn text(&self, name: &str, characters: &str) -> bool {
        let mut books = self.books.borrow_mut();
        if books.variables.contains_key(name) || books.texts.iter().any(|text| text.name == name) {
            return false;
        }
        let text = Text { name: name.into(), characters: characters.into(), refs: 1, dead: false };
        books.texts.push(text);
        let last = books.texts.len() - 1;
        books.variables.insert(name.into(), last);
        true
    }

    /// Trades what the variable leads to for the interned one, as a fact: `a: the string of b, count 2`.
    pub(super) fn intern(&self, variable: &str) -> Option<Result<String, String>> {
        let text = *self.books.borrow().variables.get(variable)?;
        let given = self.part.intern(self, Obj(Addr(text as u64)));
        let mut books = self.books.borrow_mut();
        let Some(now) = books.texts.get(given.0.0 as usize) else {
            return Some(Err(format!("broken: intern gave {:?}, which is no string (I5)", given.0)));
        };
        if now.dead || now.characters != books.texts[text].characters {
            let (name, what) = (&now.name, if now.dead { "is dead" } else { "has other characters" });
            return Some(Err(format!("broken: intern gave the string {name}, which {what} (I5)")));
        }
        let fact = format!("{variable}: the string {}, count {}", now.name, now.refs);
        books.variables.insert(variable.into(), given.0.0 as usize);
        Some(Ok(fact))
    }

    /// The variable goes. `None`: there is none.
    pub(super) fn let_go(&self, variable: &str) -> Option<String> {
        let text = self.books.borrow_mut().variables.remove(variable)?;
        self.drop_text(text);
        let books = self.books.borrow();
        let Text { name, refs, dead, .. } = &books.texts[text];
        Some(if *dead { format!("the string {name} dies") } else { format!("the string {name}, count {refs}") })
    }

    /// One reference less; at 0 it leaves the table, and dies.
    fn drop_text(&self, text: usize) {
        let mut books = self.books.borrow_mut();
        let Text { refs, dead, characters, .. } = &mut books.texts[text];
        *refs -= 1;
        if *refs == 0 {
            *dead = true;
            let characters = characters.clone();
            if books.interned.get(&characters) == Some(&text) {
                books.interned.remove(&characters);
            }
        }
    }

    /// The table of interned strings, as a fact.
    pub(super) fn table(&self) -> String {
        let books = self.books.borrow();
        format!("interned: {}", list(books.interned.values().map(|text| books.texts[*text].name.clone())))
    }
}

fn pattern(at: Addr, name: &str) -> impl Iterator<Item = (Addr, u64)> + use<> {
    // Odd numbers: as a link they lead nowhere.
    let seed = name.bytes().fold(7u64, |seed, byte| seed.wrapping_mul(31) + u64::from(byte)) << 8 | 1;
    (0..BLOCK / 8).map(move |word| (at.plus(word * 8), seed + word * 2))
}

/// Names the words of lists and blocks.
pub(super) struct Place(Rc<RefCell<Books>>);

impl Place {
    fn find(&self, at: Addr) -> Option<String> {
        let books = self.0.borrow();
        let field = |offset| ["HEAD", "COUNT", "LIMIT"][offset as usize / 8 % 3];
        let shelf = books.shelves.iter().find(|(start, _)| at.since(**start) < FREE_LIST);
        let block = books.blocks.iter().find(|(start, _)| at.since(**start) < BLOCK);
        shelf
            .map(|(start, shelf)| format!("{} of {}", field(at.since(*start)), shelf.name))
            .or_else(|| block.map(|(start, name)| format!("{name} + {}", at.since(*start))))
    }
}

impl Describe for Place {
    fn name(&self, _: &CheckedMemory, at: Addr) -> String {
        self.find(at).unwrap_or_else(|| format!("{at:?}"))
    }

    fn why(&self, _: Addr, state: State, wrote: bool) -> Option<String> {
        match state {
            State::Foreign if wrote => Some("nobody changes how many there may be".into()),
            State::FreeBody => Some("only the first word of a block is the list's: the link".into()),
            _ => None,
        }
    }

    fn picture(&self, mem: &CheckedMemory) -> Picture {
        let books = self.0.borrow();
        let shown = books.shelves.iter().map(|(at, shelf)| {
            let count = mem.peek(at.plus(COUNT.offset)).unwrap_or(0);
            let blocks = shelf.blocks.iter().rev().map(|block| books.blocks[block].clone());
            format!("{}: {count} of {}: {}", shelf.name, shelf.limit, list(blocks))
        });
        Picture::Words(shown.collect::<Vec<_>>().join("; "))
    }
}

impl<M: Owner, O: Observer> fmt::Debug for Shelves<M, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shelves: Vec<Addr> = self.books.borrow().shelves.keys().copied().collect();
        let told = shelves.into_iter().map(|shelf| self.told(shelf)).chain([self.table()]);
        f.write_str(&told.collect::<Vec<_>>().join("; "))
    }
}

impl<M: Owner, O: Observer> Drop for Shelves<M, O> {
    fn drop(&mut self) {
        // Where a part may have been stopped, rights may be left in force; that memory goes with its owner.
        if !M::WATCHED || cfg!(asan) {
            self.mapped.borrow_mut().drain(..).for_each(|(at, bytes)| self.mem.release(at, bytes, 8));
        }
    }
}
