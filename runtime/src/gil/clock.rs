//! # A virtual clock, and threads that are asked what they do
//!
//! The shell around the state machine: it calls the part for each event, does what the action says, and jumps to the
//! next event. Nothing is left to chance: a woken thread is awake after `wake` microseconds, what happens at the same
//! time happens in the order in which it was set going, and whatever the GIL leaves open is decided by a [`Decide`].
//!
//! ```text
//!   Away --Wants--> on_take --TakeIt--> Runs --switch point, end of a step--> on_release
//!                      |                 ^                                          |
//!                      v Wait            |                    WaitForSwitch  Forced |  GoOn
//!                    Waits --TimeUp--> on_timeout                      |            v
//!                      |                                               +--> Wants, Blocks, Ended
//!                      +--woken by a release--> Wants
//! ```
//!
//! - **I1** At most one thread runs, and it is the one that the state calls the holder.
//! - **I2** An event of an earlier stay is stale: each change of what a thread does gives it a new ticket.
//! - **I3** A release wakes one thread of those that wait and are not yet woken. A take wakes one that was forced.
//! - **I4** A thread is asked what it does only while it has the GIL, and when its last step is over.
//!
//! Whom a release wakes, and how long a wait is, the operating system and the switch interval say; a policy, where one
//! is plugged in ([`Clock::scheduler`]), says both instead.

use super::program::{Happened, Micros, Paper, Program, SWITCH_POINT, Why};
use super::roster::Roster;
use super::script::{Choice, Decide, How, Script, Then};
use super::state::State;
use kit::gil::{Gil, GilState, Release, Take, ThreadId};
use kit::observe::Observer;
use kit::picture::{GilPicture, Picture};
use kit::scheduler::{LetGo, Scheduler, Waiters};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

mod lanes;
mod steps;

/// A program that is busy for so many events will never end, unless somebody says otherwise.
const EVENTS: u64 = 200_000;

/// The clock, its threads and their GIL.
pub struct Clock<O: Observer, P: Gil<State<O>> + ?Sized + 'static> {
    state: State<O>,
    part: &'static P,
    now: Micros,
    /// What will happen: when, and in which order it was set going.
    agenda: BTreeMap<(Micros, u64), (ThreadId, u64, What)>,
    events: u64,
    threads: Vec<Thread>,
    /// Who waits, and how long each thread waited and had the GIL.
    roster: Roster,
    forced: Vec<ThreadId>,
    /// Whom the next release wakes, if that is decided.
    chosen: Option<ThreadId>,
    /// A thread without a script has the GIL, and the clock stands still until it is said what it does.
    asking: Option<ThreadId>,
    /// How long a woken thread needs.
    pub wake: Micros,
    /// After so many events it does not go on.
    pub events_at_most: u64,
    /// A policy that says whom a release wakes, and how long a wait is.
    pub scheduler: Option<&'static (dyn Scheduler<Roster> + Sync)>,
    decide: Rc<RefCell<dyn Decide>>,
    hear: Hear<O>,
}

/// Hears what happened, when, at once.
pub type Hear<O> = Box<dyn Fn(&State<O>, Micros, Happened)>;

struct Thread {
    /// Who says what it does. `None`: whoever moves the clock is asked.
    script: Option<Box<dyn Script>>,
    /// What it is doing, and how much of it is left.
    step: Option<(Micros, How, Then)>,
    since: Micros,
    doing: Doing,
    ticket: u64,
    /// It was woken before it waited.
    woken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Doing {
    /// Blocks, or is awake soon.
    Away,
    /// Until it is woken.
    Sleeps,
    /// For the GIL.
    Waits {
        seen: u64,
    },
    Runs,
    Forced(Why),
    Ended,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Wants { woken: bool },
    TimeUp,
    StepEnd,
    SwitchPoint,
    Switched,
}

/// What a part broke: a sentence.
type Broken = String;

impl<O: Observer, P: Gil<State<O>> + ?Sized> Clock<O, P> {
    /// A clock at 0, no threads.
    pub fn new(state: State<O>, part: &'static P, hear: Hear<O>) -> Self {
        Clock {
            roster: Roster::new(state.watch()),
            state,
            part,
            now: 0,
            agenda: BTreeMap::new(),
            events: 0,
            threads: vec![],
            forced: vec![],
            chosen: None,
            asking: None,
            wake: 50,
            events_at_most: EVENTS,
            scheduler: None,
            decide: Rc::new(RefCell::new(Choice::Oldest)),
            hear,
        }
    }

