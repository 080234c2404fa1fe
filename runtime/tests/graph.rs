//! The collector's parts against a model, on both kinds of memory, and on more objects than a stack has bytes.
//!
//! The programs are those of the grader's random scenarios. The model knows no lists that run through heads: it has
//! `Vec`s, it finds the reachable by a search, and it says which facts must come out.

use check::random::graph::{GraphOp, GraphProgram};
use check::random::{Program, seeded, seeds};
use kit::Addr;
use kit::graph::{Graph, MoveUnreachable, Obj, SubtractRefs};
use kit::observe::Silent;
use kit::raw::RawMemory;
use kit::text::list;
use rstest::rstest;
use runtime::config::{Config, Fast, GraphOf, LabGraph};
use runtime::gc::graph::{Age, ObjectGraph};
use runtime::gc::{move_unreachable, subtract_refs};
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;

/// Objects as a sentence would describe them.
#[derive(Default)]
struct Model {
    refers: Vec<Vec<usize>>,
    outside: Vec<u64>,
    young: Vec<usize>,
    old: Vec<usize>,
    subtract_facts: Vec<String>,
    move_facts: Vec<String>,
}

impl Model {
    fn step(&mut self, op: &GraphOp) {
        match op {
            GraphOp::New(count) => (0..*count).for_each(|_| {
                let object = self.enter(0);
                self.young.push(object);
            }),
            GraphOp::Older => {
                let object = self.enter(1);
                self.old.push(object);
            }
            GraphOp::Refer(from, to) => self.refers[*from].extend(to),
            GraphOp::Root(object) => self.outside[*object] += 1,
            GraphOp::Unroot(object) => self.outside[*object] -= 1,
            GraphOp::Collect { all } => self.collect(*all),
        }
    }

    fn enter(&mut self, outside: u64) -> usize {
        self.refers.push(vec![]);
        self.outside.push(outside);
        self.refers.len() - 1
    }

    /// References to `object` from outside and from those of `all` that `counts` names.
    fn count(&self, object: usize, counts: impl Fn(usize) -> bool) -> u64 {
        let inside = self.young.iter().chain(&self.old).filter(|from| counts(**from));
        let inside: usize = inside.map(|from| self.refers[*from].iter().filter(|to| **to == object).count()).sum();
        self.outside[object] + inside as u64
    }

    fn collect(&mut self, all: bool) {
        if all {
            let young = std::mem::take(&mut self.young);
            self.old.extend(young);
            self.young = std::mem::take(&mut self.old);
        }
        self.die_by_count();
        let examined: BTreeSet<usize> = self.young.iter().copied().collect();
        let refs: BTreeMap<usize, u64> =
            examined.iter().map(|o| (*o, self.count(*o, |from| !examined.contains(&from)))).collect();
        let reachable = self.reachable(&refs);
        self.tell_refs(&refs);
        let order = self.order_of_the_walk(&refs);
        assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), reachable, "the walk finds what a search finds");
        let dead: Vec<usize> = self.young.iter().copied().filter(|o| !reachable.contains(o)).collect();
        self.move_facts.push(format!("   = young: {}", names(&order)));
        self.move_facts.push(format!("   = unreachable: {}", names(&dead)));
        self.young.clear();
        self.old.extend(order);
    }

    fn die_by_count(&mut self) {
        let mut died = vec![];
        let all: Vec<usize> = self.young.iter().chain(&self.old).copied().collect();
        let unheld: Vec<usize> = all.into_iter().filter(|o| self.count(*o, |_| true) == 0).collect();
        unheld.into_iter().for_each(|o| self.die(o, &mut died));
        if !died.is_empty() {
            let fact = format!("   = died before, by count: {}", names(&died));
            self.subtract_facts.push(fact.clone());
            self.move_facts.push(fact);
        }
    }

    /// It dies, drops its references one after the other, and who was held by one of them alone dies at once.
    fn die(&mut self, object: usize, died: &mut Vec<usize>) {
        died.push(object);
        while !self.refers[object].is_empty() {
            let child = self.refers[object].remove(0);
            if self.count(child, |_| true) == 0 {
                self.die(child, died);
            }
        }
        self.young.retain(|o| *o != object);
        self.old.retain(|o| *o != object);
    }

    fn reachable(&self, refs: &BTreeMap<usize, u64>) -> BTreeSet<usize> {
        let mut next: Vec<usize> = refs.iter().filter(|(_, refs)| **refs > 0).map(|(o, _)| *o).collect();
        let mut reached = BTreeSet::new();
        while let Some(object) = next.pop() {
            if refs.contains_key(&object) && reached.insert(object) {
                next.extend(&self.refers[object]);
            }
        }
        reached
    }

    fn tell_refs(&mut self, refs: &BTreeMap<usize, u64>) {
        let each = self.young.iter().map(|o| format!("o{o}:{}", refs[o]));
        self.subtract_facts.push(format!("   = refs: {}", list(each)));
        let none: Vec<usize> = self.young.iter().copied().filter(|o| refs[o] == 0).collect();
        self.subtract_facts.push(format!("   = held by nothing but the collection itself: {}", names(&none)));
    }

    /// The normative order (CPython's), with a list that is a `Vec`.
    fn order_of_the_walk(&self, refs: &BTreeMap<usize, u64>) -> Vec<usize> {
        let (mut list, mut known, mut aside) = (self.young.clone(), refs.clone(), BTreeSet::new());
        let mut at = 0;
        while at < list.len() {
            let object = list[at];
            if known[&object] == 0 {
                aside.insert(list.remove(at));
                continue;
            }
            for child in self.refers[object].iter().filter(|child| refs.contains_key(child)) {
                known.insert(*child, 1);
                if aside.remove(child) {
                    list.push(*child);
                }
            }
            at += 1;
        }
        list
    }
}

