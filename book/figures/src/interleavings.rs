//! # Be the scheduler: all ways to run a small program
//!
//! ```text
//!                     start
//!                 a /       \ b              a step: one thread runs one line, and nobody comes in between
//!            load n          ...
//!          a /     \ b
//!     store n       load n
//!       ...          ...                     a leaf: everybody has ended, or nobody can go on
//! ```
//!
//! What a thread does in one line of the script it does without a switch; between two lines anybody may go on. Each way
//! from the start to a leaf is a history that can happen, and all of them are made when the book is built.
//!
//! Modelled are shared names with a number each, one private value for each thread, and locks. This is not the runtime:
//! when a switch comes, and how often, it does not say.
//!
//! - **T1** A step of a thread leads to the state that its line makes, and to no other.
//! - **T2** A thread that has ended, or waits for a lock that somebody has, cannot go on.
//! - **T3** The ways that the results count are all leaves, each once.

mod picture;
mod program;

use crate::Fault;
use crate::figure::{Drawing, Step, Whole};
use program::{Program, State};
use std::collections::BTreeSet;

/// The kind's name.
pub const KIND: &str = "interleavings";

/// More steps than this are no figure.
const MOST: usize = 300;

/// What leads from step to step. A thread is named by its place in `names`, a step by its place in the drawing.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The threads.
    pub names: Vec<String>,
    /// For each step, where each thread leads that can go on.
    pub turns: Vec<Vec<Option<usize>>>,
    /// What can come out, the most frequent first.
    pub results: Vec<Outcome>,
    /// The step that is drawn without scripts: the end of a way that went wrong, if there is one.
    pub shown: usize,
}

/// One thing that can come out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What, as a sentence.
    pub sentence: String,
    /// Whether it comes out when one thread runs after the other.
    pub serial: bool,
    /// How many ways lead there.
    pub ways: usize,
    /// The first of them: who goes on, and to which step.
    pub example: Vec<(usize, usize)>,
}

/// A step of the tree.
struct Node {
    state: State,
    /// Who came here, and how: the way from the start.
    path: Vec<(usize, usize)>,
    sentence: String,
}

/// All steps of a script's program, and what leads from one to the next.
pub fn draw(script: &str) -> Result<Whole, Fault> {
    let program = program::parsed(script)?;
    let serial = program.serial();
    let start = Node { state: program.start(), path: vec![], sentence: program.says_start() };
    let (mut nodes, mut turns) = (vec![start], Vec::<Vec<Option<usize>>>::new());
    let mut results: Vec<Outcome> = Vec::new();
    // The nodes after `turns.len()` have not been left yet.
    while turns.len() < nodes.len() {
        let here = turns.len();
        let mut to = vec![None; program.threads.len()];
        for (thread, place) in to.iter_mut().enumerate() {
            if let Some((state, told)) = program.step(&nodes[here].state, thread) {
                *place = Some(nodes.len());
                let path = nodes[here].path.iter().copied().chain([(thread, nodes.len())]).collect();
                nodes.push(Node { state, path, sentence: told });
            }
        }
        if nodes.len() > MOST {
            let what = format!("its program has more than {MOST} steps, all ways together");
            return Err(Fault { line: None, what, remedy: "Let it have fewer lines.".into() });
        }
        if to.iter().all(Option::is_none) {
            let node = &mut nodes[here];
            let outcome = program.outcome(&node.state, &serial);
            node.sentence.push_str(&format!(" {}", outcome.0));
            count(&mut results, outcome, &node.path);
        }
        turns.push(to);
    }
    results.sort_by_key(|result| std::cmp::Reverse(result.ways));
    let wrong = results.iter().find(|result| !result.serial).unwrap_or(&results[0]);
    let shown = wrong.example.last().map_or(0, |(_, node)| *node);
    let steps = nodes.iter().map(|node| step(&program, &nodes, node)).collect();
    let names = program.threads.iter().map(|thread| thread.name.clone()).collect();
    let drawing = Drawing { steps, width: crate::WIDTH, legend: picture::LEGEND.to_vec() };
    Ok(Whole { tree: Some(Tree { names, turns, results, shown }), ..drawing.into() })
}

fn count(results: &mut Vec<Outcome>, (sentence, serial): (String, bool), path: &[(usize, usize)]) {
    match results.iter_mut().find(|result| result.sentence == sentence) {
        Some(result) => result.ways += 1,
        None => results.push(Outcome { sentence, serial, ways: 1, example: path.to_vec() }),
    }
}