    /// What the clock says.
    pub fn now(&self) -> Micros {
        self.now
    }

    /// The GIL.
    pub fn state(&self) -> &State<O> {
        &self.state
    }

    /// Who waits, and how long each thread waited and had the GIL until now.
    pub fn roster(&self) -> &Roster {
        self.roster.set_time(self.now, self.state.interval());
        &self.roster
    }

    /// From now on this decides what the GIL leaves open; until then [`Choice::Oldest`] does.
    pub fn decided_by(&mut self, decide: Rc<RefCell<dyn Decide>>) {
        self.decide = decide;
    }

    /// A thread on paper, which begins at its program's time, or now.
    pub fn add(&mut self, name: &str, program: Program) {
        self.begin(name, program.at, Some(Box::new(Paper::new(program))));
    }

    /// A thread that begins at that time, or now. Without a script it is whoever moves the clock who is asked:
    /// [`asks`](Clock::asks).
    pub fn begin(&mut self, name: &str, at: Micros, script: Option<Box<dyn Script>>) -> ThreadId {
        let thread = self.state.add_thread(name);
        self.roster.add(name);
        let doing = Doing::Away;
        self.threads.push(Thread { script, step: None, since: 0, doing, ticket: 0, woken: false });
        self.plan(thread, at.max(self.now), What::Wants { woken: false });
        thread
    }

    /// Those that wait for somebody to wake them.
    pub fn sleepers(&self) -> Vec<ThreadId> {
        let all = (0..).map(ThreadId).zip(&self.threads);
        all.filter(|(_, of)| of.doing == Doing::Sleeps).map(|(thread, _)| thread).collect()
    }

    /// The next thing that happens, if it does so at `until` or before. False: nothing did, and the clock says `until`
    /// (or stands still, when nothing is left to happen at all).
    ///
    /// # Errors
    /// A sentence: the part broke a promise, or the threads stand still.
    pub fn step(&mut self, until: Micros) -> Result<bool, Broken> {
        debug_assert!(self.asking.is_none(), "the clock stands still until it is told what the thread does");
        let Some((&(at, order), &(thread, ticket, what))) = self.agenda.first_key_value() else {
            return self.stand_still().map(|()| false);
        };
        if at > until {
            self.now = until;
            return Ok(false);
        }
        self.agenda.remove(&(at, order));
        if self.of(thread).ticket != ticket {
            return Ok(true);
        }
        self.now = at;
        match what {
            What::Wants { woken } => self.wants(thread, woken)?,
            What::TimeUp => self.time_up(thread)?,
            What::StepEnd => {
                let step = self.of(thread).step.take();
                let (_, _, then) = step.expect("who runs has a step");
                self.then(thread, then)?;
            }
            What::SwitchPoint if self.state.drop_request() => {
                let done = self.now - self.of(thread).since;
                if let Some((left, ..)) = &mut self.of(thread).step {
                    *left -= done;
                }
                self.let_go(thread, Why::Asked)?;
            }
            What::SwitchPoint => {}
            What::Switched => self.switched(thread)?,
        }
        Ok(true)
    }

    fn stand_still(&self) -> Result<(), Broken> {
        match self.forced.first() {
            None => Ok(()),
            Some(thread) => {
                let name = self.state.name(*thread);
                Err(format!("{name} waits for a switch, and nobody else wants the GIL: it waits for ever (I5)"))
            }
        }
    }

    fn of(&mut self, thread: ThreadId) -> &mut Thread {
        &mut self.threads[thread.0 as usize]
    }

    fn change(&mut self, thread: ThreadId, doing: Doing) {
        let of = self.of(thread);
        of.doing = doing;
        of.ticket += 1;
    }

