//! # Home: what all threads of a program share
//!
//! The objects, the book, and the table around which the threads take turns. A program without threads has no table, and
//! runs as if there were no others.
//!
//! - **I1** Only the thread that has the baton touches it. A program with one thread has it always.

use super::book::Book;
use super::explore::{Plan, SwitchPoints};
use super::timeline::{Event, Timeline};
use crate::objects::thread_words::ThreadWords;
use crate::objects::{Objects, World};
use crate::threads::Locals;
use crate::turns::{Own, Turns};
use kit::gil::ThreadId;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Weak};

/// What all threads share.
pub(super) struct Home<W: World> {
    pub(super) objects: Objects<W>,
    pub(super) book: Book,
    /// `None`: the program has no threads.
    pub(super) turns: Option<Arc<Turns>>,
    pub(super) timeline: Rc<Timeline>,
    /// Where a thread may switch.
    pub(super) switch_points: SwitchPoints,
    /// A program keeps nothing of its own there: it has `local`.
    pub(super) locals: Locals,
    words: RefCell<Vec<ThreadWords>>,
}

// SAFETY: whoever touches it has the baton (I1), or is the only thread. Handing the baton over orders what they do.
unsafe impl<W: World> Send for Home<W> {}
// SAFETY: as above.
unsafe impl<W: World> Sync for Home<W> {}

impl<W: World> Home<W> {
    /// Objects and an empty book, for a program without threads.
    pub(super) fn new(objects: Objects<W>) -> Arc<Self> {
        Arc::new(Home::at(objects, None, Rc::default()))
    }

    /// The same with a table: threads take turns, as the plan says.
    pub(super) fn with_turns(objects: Objects<W>, plan: Plan) -> Arc<Self> {
        let timeline = Rc::new(Timeline::new(plan.timeline));
        let ears = timeline.clone();
        let hear = move |_: &_, at, happened| ears.push(at, Event::Gil(happened));
        Arc::new_cyclic(|home: &Weak<Self>| {
            let turns = Turns::new(home.clone(), plan.gil, plan.choices, Box::new(hear));
            turns.set_wake(plan.wake);
            turns.set_scheduler(plan.scheduler);
            Home { switch_points: plan.switch_points, ..Home::at(objects, Some(Arc::new(turns)), timeline) }
        })
    }

    fn at(objects: Objects<W>, turns: Option<Arc<Turns>>, timeline: Rc<Timeline>) -> Self {
        let (book, locals, words) = (Book::default(), Locals::default(), RefCell::default());
        let switch_points = crate::gil::eval_breaker::is_switch_point;
        Home { objects, book, turns, timeline, switch_points, locals, words }
    }
}

impl<W: World> Own for Home<W> {
    fn switch(&self, leaves: Option<ThreadId>, comes: ThreadId) {
        let mut words = self.words.borrow_mut();
        let most = leaves.map_or(comes, |leaves| leaves.max(comes)).0 as usize;
        if words.len() <= most {
            words.resize_with(most + 1, ThreadWords::default);
        }
        let at = |thread: ThreadId| &words[thread.0 as usize];
        self.objects.swap_thread(leaves.map(at), at(comes));
    }
}
