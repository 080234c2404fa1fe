//! # A reader, some pages on the desk, and a cache
//!
//! A page is an object with the list of its words. The desk keeps the last eight that were read; the cache, a
//! `WeakValueDictionary`, finds a page as long as it lies on the desk, or anybody else keeps it. Who takes a page that
//! the cache does not know any more, reads it anew.
//!
//! What must be true at the end of each turn is looked at, and a sentence says where it is not: the program does not
//! believe its parts.

use crate::Mine;
use kit::graph::Obj;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::weak::iteration::What;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Words on a page.
const PAGE: usize = 120;
/// Pages that lie on the desk.
const DESK: usize = 8;
/// Pages that the reader takes.
const TURNS: u64 = 20_000;

type World = Objects<Mine>;

struct Reader<'a> {
    objects: &'a World,
    pages: Vec<Vec<String>>,
    class: Obj,
    words: Obj,
    cache: Obj,
    farewell: Obj,
    /// For each page, the weak reference that tells its end.
    watchers: Vec<Option<Obj>>,
    desk: VecDeque<Obj>,
    found: u64,
    read: u64,
    most: u64,
}

/// Reads `files`, and tells what became of it.
pub(crate) fn read(objects: &World, files: &[String]) -> Result<(), String> {
    let pages = pages_of(files)?;
    let gone = Arc::new(AtomicU64::new(0));
    let mut reader = Reader::new(objects, pages, gone.clone())?;
    println!("{} files, {} pages; {DESK} fit on the desk.", files.len(), reader.pages.len());
    let mut number = 7;
    for turn in 0..TURNS {
        number = next(number);
        // Mostly a page near the one before: so a reader leafs.
        let near = turn / 50 + number % 12;
        reader.take(near % reader.pages.len() as u64)?;
    }
    reader.look_at_all()?;
    println!("{TURNS} times a page was taken: {} were found in the cache, {} read anew.", reader.found, reader.read);
    println!("At most {} pages were in the cache at once.", reader.most);
    reader.clear_the_desk()?;
    let told = gone.load(Ordering::Relaxed);
    println!("{told} callbacks told of a page that was gone.");
    expect(told == reader.read, || format!("{} pages were read, but {told} were told to be gone", reader.read))?;
    reader.end();
    objects.shut_down();
    let left = objects.heap().allocated_blocks();
    expect(left == 0, || format!("{left} blocks are left in the heap"))?;
    println!("Nothing is left in the heap.");
    Ok(())
}

impl<'a> Reader<'a> {
    fn new(objects: &'a World, pages: Vec<Vec<String>>, gone: Arc<AtomicU64>) -> Result<Self, String> {
        let name = text(objects, "Page")?;
        let namespace = objects.new_dict().ok_or_else(no_memory)?;
        let class = objects.new_class(NewClass { name, bases: &[], namespace, slots: None });
        objects.decref(namespace);
        objects.decref(name);
        let farewell = objects.new_native(None, move |objects, _| {
            gone.fetch_add(1, Ordering::Relaxed);
            Ok(objects.new_ref(objects.none()))
        });
        let watchers = vec![None; pages.len()];
        Ok(Reader {
            objects,
            pages,
            class: class.map_err(|_| no_memory())?,
            words: text(objects, "words")?,
            cache: objects.new_weak_values().ok_or_else(no_memory)?,
            farewell: farewell.ok_or_else(no_memory)?,
            watchers,
            desk: VecDeque::new(),
            found: 0,
            read: 0,
            most: 0,
        })
    }

    /// Takes a page: from the cache, or else it is read.
    fn take(&mut self, number: u64) -> Result<(), String> {
        let (objects, cache) = (self.objects, self.cache);
        let key = objects.new_int(number as i64).ok_or_else(no_memory)?;
        let page = match objects.weak_values_get(cache, key) {
            Some(page) => {
                self.found += 1;
                page
            }
            None => {
                self.read += 1;
                let page = self.page(number)?;
                objects.weak_values_set(cache, key, page).map_err(|_| no_memory())?;
                page
            }
        };
        objects.decref(key);
        self.put_on_desk(page);
        let known = objects.weak_values_len(cache);
        self.most = self.most.max(known);
        self.compare()
    }

    /// A new page, whose end is told. Owned.
    fn page(&mut self, number: u64) -> Result<Obj, String> {
        let objects = self.objects;
        let page = objects.new_instance(self.class).ok_or_else(no_memory)?;
        let list = objects.new_list().ok_or_else(no_memory)?;
        for word in &self.pages[number as usize] {
            objects.list_append(list, text(objects, word)?).ok_or_else(no_memory)?;
        }
        objects.set_attribute(page, self.words, list).map_err(|_| no_memory())?;
        let farewell = objects.new_ref(self.farewell);
        let watcher = objects.new_weakref(page, Some(farewell)).ok_or_else(no_memory)?;
        // A weak reference that nobody holds is never called. Who watched the page before has told, and may go.
        if let Some(before) = self.watchers[number as usize].replace(watcher) {
            objects.decref(before);
        }
        Ok(page)
    }

    /// The desk keeps the pages that were taken last.
    fn put_on_desk(&mut self, page: Obj) {
        self.desk.push_back(page);
        if self.desk.len() > DESK {
            let first = self.desk.pop_front();
            first.into_iter().for_each(|page| self.objects.decref(page));
        }
    }

    /// Looks at all pages of the cache, and takes the oldest from the desk meanwhile.
    fn look_at_all(&mut self) -> Result<(), String> {
        let objects = self.objects;
        let pages = objects.weak_iter(self.cache, What::Values).ok_or_else(no_memory)?;
        let mut seen = 0;
        while let Some(page) = objects.weak_next(pages).map_err(|_| "the cache changed while it was looked at")? {
            seen += 1;
            objects.decref(page);
            if let Some(page) = self.desk.pop_front() {
                objects.decref(page);
            }
        }
        objects.decref(pages);
        println!("{seen} pages were looked at in a loop over the cache, while pages left the desk.");
        self.compare()
    }

    /// The cache knows what lies on the desk, and nothing else.
    fn compare(&self) -> Result<(), String> {
        let different: BTreeSet<Obj> = self.desk.iter().copied().collect();
        let (lie, known) = (different.len() as u64, self.objects.weak_values_len(self.cache));
        expect(known == lie, || format!("{lie} different pages lie on the desk, but the cache knows {known}"))
    }

    fn clear_the_desk(&mut self) -> Result<(), String> {
        self.desk.drain(..).for_each(|page| self.objects.decref(page));
        self.compare()
    }

    fn end(self) {
        let rest = [self.cache, self.farewell, self.words, self.class];
        self.watchers.into_iter().flatten().chain(rest).for_each(|o| self.objects.decref(o));
    }
}

/// The words of the files, page by page.
fn pages_of(files: &[String]) -> Result<Vec<Vec<String>>, String> {
    let mut pages = vec![];
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let words: Vec<String> = text.split_whitespace().map(str::to_string).collect();
        pages.extend(words.chunks(PAGE).map(<[String]>::to_vec));
    }
    expect(!pages.is_empty(), || "There is no word in these files.".into())?;
    Ok(pages)
}

fn text(objects: &World, text: &str) -> Result<Obj, String> {
    objects.new_str(text).ok_or_else(no_memory)
}

/// The next of some numbers that look random, and are the same on every machine.
fn next(number: u64) -> u64 {
    number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407).rotate_left(17)
}

fn no_memory() -> String {
    "The system has no memory left.".into()
}

fn expect(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(sentence()) }
}
