//! `cargo xtask watch`: grades again on every save.
//!
//! ```text
//! eyes      was something saved?        keys      what was pressed?
//!       \                              /
//!        the watch, which itself runs nothing of a learner
//!       /                              \
//! tool grade pool --watched       tool hint | list | reset
//! ```
//!
//! - **I1** A save or a key counts at once, also while something is graded: that grade is stopped.
//! - **I2** Nothing but `q` ends the watch: each command of the tool runs in a process of its own.
//! - **I3** Without a terminal there are no keys, nothing is cleared, and nothing is asked.

use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::course::{Course, Exercise};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::standing;
use crate::ui::terminal::Keyboard;
use crate::ui::{self, bold, dim, green, say, yellow};
use eyes::{Change, Eyes, Look};
use keys::{Key, Keys};
use tool::{Grade, Tool};

mod eyes;
mod keys;
mod tool;

pub(crate) const HELP: &str = "\
cargo xtask watch [ID]

Grades an exercise, and again each time you save. Without ID: the one you are at, and after a pass the next.
A loop, a crash or a file that is away does not end it, and a save while it grades begins anew.

  n   the next exercise that has not passed     h   one hint more
  c   grade again (Enter does, too)             l   list the exercises
  r   reset to the stub, after a copy of yours  q   quit (Ctrl-C does, too)

Without a terminal (a pipe, an editor's task) it has no keys: it grades on every save until it is killed.";

/// How often files are looked at.
const GLANCE: Duration = Duration::from_millis(40);

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let mut word = None;
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Value(value) if word.is_none() => word = Some(value.to_string_lossy().into_owned()),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let exercise = standing::chosen(course, &Progress::load(&course.root), word.as_deref())?;
    let tool = Tool::find()?;
    let keyboard = ui::interactive().then(Keyboard::take);
    let keys = keyboard.as_ref().map(|keyboard| Keys::listen(keyboard.at_once()));
    let eyes = Eyes::from(Look::at(&exercise.lib()));
    let moves_on = word.is_none() && keyboard.is_none();
    let (grade, asking, prompted) = (None, false, false);
    let mut watch = Watch { course, exercise, tool, keyboard, keys, eyes, grade, moves_on, asking, prompted };
    watch.grade("");
    while watch.step() {}
    watch.wipe();
    Ok(ExitCode::SUCCESS)
}

struct Watch<'a> {
    course: &'a Course,
    exercise: &'a Exercise,
    tool: Tool,
    /// The keyboard and its keys, if there is a terminal.
    keyboard: Option<Keyboard>,
    keys: Option<Keys>,
    eyes: Eyes,
    /// What is under way.
    grade: Option<Grade>,
    /// Nobody can press `n`: after a pass the next exercise is watched.
    moves_on: bool,
    /// `r` was pressed, and the next key answers.
    asking: bool,
    /// The line of keys stands on the terminal.
    prompted: bool,
}

impl<'a> Watch<'a> {
    /// Waits for a moment and does what there is to do. Not any more?
    fn step(&mut self) -> bool {
        let key = match &self.keys {
            Some(keys) => keys.next(GLANCE),
            None => {
                sleep(GLANCE);
                None
            }
        };
        if let Some(key) = key
            && !self.press(key)
        {
            return false;
        }
        match self.eyes.see(Look::at(&self.exercise.lib()), Instant::now()) {
            Some(Change::Saved) => self.grade("saved: "),
            Some(Change::Gone) => self.gone(),
            None => {}
        }
        if let Some(passed) = self.grade.as_mut().and_then(Grade::over) {
            self.grade = None;
            self.graded(passed);
        }
        true
    }

    /// Begins to grade, and forgets what was under way.
    fn grade(&mut self, why: &str) {
        self.stop();
        let Exercise { id, title, .. } = self.exercise;
        if self.keyboard.is_some() {
            ui::clear();
            say!("{}  {}\n", bold(&format!("{id}: {title}")), dim(&self.exercise.lib_name()));
        } else {
            say!("{why}grading {id}, {}", self.exercise.lib_name());
        }
        match self.tool.grade(id) {
            Ok(grade) => self.grade = Some(grade),
            Err(failure) => self.tell(&failure),
        }
    }

