//! # A virtual clock and threads on paper
//!
//! The shell around the state machine: it calls the part for each event, does what the action says, and jumps to the
//! next event. Nothing is left to chance: a woken thread is awake after `wake` microseconds, what happens at the same
//! time happens in the order in which it was set going.
//!
//! ```text
//!   Away --Wants--> on_take --TakeIt--> Runs --switch point, end of a segment--> on_release
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

use super::program::{Choice, Happened, Micros, Program, SWITCH_POINT, Segment, Why};
use super::state::State;
use kit::gil::{Gil, GilState, Release, Take, ThreadId};
use kit::observe::Observer;
use kit::picture::{GilPicture, Picture};
use std::collections::BTreeMap;

mod lanes;

/// A program that is busy for so many events will never end.
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
    waiting: Vec<ThreadId>,
    forced: Vec<ThreadId>,
    /// How long a woken thread needs.
    pub wake: Micros,
    /// Whom a release wakes.
    pub choice: Choice,
    hear: Hear<O>,
}

/// Hears what happened, when, at once.
pub type Hear<O> = Box<dyn Fn(&State<O>, Micros, Happened)>;

struct Thread {
    program: Program,
    round: u64,
    segment: usize,
    left: Micros,
    since: Micros,
    doing: Doing,
    ticket: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Doing {
    Away,
    Waits { seen: u64 },
    Runs,
    Forced(Why),
    Ended,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Wants { woken: bool },
    TimeUp,
    SegmentEnd,
    SwitchPoint,
    Switched,
}

/// What a part broke: a sentence.
type Broken = String;

impl<O: Observer, P: Gil<State<O>> + ?Sized> Clock<O, P> {
    /// A clock at 0, no threads.
    pub fn new(state: State<O>, part: &'static P, hear: Hear<O>) -> Self {
        Clock {
            state,
            part,
            now: 0,
            agenda: BTreeMap::new(),
            events: 0,
            threads: vec![],
            waiting: vec![],
            forced: vec![],
            wake: 50,
            choice: Choice::Oldest,
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

    /// A thread that begins at its program's time, or now.
    ///
    /// # Panics
    /// When the program has no segment.
    pub fn add(&mut self, name: &str, program: Program) {
        let thread = self.state.add_thread(name);
        let (at, left) = (program.at.max(self.now), program.segments[0].micros());
        self.threads.push(Thread { program, round: 0, segment: 0, left, since: 0, doing: Doing::Away, ticket: 0 });
        self.plan(thread, at, What::Wants { woken: false });
    }

    /// The next thing that happens, if it does so at `until` or before. False: nothing did, and the clock says `until`
    /// (or stands still, when nothing is left to happen at all).
    ///
    /// # Errors
    /// A sentence: the part broke a promise, or the threads stand still.
    pub fn step(&mut self, until: Micros) -> Result<bool, Broken> {
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
            What::SegmentEnd => self.segment_end(thread)?,
            What::SwitchPoint if self.state.drop_request() => {
                self.of(thread).left -= self.now - self.of(thread).since;
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
                waiting: self.waiting.iter().copied().map(name).collect(),
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
        if self.events > EVENTS {
            return Err(format!("{EVENTS} events, and no end in sight"));
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
        if of.doing == Doing::Runs && matches!(of.program.segments[of.segment], Segment::Cpu(_)) {
            let at = of.since + (now - of.since).next_multiple_of(SWITCH_POINT).max(SWITCH_POINT);
            self.plan(holder, at, What::SwitchPoint);
        }
    }

    fn wants(&mut self, thread: ThreadId, woken: bool) -> Result<(), Broken> {
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
        self.waiting.retain(|waits| *waits != thread);
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
                self.change(thread, Doing::Waits { seen });
                self.waiting.push(thread);
                self.plan(thread, self.now.saturating_add(micros), What::TimeUp);
                self.state.observer().step(|| format!("{name} waits {micros} us, having seen {seen}"));
                Ok(())
            }
            Take::TakeIt => {
                let number = self.state.switch_number();
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

    /// The thread has the GIL and goes on with its program.
    fn go_on(&mut self, thread: ThreadId) -> Result<(), Broken> {
        let now = self.now;
        let of = self.of(thread);
        let segment = (of.round < of.program.times).then(|| of.program.segments[of.segment]);
        match segment {
            None => self.let_go(thread, Why::Ends),
            Some(Segment::Io(micros)) => {
                of.advance();
                self.let_go(thread, Why::Blocks(micros))
            }
            Some(Segment::Cpu(_) | Segment::Native(_)) => {
                of.since = now;
                let end = now + of.left;
                self.change(thread, Doing::Runs);
                self.plan(thread, end, What::SegmentEnd);
                if self.state.drop_request() {
                    self.plan_switch_point(thread);
                }
                Ok(())
            }
        }
    }

    /// The end of a segment is a switch point, too, unless the thread is about to let go anyway.
    fn segment_end(&mut self, thread: ThreadId) -> Result<(), Broken> {
        let of = self.of(thread);
        of.advance();
        let computes = of.round < of.program.times && !matches!(of.program.segments[of.segment], Segment::Io(_));
        if computes && self.state.drop_request() { self.let_go(thread, Why::Asked) } else { self.go_on(thread) }
    }

    fn let_go(&mut self, thread: ThreadId, why: Why) -> Result<(), Broken> {
        let action = self.ask("on_release", thread, |part, state| part.on_release(state, thread))?;
        let name = self.state.name(thread);
        if self.state.locked() {
            return Err(format!("on_release left the GIL locked, but {name} lets it go (I5)"));
        }
        let forced = action == Release::WaitForSwitch;
        self.tell(Happened::LetsGo { thread, why, forced });
        self.wake_one();
        self.picture();
        if forced {
            self.change(thread, Doing::Forced(why));
            self.forced.push(thread);
            return Ok(());
        }
        self.after_release(thread, why)
    }

    fn wake_one(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let woken = match self.choice {
            Choice::Oldest => self.waiting.remove(0),
            Choice::Newest => self.waiting.remove(self.waiting.len() - 1),
        };
        self.change(woken, Doing::Away);
        self.plan(woken, self.now + self.wake, What::Wants { woken: true });
        self.state.observer().step(|| format!("{} is woken", self.state.name(woken)));
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
                self.plan(thread, self.now + micros, What::Wants { woken: false });
            }
            Why::Ends => self.change(thread, Doing::Ended),
        }
        Ok(())
    }
}

impl Thread {
    /// On to the next segment, or the next round.
    fn advance(&mut self) {
        self.segment += 1;
        if self.segment == self.program.segments.len() {
            self.segment = 0;
            self.round += 1;
        }
        self.left = self.program.segments[self.segment].micros();
    }
}
