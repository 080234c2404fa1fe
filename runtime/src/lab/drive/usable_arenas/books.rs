//! # Which arena is where
//!
//! Descriptors have names here, so that facts and sentences need no addresses. The list is read as the part left it,
//! step by step, and believed in nothing: it may lead anywhere.

use kit::Addr;
use kit::arena::{ArenaAt, BASE, DESCRIPTOR, FREE_POOLS, INDEX, UNCARVED};
use kit::checked::{CheckedMemory, Describe};
use kit::owner::{Owner, State};
use kit::picture::{Picture, UsablePicture};
use kit::usable_arenas::{FIRST, FREE_COUNT, NEXT_ARENA, PREV_ARENA, TABLE, TOTAL_COUNT, UsableAt, last_with};
use std::cell::RefCell;

/// The largest number of free pools that the table has a place for.
pub(super) const MOST: u32 = 64;

/// What an arena is, beside its number of free pools.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Is {
    /// Not there yet.
    Unknown,
    /// It has memory.
    There,
    /// It went back to the system.
    Gone,
}

/// The names, in the order of the descriptors, and what each is.
pub(super) struct Books {
    pub(super) list: UsableAt,
    pub(super) table: Addr,
    pub(super) names: Vec<String>,
    pub(super) is: RefCell<Vec<Is>>,
}

/// The list as it was found.
pub(super) struct Walked {
    /// Arenas by number, from the first.
    pub(super) arenas: Vec<usize>,
    /// Where it leads after those, if that is no arena, or one that was met before.
    pub(super) astray: Option<Addr>,
}

impl Books {
    pub(super) fn arena(&self, number: usize) -> ArenaAt {
        ArenaAt(self.table.plus(number as u64 * DESCRIPTOR))
    }

    /// Which arena is described at `at`, if it has memory.
    pub(super) fn number(&self, at: Addr) -> Option<usize> {
        self.descriptor(at)
            .filter(|(number, offset)| *offset == 0 && self.is.borrow()[*number] == Is::There)
            .map(|at| at.0)
    }

    /// Whose descriptor `at` lies in, and how far in.
    fn descriptor(&self, at: Addr) -> Option<(usize, u64)> {
        let offset = at.since(self.table);
        let number = usize::try_from(offset / DESCRIPTOR).ok().filter(|number| *number < self.names.len())?;
        Some((number, offset % DESCRIPTOR))
    }

    /// What lies at `at`, which may be nothing.
    pub(super) fn named(&self, at: u64) -> String {
        match self.descriptor(Addr(at)) {
            _ if at == 0 => "None".into(),
            Some((number, 0)) => match self.is.borrow()[number] {
                Is::There => self.names[number].clone(),
                Is::Gone => format!("{}, which went back to the system", self.names[number]),
                Is::Unknown => format!("the descriptor of {}, which is not there yet", self.names[number]),
            },
            _ => "something that is no arena in use".into(),
        }
    }

    /// Along the list, as far as it is one.
    pub(super) fn walk<M: Owner>(&self, mem: &M) -> Walked {
        let mut walked = Walked { arenas: vec![], astray: None };
        let mut met = vec![false; self.names.len()];
        let mut next = mem.peek(self.list.0.plus(FIRST.offset)).unwrap_or(0);
        while next != 0 {
            match self.number(Addr(next)) {
                Some(number) if !met[number] => {
                    met[number] = true;
                    walked.arenas.push(number);
                    next = mem.peek(Addr(next).plus(NEXT_ARENA.offset)).unwrap_or(0);
                }
                _ => {
                    walked.astray = Some(Addr(next));
                    return walked;
                }
            }
        }
        walked
    }

    /// The list and its table, drawn.
    pub(super) fn draw<M: Owner>(&self, mem: &M) -> UsablePicture {
        let free = |number| mem.peek_half(self.arena(number).0.plus(FREE_COUNT.offset)).unwrap_or(0);
        let walked = self.walk(mem);
        let mut arenas: Vec<(String, u32)> =
            walked.arenas.iter().map(|number| (self.names[*number].clone(), free(*number))).collect();
        arenas.extend(walked.astray.map(|_| ("?".into(), 0)));
        let last = |free| {
            let at = mem.peek(self.list.0.plus(last_with(free).offset)).filter(|at| *at != 0)?;
            Some((free, self.number(Addr(at)).map_or("?".into(), |number| self.names[number].clone())))
        };
        UsablePicture { arenas, last_with: (0..=MOST).filter_map(last).collect() }
    }
}

impl Describe for Books {
    fn name(&self, _: &CheckedMemory, at: Addr) -> String {
        let in_list = at.since(self.list.0);
        if in_list < 8 {
            return "FIRST".into();
        }
        if in_list < TABLE {
            return format!("last_with({})", (in_list - 8) / 8);
        }
        let Some((number, offset)) = self.descriptor(at) else {
            return match in_list.checked_sub(TABLE) {
                Some(behind) if behind < 0x1000 => format!("last_with({}), which there is not", (in_list - 8) / 8),
                _ => format!("{at:?}, where no descriptor is"),
            };
        };
        let halves = [(FREE_COUNT.offset, FREE_COUNT.name), (TOTAL_COUNT.offset, TOTAL_COUNT.name)];
        let words = [
            (BASE.offset, BASE.name),
            (UNCARVED.offset, UNCARVED.name),
            (FREE_POOLS.offset, FREE_POOLS.name),
            (NEXT_ARENA.offset, NEXT_ARENA.name),
            (PREV_ARENA.offset, PREV_ARENA.name),
            (INDEX.offset, INDEX.name),
        ];
        let known = halves.iter().find(|(start, _)| *start == offset & !3);
        let known = known.or(words.iter().find(|(start, _)| *start == offset & !7));
        format!("{}'s {}", self.names[number], known.map_or("spare bytes", |(_, field)| field))
    }

    fn why(&self, at: Addr, _: State, wrote: bool) -> Option<String> {
        let (number, offset) = self.descriptor(at)?;
        let name = &self.names[number];
        match self.is.borrow()[number] {
            Is::Gone => Some(format!("{name} went back to the system: no list leads there any more (I5)")),
            Is::Unknown => Some(format!("there is no arena {name} yet")),
            Is::There => {
                let counts = [FREE_COUNT.offset, TOTAL_COUNT.offset].contains(&offset);
                (wrote && counts).then(|| "the arena counts for itself: read it only".into())
            }
        }
    }

    fn picture(&self, mem: &CheckedMemory) -> Picture {
        Picture::Usable(self.draw(mem))
    }
}
