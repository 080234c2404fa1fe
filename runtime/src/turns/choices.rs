//! # Who decides: a list, dice, or an interval
//!
//! Where several threads could go on, somebody decides. The operating system and the switch interval do in a real
//! program; here it may be a list of numbers, or dice with a seed. Whatever it was, it is written down as a list, and with
//! that list the same run can be had again.
//!
//! ```text
//!   at a switch point, two wait       0: the holder goes on    1: to the first that waits    2: to the second
//!   a release, two wait               0: the first is woken    1: the second
//!   nobody waits, or one is woken     no choice, nothing is written down
//! ```
//!
//! - **I1** A list that is too short goes on with 0; a number that is too high is the highest there is.
//! - **I2** Where a list or dice decide, no wait for the GIL ends by itself.

use crate::gil::script::Decide;
use kit::gil::ThreadId;

/// A decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// The number that was chosen.
    pub choice: usize,
    /// How many there were to choose from, at least 2.
    pub of: usize,
    /// Whether 0 was to go on, and everything else a switch.
    pub at_switch_point: bool,
}

/// Who decides, and what was decided.
#[derive(Clone, Debug)]
pub struct Choices {
    by: By,
    /// All decisions, in order.
    pub taken: Vec<Taken>,
}

#[derive(Clone, Debug)]
enum By {
    Interval,
    List(Vec<usize>),
    Dice(u64),
}

impl Choices {
    /// The switch interval says when, and of several that wait the oldest is woken.
    pub fn interval() -> Self {
        Choices { by: By::Interval, taken: vec![] }
    }

    /// This list says everything (I1).
    pub fn list(list: Vec<usize>) -> Self {
        Choices { by: By::List(list), taken: vec![] }
    }

    /// Dice do: at a switch point the holder goes on in two of three cases.
    pub fn seed(seed: u64) -> Self {
        Choices { by: By::Dice(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15)), taken: vec![] }
    }

    /// Whether waits end by themselves (I2).
    pub fn timed(&self) -> bool {
        matches!(self.by, By::Interval)
    }

    /// The decisions as a list.
    pub fn list_taken(&self) -> Vec<usize> {
        self.taken.iter().map(|taken| taken.choice).collect()
    }

    fn choose(&mut self, of: usize, at_switch_point: bool) -> usize {
        let number = self.taken.len();
        let choice = match &mut self.by {
            By::Interval => 0,
            By::List(list) => list.get(number).copied().unwrap_or(0).min(of - 1),
            By::Dice(state) if at_switch_point => match roll(state) % 3 {
                0 => 1 + roll(state) as usize % (of - 1),
                _ => 0,
            },
            By::Dice(state) => roll(state) as usize % of,
        };
        self.taken.push(Taken { choice, of, at_switch_point });
        choice
    }
}

/// Steele, Lea and Flood's SplitMix64.
fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Decide for Choices {
    fn timed(&self) -> bool {
        Choices::timed(self)
    }

    fn at_switch_point(&mut self, waiting: &[ThreadId]) -> Option<usize> {
        if self.timed() {
            return None;
        }
        self.choose(waiting.len() + 1, true).checked_sub(1)
    }

    fn whom(&mut self, waiting: &[ThreadId]) -> usize {
        if waiting.len() < 2 || self.timed() { 0 } else { self.choose(waiting.len(), false) }
    }
}