    fn graded(&mut self, passed: bool) {
        let next = if passed { self.following() } else { None };
        match next {
            None if passed => say!("{}", green("Nothing of your track is open any more.")),
            None => {}
            Some(next) if self.moves_on => {
                say!("{} is done. On to {}: {}.\n", self.exercise.id, next.id, next.title);
                return self.turn_to(next);
            }
            Some(next) if self.keys.is_some() => {
                let done = format!("{} is done.", self.exercise.id);
                say!("{} {} goes on with {}: {}.", green(&done), bold("n"), next.id, next.title);
            }
            Some(_) => {}
        }
        self.prompt();
    }

    fn gone(&mut self) {
        self.stop();
        let name = self.exercise.lib_name();
        say!("{}", yellow(&format!("{name} is away. As soon as it is back, I grade it.")));
        match self.keys {
            Some(_) => say!("`r` brings the stub back."),
            None => say!("`cargo xtask reset {}` brings the stub back.", self.exercise.id),
        }
        self.prompt();
    }

    /// Does what a key says. False ends it all.
    fn press(&mut self, key: Key) -> bool {
        if std::mem::take(&mut self.asking) {
            match key {
                Key::Yes => self.other(&["reset", &self.exercise.id]),
                Key::Quit => return false,
                _ => {
                    self.wipe();
                    say!("Nothing was changed.");
                    self.prompt();
                }
            }
            return true;
        }
        match key {
            Key::Quit => return false,
            Key::Again => self.grade(""),
            Key::Next => self.next(),
            Key::Hint => self.other(&["hint", &self.exercise.id]),
            Key::List => self.other(&["list"]),
            Key::Reset => self.ask(),
            Key::Suspend => self.suspend(),
            Key::Yes | Key::Other => {}
        }
        true
    }

    /// Runs another command of the tool. A grade that is under way is stopped: two must not speak at once.
    fn other(&mut self, words: &[&str]) {
        self.stop();
        say!();
        if let Err(failure) = self.tool.run(words) {
            self.tell(&failure);
        }
        self.prompt();
    }

    fn next(&mut self) {
        match self.following() {
            Some(next) => self.turn_to(next),
            None => {
                self.stop();
                say!("No other exercise of your track is open.");
                self.prompt();
            }
        }
    }

    /// The exercise to go on with.
    fn following(&self) -> Option<&'a Exercise> {
        standing::next_but(self.course, &Progress::load(&self.course.root), self.exercise)
    }

    fn turn_to(&mut self, exercise: &'a Exercise) {
        self.exercise = exercise;
        self.eyes = Eyes::from(Look::at(&exercise.lib()));
        self.grade("");
    }

    fn ask(&mut self) {
        self.stop();
        let question = "Put the stub back? What you wrote is kept as a copy. y yes, any other key no";
        self.line(&yellow(question));
        self.asking = true;
    }

    fn suspend(&mut self) {
        self.stop();
        if let Some(keyboard) = &mut self.keyboard {
            keyboard.suspend();
        }
        self.prompt();
    }

    /// Ends a grade that is under way.
    fn stop(&mut self) {
        self.grade = None;
        self.wipe();
    }

    fn tell(&mut self, failure: &Failure) {
        self.wipe();
        eprintln!("{}", ui::escaped(&failure.to_string()));
    }

    /// The line of keys, below all that was said.
    fn prompt(&mut self) {
        if self.keys.is_some() {
            say!();
            let keys = "n next  h hint  l list  r reset  c check again  q quit";
            let enter = if self.keyboard.as_ref().is_some_and(Keyboard::at_once) { "" } else { "  (and Enter)" };
            let watched = format!("watching {}, or press", self.exercise.id);
            self.line(&dim(&format!("{watched}  {keys}{enter}")));
        }
    }

    /// A line that goes away when something else is said.
    fn line(&mut self, text: &str) {
        self.wipe();
        ui::passing(text);
        self.prompted = true;
    }

    fn wipe(&mut self) {
        if self.keyboard.is_some() {
            ui::passing("");
        }
        self.prompted = false;
    }
}
