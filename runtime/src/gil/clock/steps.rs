//! # Asking the thread that has the GIL, and doing what it says
//!
//! ```text
//!   has the GIL --> a step under way? --yes--> goes on with it
//!                      | no
//!                      v
//!                   what does it do?  --Step--> does it; what it sets going is planned
//!                                                 |
//!                      SwitchPoint, GoesOn <------+------> Blocks, Waits, Ends: lets go
//! ```

use super::super::program::{Micros, Why};
use super::super::script::{Going, How, Moment, Step, Then};
use super::super::state::State;
use super::{Broken, Clock, Doing, What};
use kit::gil::{Gil, GilState, ThreadId};
use kit::observe::Observer;
use kit::scheduler::Waiters;

impl<O: Observer, P: Gil<State<O>> + ?Sized> Clock<O, P> {
    /// The thread has the GIL and goes on with its step, or is asked for another one.
    pub(super) fn go_on(&mut self, thread: ThreadId) -> Result<(), Broken> {
        if let Some(step) = self.of(thread).step.take() {
            return self.does(thread, step);
        }
        let moment = self.moment();
        match &mut self.of(thread).script {
            None => {
                self.asking = Some(thread);
                Ok(())
            }
            Some(script) => {
                let step = script.next(moment);
                self.sets_going(step.sets_going);
                self.does(thread, (step.micros, step.how, step.then))
            }
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            now: self.now,
            horizon: self.agenda.first_key_value().map_or(Micros::MAX, |((at, _), _)| *at),
            asked: self.state.drop_request(),
            choice: !self.decide.borrow().timed() && !self.roster.waiting().is_empty(),
        }
    }

    /// The thread without a script that has the GIL, if it is asked what it does: [`answer`](Clock::answer) comes next.
    pub fn asks(&self) -> Option<(ThreadId, Moment)> {
        self.asking.map(|thread| (thread, self.moment()))
    }

    /// What the thread does that was asked. Nothing, when none was.
    ///
    /// # Errors
    /// A sentence: the part broke a promise.
    pub fn answer(&mut self, step: Step) -> Result<(), Broken> {
        let Some(thread) = self.asking.take() else { return Ok(()) };
        self.sets_going(step.sets_going);
        self.does(thread, (step.micros, step.how, step.then))
    }

    /// The thread does this from now on.
    fn does(&mut self, thread: ThreadId, step: (Micros, How, Then)) -> Result<(), Broken> {
        let (left, _, then) = step;
        if left == 0 && !matches!(then, Then::SwitchPoint | Then::GoesOn) {
            return self.then(thread, then);
        }
        self.change(thread, Doing::Runs);
        let now = self.now;
        (self.of(thread).step, self.of(thread).since) = (Some(step), now);
        self.plan(thread, now + left, What::StepEnd);
        if self.state.drop_request() {
            self.plan_switch_point(thread);
        }
        Ok(())
    }

    fn sets_going(&mut self, all: Vec<(Micros, Going)>) {
        for (after, going) in all {
            let at = self.now + after;
            match going {
                Going::Wakes(other) => self.rouse(other, at + self.wake),
                Going::Begins(name, script) => drop(self.begin(&name, at, script)),
                Going::Interval(micros) => self.state.set_interval(micros),
            }
        }
    }

    /// Somebody woke a thread that waits, or is about to.
    fn rouse(&mut self, thread: ThreadId, at: Micros) {
        match self.of(thread).doing {
            Doing::Sleeps => {
                self.change(thread, Doing::Away);
                self.plan(thread, at, What::Wants { woken: false });
            }
            Doing::Forced(Why::Waits(_)) => self.of(thread).woken = true,
            // Its time was up before.
            _ => {}
        }
    }

    /// What comes after a step.
    pub(super) fn then(&mut self, thread: ThreadId, then: Then) -> Result<(), Broken> {
        match then {
            Then::SwitchPoint => {
                if !self.state.drop_request() {
                    self.decide_at_switch_point()?;
                }
                if self.state.drop_request() { self.let_go(thread, Why::Asked) } else { self.go_on(thread) }
            }
            Then::GoesOn => self.go_on(thread),
            Then::Blocks(micros) => self.let_go(thread, Why::Blocks(micros)),
            Then::Waits { until } => self.let_go(thread, Why::Waits(until)),
            Then::Ends => self.let_go(thread, Why::Ends),
        }
    }

    /// Somebody's interval may be over by decision: by that of the clock two of them, if there was a switch meanwhile.
    fn decide_at_switch_point(&mut self) -> Result<(), Broken> {
        let waiting = self.roster.waiting();
        if waiting.is_empty() {
            return Ok(());
        }
        let decided = self.decide.borrow_mut().at_switch_point(&waiting);
        let Some(thread) = decided.map(|at| waiting[at]) else { return Ok(()) };
        for _ in 0..2 {
            if !self.state.drop_request() {
                self.time_up(thread)?;
            }
        }
        self.chosen = Some(thread);
        Ok(())
    }

    pub(super) fn sleep(&mut self, thread: ThreadId, until: Option<Micros>) {
        if std::mem::take(&mut self.of(thread).woken) {
            self.change(thread, Doing::Away);
            return self.plan(thread, self.now + self.wake, What::Wants { woken: false });
        }
        self.change(thread, Doing::Sleeps);
        if let Some(until) = until {
            self.plan(thread, until.max(self.now), What::Wants { woken: false });
        }
    }
}