    fn plan(&mut self, thread: ThreadId, at: Micros, what: What) {
        self.events += 1;
        let ticket = self.of(thread).ticket;
        self.agenda.insert((at, self.events), (thread, ticket, what));
    }

    fn tell(&self, happened: Happened) {
        (self.hear)(&self.state, self.now, happened);
    }

    fn picture(&self) {
        self.state.observer().picture(|| {
            let name = |thread: ThreadId| self.state.name(thread);
            Picture::Gil(GilPicture {
                at: self.now,
                holder: self.state.holder().map(name),
                waiting: self.roster.waiting().into_iter().map(name).collect(),
                drop_requested: self.state.drop_request(),
            })
        });
    }

    /// Asks the part, and notices what it changed on the way.
    fn ask<R>(
        &mut self,
        name: &'static str,
        thread: ThreadId,
        part: impl FnOnce(&P, &State<O>) -> R,
    ) -> Result<R, Broken> {
        let before = (self.state.drop_request(), self.state.holder());
        let action = self.state.event(name, thread, || part(self.part, &self.state));
        if let Some(misuse) = self.state.misused() {
            return Err(misuse.to_string());
        }
        if self.events > self.events_at_most {
            return Err(format!("{} events, and no end in sight", self.events_at_most));
        }
        if let (false, Some(holder)) = before
            && self.state.drop_request()
        {
            self.tell(Happened::Asks { thread, holder });
            self.plan_switch_point(holder);
            self.picture();
        }
        Ok(action)
    }

    /// The holder comes to its next switch point, if it is in a loop of Python code.
    fn plan_switch_point(&mut self, holder: ThreadId) {
        let now = self.now;
        let of = self.of(holder);
        if of.doing == Doing::Runs && matches!(of.step, Some((_, How::Loop, _))) {
            let at = of.since + (now - of.since).next_multiple_of(SWITCH_POINT).max(SWITCH_POINT);
            self.plan(holder, at, What::SwitchPoint);
        }
    }

    fn wants(&mut self, thread: ThreadId, woken: bool) -> Result<(), Broken> {
        if !woken {
            self.roster().wants(thread);
            self.policy(|policy, roster| policy.on_want(roster, thread))?;
        }
        let switch = self.state.switch_number();
        let action = self.ask("on_take", thread, |part, state| part.on_take(state, thread))?;
        if let (true, Take::Wait { .. }) = (woken, action) {
            let late = |state: &State<O>| format!("{} is awake, but too late", state.name(thread));
            self.state.observer().step(|| late(&self.state));
        }
        self.act("on_take", thread, action, switch)
    }

    fn time_up(&mut self, thread: ThreadId) -> Result<(), Broken> {
        let Doing::Waits { seen } = self.of(thread).doing else { return Ok(()) };
        self.state.observer().step(|| format!("{}'s time is up", self.state.name(thread)));
        let switch = self.state.switch_number();
        let action = self.ask("on_timeout", thread, |part, state| part.on_timeout(state, thread, seen))?;
        self.roster.wakes(thread);
        self.act("on_timeout", thread, action, switch)
    }

