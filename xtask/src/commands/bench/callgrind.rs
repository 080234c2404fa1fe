//! What valgrind's callgrind wrote down: who was called how often by whom, and for how many instructions.
//!
//! ```text
//! fn=pool::alloc                  a function, and what it did itself
//! 0 412
//! cfn=<kit::checked::...>::read   whom it called,
//! calls=20 0                      how often,
//! 0 380                           and what that cost in all
//! ```
//!
//! - **I1** What is counted as the part's own: its crate's functions, and what these call of the standard library.
//!   The kit and the runtime are the machine around it: they are the same for everybody, and only calls to them count.

use std::ops::AddAssign;

/// What one function of a part cost, over all of its calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// How often the machine called it.
    pub(super) calls: u64,
    /// Instructions of its own (I1).
    pub(super) instructions: u64,
    /// Calls to the machine: reads and writes of memory, words with the graph.
    pub(super) accesses: u64,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        self.calls += other.calls;
        self.instructions += other.instructions;
        self.accesses += other.accesses;
    }
}

/// The words that make callgrind write to `file` in this form, and count only inside of `function` if one is named.
pub(super) fn words(file: &str, function: Option<&str>) -> Vec<String> {
    let fixed = ["valgrind", "-q", "--vgdb=no", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no"];
    let mut words: Vec<String> = fixed.map(str::to_string).to_vec();
    words.push(format!("--callgrind-out-file={file}"));
    words.extend(function.map(|name| format!("--toggle-collect={name}")));
    words
}

/// The functions through which the machine calls the part in `krate`, as callgrind names them: `<pool::Part as
/// kit::pool::Pool<M>>::alloc`.
pub(super) fn entries(text: &str, krate: &str) -> Vec<String> {
    let mut names: Vec<String> = text.lines().filter_map(|line| line.strip_prefix("fn=")).map(plain).collect();
    names.retain(|name| is_entry(name, krate));
    names.sort();
    names.dedup();
    names
}

/// The last word of a function's name: `alloc`.
pub(super) fn short(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// What the part in `krate` cost, in what callgrind wrote.
pub(super) fn cost(text: &str, krate: &str) -> Cost {
    let mut cost = Cost::default();
    let (mut function, mut called, mut calls) = (Owner::Elsewhere, String::new(), None);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("fn=") {
            function = owner(name, krate);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            called = plain(name);
        } else if let Some(rest) = line.strip_prefix("calls=") {
            calls = rest.split_whitespace().next().and_then(|n| n.parse::<u64>().ok());
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            let instructions = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
            match (calls.take(), function) {
                (None, Owner::Part) => cost.instructions += instructions,
                (Some(calls), Owner::Part) => match owner(&called, krate) {
                    Owner::Part => {}
                    Owner::Machine => cost.accesses += calls,
                    Owner::Elsewhere => cost.instructions += instructions,
                },
                (Some(calls), _) if is_entry(&called, krate) => cost.calls += calls,
                _ => {}
            }
        }
    }
    cost
}

/// Whose function it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Part,
    Machine,
    Elsewhere,
}

fn owner(name: &str, krate: &str) -> Owner {
    let path = name.trim_start_matches(['<', '&']);
    let of = |krate: &str| path.strip_prefix(krate).is_some_and(|rest| rest.starts_with("::"));
    if of(krate) {
        Owner::Part
    } else if path.starts_with("runtime::lab::limit::") {
        // A probe's allocator: whoever asks for memory pays for it.
        Owner::Elsewhere
    } else if of("kit") || of("runtime") {
        Owner::Machine
    } else {
        Owner::Elsewhere
    }
}

fn is_entry(name: &str, krate: &str) -> bool {
    name.strip_prefix('<').and_then(|n| n.strip_prefix(krate)).is_some_and(|rest| rest.starts_with("::Part as "))
}

/// A function that calls itself has a second name with `'2` at its end.
fn plain(name: &str) -> String {
    name.split('\'').next().unwrap_or(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "\
# callgrind format
events: Ir
fn=runtime::lab::drive::pool::drive
0 900
cfn=<pool::Part as kit::pool::Pool<M>>::alloc
calls=10 0
0 500

fn=<pool::Part as kit::pool::Pool<M>>::alloc
0 30
cfn=pool::carve
calls=10 0
0 470

fn=pool::carve
0 100
cfn=pool::carve'2
calls=2 0
0 11
cfn=<kit::checked::CheckedMemory as kit::memory::Memory>::read
calls=20 0
0 350
cfn=memcpy
calls=1 0
0 20

fn=pool::carve'2
0 7

fn=<kit::checked::CheckedMemory as kit::memory::Memory>::read
0 350
";

    #[test]
    fn the_part_is_told_from_the_machine() {
        let cost = cost(WRITTEN, "pool");
        assert_eq!(cost, Cost { calls: 10, instructions: 30 + 100 + 20 + 7, accesses: 20 });
        assert_eq!(super::cost(WRITTEN, "gil"), Cost::default());
    }

    #[test]
    fn the_machine_calls_the_part_by_its_trait() {
        assert_eq!(entries(WRITTEN, "pool"), ["<pool::Part as kit::pool::Pool<M>>::alloc"]);
        assert_eq!(short(&entries(WRITTEN, "pool")[0]), "alloc");
        assert_eq!(owner("<runtime::heap::pool::Part as kit::pool::Pool<M>>::free", "pool"), Owner::Machine);
        assert_eq!(owner("pool_of_mine::x", "pool"), Owner::Elsewhere);
        assert_eq!(
            owner("<runtime::lab::limit::Limited as core::alloc::GlobalAlloc>::alloc", "pool"),
            Owner::Elsewhere
        );
    }
}
