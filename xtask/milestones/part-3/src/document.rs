//! # Documents: trees whose nodes know their parents
//!
//! ```text
//!   Document "pool.md" --sections--> [ Section "The idea", ... ] --lines--> [ Line "A pool serves ...", ... ]
//!        ^                                  |  ^                                   |
//!        +-------------- parent ------------+  +------------- parent --------------+
//! ```
//!
//! The link to the parent makes each document a cycle of all its nodes: whoever lets go of the document lets go of
//! nothing, as far as counts can tell. A document has a `__del__`, which counts that it was closed.

use kit::graph::Obj;
use runtime::objects::class::NewClass;
use runtime::objects::{Objects, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// The runtime has as much memory as the machine; nothing here goes on without.
const MEMORY: &str = "the machine has memory for some documents";

/// What the finalizers of documents do, and did.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    /// Documents whose finalizer ran.
    pub(crate) closed: AtomicU64,
    /// From now on a finalizer also puts its document into the archive.
    pub(crate) archives: AtomicBool,
}

/// Classes, and the archive.
pub(crate) struct Library<'a, W: World> {
    objects: &'a Objects<W>,
    document: Obj,
    node: Obj,
    archive: Obj,
    pub(crate) closing: Arc<Closing>,
}

impl<'a, W: World> Library<'a, W> {
    pub(crate) fn new(objects: &'a Objects<W>) -> Self {
        let closing = Arc::new(Closing::default());
        let archive = objects.new_list().expect(MEMORY);
        let heard = closing.clone();
        let del = objects.new_native(None, move |objects: &Objects<W>, arguments: &[Obj]| {
            heard.closed.fetch_add(1, Relaxed);
            if heard.archives.load(Relaxed) {
                objects.list_append(archive, objects.new_ref(arguments[0])).expect(MEMORY);
            }
            Ok(objects.new_ref(objects.none()))
        });
        let document = class(objects, "Document", Some(del.expect(MEMORY)));
        Library { objects, document, node: class(objects, "Node", None), archive, closing }
    }

    /// The tree of a text, and how many words it has. The tree is owned.
    pub(crate) fn parse(&self, name: &str, text: &str) -> (Obj, u64) {
        let document = self.objects.new_instance(self.document).expect(MEMORY);
        self.set(document, "name", self.objects.new_str(name).expect(MEMORY));
        let sections = self.children(document, "sections");
        let (mut lines, mut section, mut words) = (None, document, 0);
        for line in text.lines() {
            if line.starts_with('#') || lines.is_none() {
                section = self.node(document, sections, line);
                lines = Some(self.children(section, "lines"));
            }
            if let Some(lines) = lines {
                self.node(section, lines, line);
            }
            words += line.split_whitespace().count() as u64;
        }
        (document, words)
    }

    /// A node with that text, in the list `siblings` of `parent`. Borrowed.
    fn node(&self, parent: Obj, siblings: Obj, text: &str) -> Obj {
        let node = self.objects.new_instance(self.node).expect(MEMORY);
        self.set(node, "parent", self.objects.new_ref(parent));
        self.set(node, "text", self.objects.new_str(text).expect(MEMORY));
        self.objects.list_append(siblings, node).expect(MEMORY);
        node
    }

    /// An empty list, `of.name`. Borrowed.
    fn children(&self, of: Obj, name: &str) -> Obj {
        let list = self.objects.new_list().expect(MEMORY);
        self.set(of, name, list);
        list
    }

    /// `o.name = value`, which is stolen.
    fn set(&self, o: Obj, name: &str, value: Obj) {
        let name = self.objects.new_name(name).expect(MEMORY);
        self.objects.set_attribute(o, name, value).expect(MEMORY);
        self.objects.decref(name);
    }

    /// Documents in the archive.
    pub(crate) fn archived(&self) -> u64 {
        self.objects.list_len(self.archive)
    }

    /// The archive is empty again.
    pub(crate) fn clear_archive(&self) {
        self.objects.list_clear(self.archive);
    }

    /// No classes any more, and no archive.
    pub(crate) fn close(self) {
        [self.archive, self.document, self.node].into_iter().for_each(|o| self.objects.decref(o));
    }
}

/// A class, with or without a finalizer. Owned.
fn class<W: World>(objects: &Objects<W>, name: &str, del: Option<Obj>) -> Obj {
    let namespace = objects.new_dict().expect(MEMORY);
    if let Some(del) = del {
        objects.dict_set(namespace, objects.new_name("__del__").expect(MEMORY), del).expect(MEMORY);
    }
    let name = objects.new_name(name).expect(MEMORY);
    let class = objects.new_class(NewClass { name, bases: &[], namespace, slots: None }).expect(MEMORY);
    objects.decref(name);
    objects.decref(namespace);
    class
}