fn step(program: &Program, nodes: &[Node], node: &Node) -> Step {
    let op = match node.path[..] {
        [] => "start".to_string(),
        [.., (thread, _)] => {
            let done = node.state.done[thread];
            format!("{}: {}", program.threads[thread].name, program.threads[thread].lines[done - 1].text)
        }
    };
    // What everybody sees, after each step of the way.
    let way: Vec<_> = node.path.iter().map(|(thread, place)| (*thread, nodes[*place].state.shared.clone())).collect();
    let (shapes, height) = picture::shapes(program, &node.state, &way);
    Step { op, sentence: node.sentence.clone(), shapes, height }
}

/// The values that come out when one thread runs after the other, in some order.
type Serial = BTreeSet<Vec<i64>>;

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: &str = "n = 0\nthread a\nload n; call f\nadd; store n\nthread b\nload n; call f\nadd; store n\n";

    fn tree(script: &str) -> Tree {
        draw(script).unwrap().tree.unwrap()
    }

    #[test]
    fn an_update_is_lost_in_four_of_six_ways() {
        let tree = tree(LOST);
        let counts: Vec<_> = tree.results.iter().map(|result| (result.ways, result.serial)).collect();
        assert_eq!(counts, [(4, false), (2, true)]);
        assert!(tree.results[0].sentence.contains("`n` is 1"), "{}", tree.results[0].sentence);
        assert!(tree.results[0].sentence.contains("An update is lost"));
    }

    /// (T3) As many leaves as ways to shuffle two rows of `k` lines: `(2k)! / (k! k!)`.
    #[test]
    fn all_ways_are_counted_once() {
        for (lines, ways) in [(1, 2), (2, 6), (3, 20), (4, 70)] {
            let thread = |name: &str| format!("thread {name}\n{}", "load n; add; store n\n".repeat(lines));
            let tree = tree(&format!("n = 0\n{}{}", thread("a"), thread("b")));
            assert_eq!(tree.results.iter().map(|result| result.ways).sum::<usize>(), ways);
            let leaves = tree.turns.iter().filter(|to| to.iter().all(Option::is_none)).count();
            assert_eq!(leaves, ways);
            assert_eq!(tree.results.len(), 1, "no line is interrupted");
        }
    }

    #[test]
    fn a_lock_makes_it_right_and_two_locks_may_stop_everything() {
        let locked =
            LOST.replace("load n; call f", "acquire l; load n; call f").replace("store n", "store n; release l");
        let one = tree(&locked);
        assert_eq!((one.results.len(), one.results[0].serial, one.results[0].ways), (1, true, 2));
        let two = "n = 0\nthread a\nacquire l\nacquire m\nrelease m; release l\nthread b\nacquire m\nacquire l\nrelease l; release m\n";
        assert!(tree(two).results.iter().any(|result| result.sentence.contains("Nobody can go on")));
    }

    #[test]
    fn each_step_leads_where_its_line_leads() {
        let whole = draw(LOST).unwrap();
        let tree = whole.tree.unwrap();
        for (here, to) in tree.turns.iter().enumerate() {
            for (thread, next) in to.iter().enumerate().filter_map(|(thread, next)| Some((thread, (*next)?))) {
                assert!(
                    next > here && whole.drawings[0].steps[next].op.starts_with(&format!("{}: ", tree.names[thread]))
                );
            }
        }
        let reached: Vec<_> = tree.turns.iter().flatten().flatten().collect();
        assert_eq!(reached.len(), tree.turns.len() - 1, "each step but the first is reached from one other");
    }

    #[test]
    fn what_is_no_program_is_refused() {
        let line = |script: &str| draw(script).unwrap_err().line;
        assert_eq!(line("n = 0\nload n\n"), Some(2));
        assert_eq!(line("n = 0\nthread a\nload m\n"), Some(3));
        assert_eq!(line("n = 0\nthread a\nadd; load n\n"), Some(3));
        assert_eq!(line("n = 0\nthread a\nload n; acquire l\n"), Some(3));
        assert_eq!(line("n = 0\nthread a\nrelease l\n"), Some(3));
        assert!(draw("n = 0\nthread a\nload n\n").unwrap_err().what.contains("one thread"));
    }
}