fn names(objects: &[usize]) -> String {
    list(objects.iter().map(|o| format!("o{o}")))
}

fn facts(trace: &str) -> Vec<String> {
    trace.lines().filter(|line| line.starts_with("   = ") || line.starts_with("   ! ")).map(String::from).collect()
}

#[test]
fn random_programs_tell_what_the_model_tells() {
    for seed in seeds(600) {
        let program: GraphProgram = seeded(seed);
        let mut model = Model::default();
        program.ops.iter().for_each(|op| model.step(op));
        let subtract = program.to_ops_for("subtract-refs");
        let trace = trace_of(&Socket::SubtractRefs(&subtract_refs::Part), &subtract);
        assert_eq!(facts(&trace), model.subtract_facts, "{subtract}");
        let walk = program.to_ops_for("move-unreachable");
        let trace = trace_of(&Socket::MoveUnreachable(&move_unreachable::Part), &walk);
        assert_eq!(facts(&trace), model.move_facts, "{walk}");
    }
}

fn same_facts(socket: &Socket, scenario: &str) {
    let trace = trace_of(socket, scenario);
    assert!(!trace.contains("   ! "), "{trace}");
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(scenario), "{scenario}");
}

#[test]
fn random_programs_tell_the_same_facts_on_raw_and_on_checked_memory() {
    for seed in seeds(200) {
        let program: GraphProgram = seeded(seed);
        same_facts(&Socket::SubtractRefs(&subtract_refs::Part), &program.to_ops_for("subtract-refs"));
        same_facts(&Socket::MoveUnreachable(&move_unreachable::Part), &program.to_ops_for("move-unreachable"));
    }
}

#[rstest]
fn scenarios_tell_the_same_facts_on_raw_and_on_checked_memory(
    #[files("../exercises/3[12]-*/scenarios/*.ops")] path: PathBuf,
) {
    let scenario = std::fs::read_to_string(&path).unwrap();
    let sockets = [Socket::SubtractRefs(&subtract_refs::Part), Socket::MoveUnreachable(&move_unreachable::Part)];
    let is_for = |socket: &&Socket| scenario.contains(&format!("use {}\n", socket.id()));
    same_facts(sockets.iter().find(is_for).expect("a part of the collector"), &scenario);
}

type Objects = GraphOf<Fast<kit::geometry::Modern>>;

fn raw_graph() -> Objects {
    // SAFETY: the graph and the reference's parts read and write heads and tables of its own objects only.
    let mem = unsafe { RawMemory::new() };
    ObjectGraph::new(mem, Silent, Rc::default(), Rc::default()).expect("room for three lists")
}

fn collect(graph: &Objects) {
    let parts = Fast::<kit::geometry::Modern>::reference();
    graph.update_refs();
    graph.subtract_refs(parts.subtract_refs);
    assert_eq!(graph.move_unreachable(parts.move_unreachable), Ok(()));
}

