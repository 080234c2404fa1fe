//! What each thread does, for a figure that draws them beside each other.

use super::{Clock, Doing, What};
use crate::gil::state::State;
use kit::gil::{Gil, ThreadId};
use kit::observe::Observer;
use kit::picture::{Does, ThreadsPicture};

impl<O: Observer, P: Gil<State<O>> + ?Sized> Clock<O, P> {
    /// What each thread does now, between two events.
    pub fn lanes(&self) -> ThreadsPicture {
        let all = (0..).map(ThreadId).zip(&self.threads);
        let does = all.map(|(thread, of)| {
            let does = match of.doing {
                Doing::Runs => Does::Runs,
                Doing::Waits { .. } => Does::Waits,
                Doing::Forced(_) => Does::WaitsForSwitch,
                Doing::Ended => Does::Ended,
                _ if of.ticket == 0 => Does::Nothing,
                _ if self.wants_it(thread) => Does::Waits,
                _ => Does::Blocks,
            };
            (self.state.name(thread), does)
        });
        ThreadsPicture { at: self.now, threads: does.collect() }
    }

    /// Whether it was woken by a release and is not yet awake, or is about to ask the part.
    fn wants_it(&self, thread: ThreadId) -> bool {
        let ticket = self.threads[thread.0 as usize].ticket;
        self.agenda.iter().any(|((at, _), event)| match *event {
            (whose, of, What::Wants { woken }) => (whose, of) == (thread, ticket) && (woken || *at == self.now),
            _ => false,
        })
    }
}
