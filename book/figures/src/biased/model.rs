//! # A count in two parts
//!
//! ```text
//!   ob_tid          who owns it, 0: nobody
//!   ob_ref_local    references that the owner counted, without an atomic instruction
//!   ob_ref_shared   references that others counted, times 4, and two bits: what is known of it
//! ```
//!
//! What the free-threaded build of CPython 3.13 does with one object's counts: `Py_INCREF`, `Py_DECREF` (object.h),
//! `_Py_DecRefShared`, `_Py_MergeZeroLocalRefcount`, `_Py_ExplicitMergeRefcount` (object.c), `_Py_brc_queue_object` and
//! `_Py_brc_merge_refcounts` (brc.c), `_PyObject_SetMaybeWeakref` (pycore_object.h). Each operation happens at once:
//! what two threads do to the same word at the same time is not modelled.
//!
//! - **B1** Local and shared count together are the references that there are: the program's, and the queue's.
//! - **B2** An object that somebody owns has a local count of one at least.
//! - **B3** Nobody owns it exactly if its counts are merged; then the local count is 0, and the shared one not negative.
//! - **B4** Whose state is `Queued` is in its owner's queue; what is in a queue is `Queued` or, since, `Merged`.
//! - **B5** It dies when the last reference goes, and never before.

/// What the two bits of the shared word say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// `_Py_REF_SHARED_INIT`.
    Default,
    /// `_Py_REF_MAYBE_WEAKREF`: somebody may look at it without having a reference.
    MaybeWeakref,
    /// `_Py_REF_QUEUED`: its owner is asked to merge.
    Queued,
    /// `_Py_REF_MERGED`: the shared count is all there is.
    Merged,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Default => "0",
            State::MaybeWeakref => "1: maybe weakref",
            State::Queued => "2: queued",
            State::Merged => "3: merged",
        }
    }

    pub(super) fn bits(self) -> i64 {
        self as i64
    }
}

/// One object, and what is outside of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    /// The thread that owns it.
    pub(super) owner: Option<String>,
    pub(super) local: i64,
    pub(super) shared: i64,
    pub(super) state: State,
    /// References that the program has.
    pub(super) references: i64,
    pub(super) dead: bool,
    /// Whose queue has it, and one reference.
    pub(super) queue: Option<String>,
    /// Threads that have ended.
    ended: Vec<String>,
}

/// Which word a thread writes, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Write {
    /// The local count, plainly: nobody else writes there.
    Local,
    /// The shared word, atomically.
    Shared,
    /// The shared word, and the object goes into the queue of its owner.
    Queue,
    /// All three words: the counts are merged.
    Merge,
    Nothing,
}

impl Counts {
    /// A new object: its owner has the one reference.
    pub(super) fn new(owner: &str) -> Self {
        let owner = Some(owner.to_string());
        Counts {
            owner,
            local: 1,
            shared: 0,
            state: State::Default,
            references: 1,
            dead: false,
            queue: None,
            ended: vec![],
        }
    }

    /// The shared word as it lies in memory.
    pub(super) fn word(&self) -> i64 {
        self.shared * 4 + self.state.bits()
    }

    fn owns(&self, thread: &str) -> bool {
        self.owner.as_deref() == Some(thread)
    }

    pub(super) fn incref(&mut self, thread: &str) -> Write {
        self.references += 1;
        if self.owns(thread) {
            self.local += 1;
            return Write::Local;
        }
        self.shared += 1;
        Write::Shared
    }

    pub(super) fn decref(&mut self, thread: &str) -> Write {
        self.references -= 1;
        if self.owns(thread) {
            self.local -= 1;
            return if self.local == 0 { self.merge_zero_local() } else { Write::Local };
        }
        if self.shared == 0 && matches!(self.state, State::Default | State::MaybeWeakref) {
            return self.queue();
        }
        self.shared -= 1;
        self.dead = self.shared == 0 && self.state == State::Merged;
        Write::Shared
    }

    /// The owner has no reference left.
    fn merge_zero_local(&mut self) -> Write {
        if self.word() == 0 {
            self.dead = true;
            return Write::Local;
        }
        (self.owner, self.state) = (None, State::Merged);
        self.dead = self.shared == 0;
        Write::Merge
    }

    /// Nobody but the owner counted this reference: the owner must say whether it was the last. Until then the queue has
    /// the reference.
    fn queue(&mut self) -> Write {
        if self.owner.as_ref().is_some_and(|owner| self.ended.contains(owner)) {
            self.merge(-1);
            return Write::Merge;
        }
        (self.state, self.queue) = (State::Queued, self.owner.clone());
        Write::Queue
    }