    /// Does what the part said to a thread that wants the GIL.
    fn act(&mut self, event: &str, thread: ThreadId, action: Take, switch: u64) -> Result<(), Broken> {
        let has_it = self.state.holder() == Some(thread);
        let name = self.state.name(thread);
        match action {
            Take::TakeIt if !has_it => Err(format!("{event} said TakeIt to {name}, but did not lock the GIL (I1)")),
            Take::Wait { .. } if has_it => Err(format!("{event} locked the GIL for {name}, and made it wait (I1)")),
            Take::Wait { .. } if !self.state.locked() => {
                Err(format!("{event} makes {name} wait, but nobody has the GIL (I1)"))
            }
            Take::Wait { micros: 0, .. } => Err(format!("{event} makes {name} wait 0 us, which is no wait (I3)")),
            Take::Wait { micros, seen } => {
                // Who has just asked has nothing to gain from asking again soon.
                let asked = event == "on_timeout" && self.state.drop_request();
                let patience =
                    if asked { None } else { self.policy(|policy, roster| policy.patience(roster, thread))? };
                let micros = patience.map_or(micros, |micros| micros.max(1));
                self.change(thread, Doing::Waits { seen });
                self.roster.sleeps(thread);
                if self.decide.borrow().timed() {
                    self.plan(thread, self.now.saturating_add(micros), What::TimeUp);
                }
                self.state.observer().step(|| format!("{name} waits {micros} us, having seen {seen}"));
                Ok(())
            }
            Take::TakeIt => {
                let number = self.state.switch_number();
                self.roster().takes(thread);
                self.tell(Happened::Takes { thread, switch: (number != switch).then_some(number) });
                self.picture();
                if !self.forced.is_empty() {
                    let forced = self.forced.remove(0);
                    self.plan(forced, self.now + self.wake, What::Switched);
                }
                self.go_on(thread)
            }
        }
    }

    fn let_go(&mut self, thread: ThreadId, why: Why) -> Result<(), Broken> {
        let action = self.ask("on_release", thread, |part, state| part.on_release(state, thread))?;
        let name = self.state.name(thread);
        if self.state.locked() {
            return Err(format!("on_release left the GIL locked, but {name} lets it go (I5)"));
        }
        let forced = action == Release::WaitForSwitch;
        self.tell(Happened::LetsGo { thread, why, forced });
        let held = self.roster().lets_go();
        let of_policy = if why == Why::Asked { LetGo::Asked } else { LetGo::Itself };
        self.policy(|policy, roster| policy.on_release(roster, thread, held, of_policy))?;
        self.wake_one()?;
        self.picture();
        if forced {
            self.change(thread, Doing::Forced(why));
            self.forced.push(thread);
            return Ok(());
        }
        self.after_release(thread, why)
    }

    /// Asks the policy, where there is one.
    fn policy<R>(
        &self,
        ask: impl FnOnce(&'static (dyn Scheduler<Roster> + Sync), &Roster) -> R,
    ) -> Result<Option<R>, Broken> {
        let answer = self.scheduler.map(|policy| ask(policy, self.roster()));
        self.state.misused().map_or(Ok(answer), |misuse| Err(misuse.to_string()))
    }

    fn wake_one(&mut self) -> Result<(), Broken> {
        let waiting = self.roster.waiting();
        if waiting.is_empty() {
            return Ok(());
        }
        let chosen = self.chosen.take().filter(|chosen| waiting.contains(chosen));
        let woken = match (chosen, self.policy(|policy, roster| policy.whom(roster))?) {
            (Some(chosen), _) => chosen,
            (None, Some(woken)) if !waiting.contains(&woken) => {
                return Err(format!("whom said {}, who does not wait (I1)", self.state.name(woken)));
            }
            (None, Some(woken)) => woken,
            (None, None) => waiting[self.decide.borrow_mut().whom(&waiting)],
        };
        self.roster.wakes(woken);
        self.change(woken, Doing::Away);
        self.plan(woken, self.now + self.wake, What::Wants { woken: true });
        self.state.observer().step(|| format!("{} is woken", self.state.name(woken)));
        Ok(())
    }

    fn switched(&mut self, thread: ThreadId) -> Result<(), Broken> {
        match self.of(thread).doing {
            Doing::Forced(why) => self.after_release(thread, why),
            _ => Ok(()),
        }
    }

    /// What the thread let go for.
    fn after_release(&mut self, thread: ThreadId, why: Why) -> Result<(), Broken> {
        match why {
            Why::Asked => {
                self.change(thread, Doing::Away);
                self.plan(thread, self.now, What::Wants { woken: false });
            }
            Why::Blocks(micros) => {
                self.change(thread, Doing::Away);
                self.plan(thread, self.now.saturating_add(micros), What::Wants { woken: false });
            }
            Why::Waits(until) => self.sleep(thread, until),
            Why::Ends => self.change(thread, Doing::Ended),
        }
        Ok(())
    }
}