/// The stack of a test is 2 MiB: two bytes for each object.
#[rstest]
#[case::live_from_the_front(true, false)]
#[case::live_from_the_end(false, false)]
#[case::dead_ring(true, true)]
fn a_chain_of_a_million(#[case] forward: bool, #[case] ring: bool) {
    const MANY: usize = 1_000_000;
    let graph = raw_graph();
    let chain: Vec<Obj> = (0..MANY).map(|_| graph.create(Age::Young).unwrap()).collect();
    for pair in chain.windows(2) {
        let (from, to) = if forward { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
        graph.refer(from, to).unwrap();
    }
    let (first, last) = if forward { (chain[0], chain[MANY - 1]) } else { (chain[MANY - 1], chain[0]) };
    if ring {
        graph.refer(last, first).unwrap();
    } else {
        graph.incref(first);
    }
    collect(&graph);
    if ring {
        assert!(graph.unreachable().eq(chain) && graph.young().next().is_none());
    } else if forward {
        assert!(graph.young().eq(chain) && graph.unreachable().next().is_none());
    } else {
        assert!(graph.young().eq(chain.into_iter().rev()) && graph.unreachable().next().is_none());
    }
    graph.promote();
    assert_eq!((graph.young().count(), graph.validate()), (0, Ok(())));
}

/// A part that does something wrong.
struct Wrong(fn(&LabGraph));

impl SubtractRefs<LabGraph> for Wrong {
    fn subtract_refs(&self, graph: &LabGraph) {
        (self.0)(graph)
    }
}

impl MoveUnreachable<LabGraph> for Wrong {
    fn move_unreachable(&self, graph: &LabGraph) {
        (self.0)(graph)
    }
}

/// The objects of the scenario below: a and b wait in `young`, o is older.
fn a_b_o(g: &LabGraph) -> (Obj, Obj, Obj) {
    let a = g.first().unwrap();
    let o = g.referents(a).last().unwrap();
    (a, g.next(a).unwrap(), o)
}

fn told(part: Wrong, id: &str) -> String {
    let wrong: &'static Wrong = kept(part);
    let socket = if id == "subtract-refs" { Socket::SubtractRefs(wrong) } else { Socket::MoveUnreachable(wrong) };
    let trace = trace_of(&socket, &format!("use {id}\nnew a b\nolder o\na -> b o\nroot a\ncollect\n"));
    let last = trace.lines().last().unwrap();
    let place = format!("   ! misuse at {}:", file!());
    last.strip_prefix(&place)
        .and_then(|rest| rest.split_once(": "))
        .map_or(last.into(), |(_, sentence)| sentence.into())
}

/// For ever, as a socket wants it, and known to a leak checker.
fn kept(part: Wrong) -> &'static Wrong {
    static ALL: Mutex<Vec<&'static Wrong>> = Mutex::new(vec![]);
    let part: &'static Wrong = Box::leak(Box::new(part));
    ALL.lock().unwrap().push(part);
    part
}

/// What a part does, and what it is told.
type Case = (fn(&LabGraph), &'static str);

#[test]
fn what_subtract_refs_may_not_do() {
    let cases: [Case; 6] = [
        (|g| g.keep(a_b_o(g).0), "subtract_refs called keep(a), but it changes no list (I4)"),
        (|g| g.set_refs(a_b_o(g).0, 9), "set_refs(a, 9), but refs of a were 1: it only takes away"),
        (|g| _ = g.refs(a_b_o(g).2), "refs(o), but o is not examined by this collection"),
        (|g| _ = g.next(a_b_o(g).2), "next(o), but this collection does not examine o"),
        (|g| _ = g.referents(a_b_o(g).2), "referents(o), but this collection does not examine o"),
        (|g| _ = g.standing(Obj(Addr(64))), "subtract_refs called standing(0x40), but no object is there"),
    ];
    for (wrong, sentence) in cases {
        assert_eq!(told(Wrong(wrong), "subtract-refs"), sentence);
    }
}

/// Sets a aside, and gives it.
fn set_a_aside(g: &LabGraph) -> Obj {
    let a = a_b_o(g).0;
    g.set_aside(a);
    a
}

#[test]
fn what_move_unreachable_may_not_do() {
    let cases: [Case; 10] = [
        (|g| g.keep(a_b_o(g).1), "keep(b), but the walk stands at a: everything before b must be settled first (I1)"),
        (|g| g.bring_back(a_b_o(g).0), "bring_back(a), but a is waiting in young"),
        (|g| g.set_refs(a_b_o(g).2, 1), "set_refs(o), but o is not examined by this collection"),
        (
            |g| [a_b_o(g).0; 2].map(|a| g.keep(a)).into_iter().collect(),
            "keep(a), but a was kept, and nothing is left to decide about it",
        ),
        (|g| _ = g.set_aside(set_a_aside(g)), "set_aside(a), but a is set aside already"),
        (|g| _ = g.next(set_a_aside(g)), "next(a), but a is not in young any more: set_aside gave what followed it"),
        (
            |g| g.set_refs(set_a_aside(g), 1),
            "set_refs(a), but a is set aside, and has no refs there: bring it back first",
        ),
        (|g| _ = g.referents(set_a_aside(g)), "referents(a), but a is set aside: nothing says that it can be reached"),
        (|g| _ = a_b_o(g), "   ! broken: the walk ended, but these still wait: a b (I1)"),
        (
            |g| _ = catch_unwind(AssertUnwindSafe(|| g.refs(a_b_o(g).2))),
            "refs(o), but o is not examined by this collection",
        ),
    ];
    for (wrong, sentence) in cases {
        assert_eq!(told(Wrong(wrong), "move-unreachable"), sentence);
    }
}

#[test]
fn a_graph_draws_itself() {
    let graph = raw_graph();
    let objects: Vec<Obj> = (0..2).map(|_| graph.create(Age::Young).unwrap()).collect();
    graph.incref(objects[0]);
    assert_eq!(format!("{graph:?}").matches(&graph.name(objects[1])).count(), 1);
}