    /// Local and shared count become one.
    fn merge(&mut self, extra: i64) {
        let count = self.local + self.shared + extra;
        (self.owner, self.local, self.shared, self.state) = (None, 0, count, State::Merged);
        self.dead = count == 0;
    }

    /// The thread does what was queued for it.
    pub(super) fn merge_queued(&mut self, thread: &str) -> Write {
        if self.queue.take_if(|queue| queue == thread).is_none() {
            return Write::Nothing;
        }
        // The queue's reference goes.
        self.merge(-1);
        Write::Merge
    }

    /// The thread ends: first it does what was queued for it.
    pub(super) fn ends(&mut self, thread: &str) -> Write {
        let write = self.merge_queued(thread);
        self.ended.push(thread.into());
        write
    }

    /// Somebody makes a weak reference.
    pub(super) fn looks_weakly(&mut self) -> Write {
        if self.state != State::Default {
            return Write::Nothing;
        }
        self.state = State::MaybeWeakref;
        Write::Shared
    }

    pub(super) fn has_ended(&self, thread: &str) -> bool {
        self.ended.iter().any(|ended| ended == thread)
    }

    /// The invariants.
    ///
    /// # Panics
    /// With the number of the one that does not hold.
    pub(super) fn validate(&self) {
        let queued = i64::from(self.queue.is_some());
        if self.dead {
            return assert_eq!(self.references, 0, "B5: {self:?}");
        }
        assert_eq!(self.local + self.shared, self.references + queued, "B1: {self:?}");
        assert!(self.owner.is_none() || self.local >= 1, "B2: {self:?}");
        assert_eq!(self.owner.is_none(), self.state == State::Merged, "B3: {self:?}");
        assert!(self.owner.is_some() || self.local == 0 && self.shared >= 0, "B3: {self:?}");
        assert!(self.state != State::Queued || self.queue == self.owner, "B4: {self:?}");
        assert!(queued == 0 || matches!(self.state, State::Queued | State::Merged), "B4: {self:?}");
        assert!(self.references + queued > 0, "B5: {self:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every program of up to nine operations by two threads, each of which has a reference to give back.
    #[test]
    fn the_invariants_hold_in_every_program() {
        let mut all = vec![Counts::new("a")];
        let mut deaths = 0;
        for _ in 0..9 {
            let mut next: Vec<Counts> = Vec::new();
            for before in all {
                for op in 0..7 {
                    let mut now = before.clone();
                    let may = now.references > 0;
                    match op {
                        0 if may && !now.has_ended("a") => now.incref("a"),
                        1 if may => now.incref("b"),
                        2 if may && !now.has_ended("a") => now.decref("a"),
                        3 if may => now.decref("b"),
                        4 => now.merge_queued("a"),
                        5 if may => now.looks_weakly(),
                        6 if !now.has_ended("a") => now.ends("a"),
                        _ => continue,
                    };
                    now.validate();
                    deaths += usize::from(now.dead);
                    if !now.dead && !next.contains(&now) {
                        next.push(now);
                    }
                }
            }
            all = next;
        }
        assert!(deaths > 20 && all.len() > 20, "{deaths} deaths, {} states", all.len());
    }

    #[test]
    fn the_shared_count_may_be_negative() {
        let mut counts = Counts::new("a");
        counts.incref("a");
        counts.incref("a");
        assert_eq!(counts.decref("b"), Write::Queue);
        assert_eq!((counts.word(), counts.references), (2, 2));
        assert_eq!(counts.decref("b"), Write::Shared);
        assert_eq!((counts.shared, counts.word()), (-1, -2));
        assert_eq!(counts.merge_queued("a"), Write::Merge);
        assert_eq!((counts.local, counts.shared, counts.word(), counts.dead), (0, 1, 7, false));
        counts.decref("a");
        assert!(counts.dead);
    }

    #[test]
    fn without_others_nothing_is_shared() {
        let mut counts = Counts::new("a");
        counts.incref("a");
        assert_eq!([counts.decref("a"), counts.decref("a")], [Write::Local; 2]);
        assert!(counts.dead && counts.word() == 0);
    }

    #[test]
    fn who_has_ended_merges_no_more() {
        let mut counts = Counts::new("a");
        counts.incref("a");
        counts.ends("a");
        assert_eq!(counts.decref("b"), Write::Merge);
        assert_eq!((counts.owner.clone(), counts.word()), (None, 7));
    }
}
