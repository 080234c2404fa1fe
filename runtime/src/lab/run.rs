//! # Running one scenario
//!
//! On a thread of its own with a stack of 256 KiB: recursion over twenty thousand objects shows there, not at ten
//! million. Panics are caught and told with the line they came from; the first misuse wins over whatever a part made
//! of it.

use super::counting::{self, Counting};
use super::drive::{self, Served, Stage, Stop};
use super::pools::LabPools;
use super::scenario::{BadScenario, Scenario};
use super::shelves::Shelves;
use super::socket::Socket;
use crate::config::{Config, Fast, Lab};
use crate::gc;
use crate::gil;
use crate::heap::machine::Heap;
use crate::heap::single::{Layout, SinglePool, draw};
use crate::objects;
use kit::Addr;
use kit::allocator::Allocator;
use kit::checked::{CheckedMemory, Describe};
use kit::geometry::{Alignment, Classic, Geometry, Modern};
use kit::misuse::{Misuse, Watch};
use kit::observe::{Recorder, Silent};
use kit::picture::Picture;
use kit::raw::RawMemory;
use kit::trace::Record;
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, Once};

/// A learner's part has this much stack.
const STACK: usize = 256 << 10;

/// Runs `scenario` with the part in `socket`, and gives its records.
pub fn record(socket: &Socket, scenario: &str) -> Vec<Record> {
    collect(socket, scenario, Detail::Steps)
}

/// The same with scenes, for a figure.
pub fn record_scenes(socket: &Socket, scenario: &str) -> Vec<Record> {
    collect(socket, scenario, Detail::Scenes)
}

fn collect(socket: &Socket, scenario: &str, detail: Detail) -> Vec<Record> {
    let records = Arc::new(Mutex::new(vec![]));
    let sink = records.clone();
    run(*socket, scenario, detail, Box::new(move |record| sink.lock().expect("no panic in a push").push(record)));
    std::mem::take(&mut *records.lock().expect("no panic in a push"))
}

/// The trace of `scenario` as text, a line each.
pub fn trace_of(socket: &Socket, scenario: &str) -> String {
    record(socket, scenario).iter().map(|record| format!("{record}\n")).collect()
}

/// The facts of `scenario` with the reference's parts on raw memory: they must be those of checked memory.
pub fn facts_on_raw_memory(scenario: &str) -> Vec<String> {
    let facts = Rc::new(RefCell::new(vec![]));
    let sink = facts.clone();
    let recorder = Recorder::of_facts(move |record| sink.borrow_mut().push(record.to_string()));
    let end = Scenario::parse(scenario).map_err(Stop::Bad).and_then(|scenario| on_raw(&scenario, &recorder));
    tell(end, &recorder);
    facts.take()
}

/// What is recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Detail {
    /// What is compared.
    Facts,
    /// A trace with its steps.
    Steps,
    /// Scenes, too: for figures.
    Scenes,
}

/// Hands each record to `sink` the moment it is there.
pub(super) fn run(socket: Socket, scenario: &str, detail: Detail, sink: Box<dyn FnMut(Record) + Send>) {
    listen_to_panics();
    let scenario = scenario.to_string();
    let thread = std::thread::Builder::new().stack_size(STACK).name("scenario".into());
    let thread = thread.spawn(move || {
        LAST_PANIC.set(Some(String::new()));
        let recorder = match detail {
            Detail::Facts => Recorder::of_facts(sink),
            Detail::Steps => Recorder::new(sink),
            Detail::Scenes => Recorder::of_scenes(sink),
        };
        let watch = Rc::new(Watch::default());
        let end =
            catch_unwind(AssertUnwindSafe(|| on_checked(socket, &Scenario::parse(&scenario)?, &recorder, &watch)));
        match (watch.first(), end) {
            (Some(misuse), _) => recorder.broken(misuse.to_string()),
            (None, Ok(end)) => tell(end, &recorder),
            (None, Err(payload)) => recorder.broken(panicked(&*payload)),
        }
    });
    // The closure catches every panic of a part; what is left is a machine without threads.
    thread.expect("the system starts a thread").join().expect("the scenario's thread catches panics");
}

fn tell(end: Result<(), Stop>, recorder: &Recorder) {
    match end {
        Ok(()) => {}
        Err(Stop::Broken(sentence)) => recorder.broken(sentence),
        Err(Stop::Bad(BadScenario { line, sentence })) => recorder.broken(format!("scenario: line {line}: {sentence}")),
    }
}

/// Parts about objects, threads, or a block of its own.
const NO_SETTINGS: [&str; 14] = [
    "refcount",
    "free-lists",
    "containers",
    "trashcan",
    "subtract-refs",
    "move-unreachable",
    "generations",
    "finalizers",
    "weakref",
    "weak-containers",
    "gil",
    "eval-breaker",
    "scheduler",
    "debug-hooks",
];

/// Is it about objects, threads, lists or a block of its own? No size of a pool matters to those.
fn has_no_geometry(scenario: &Scenario) -> Result<bool, BadScenario> {
    match (scenario.part(), scenario.setup.args.as_slice()) {
        (part, [_]) if NO_SETTINGS.contains(&part) || part == "usable-arenas" => Ok(true),
        (part, _) if NO_SETTINGS.contains(&part) => {
            scenario.setup.bad(format!("`{part}` has no settings: write `use {part}`"))
        }
        _ => Ok(false),
    }
}

/// Which geometry the scenario asks for.
fn is_modern(scenario: &Scenario) -> Result<bool, BadScenario> {
    match scenario.setup.args.get(1).map(String::as_str) {
        Some("modern") => Ok(true),
        Some("classic") => Ok(false),
        other => {
            let part = scenario.part();
            let what = other.map_or("a geometry is missing".into(), |word| format!("`{word}` is no geometry"));
            scenario.setup.bad(format!("{what}: write `use {part} classic ...` or `use {part} modern ...`"))
        }
    }
}

fn alignment(scenario: &Scenario) -> Result<Alignment, BadScenario> {
    match scenario.setup.args.get(2).map(String::as_str) {
        Some("16") => Ok(Alignment::Sixteen),
        Some("8") => Ok(Alignment::Eight),
        _ => scenario.setup.bad("an alignment of 8 or 16 is missing: `use size-classes modern 16`"),
    }
}

fn on_checked(socket: Socket, scenario: &Scenario, recorder: &Recorder, watch: &Rc<Watch>) -> Result<(), Stop> {
    if scenario.part() != socket.id() {
        let sentence = format!("this scenario is for `{}`, not for `{}`", scenario.part(), socket.id());
        return Ok(scenario.setup.bad(sentence)?);
    }
    match has_no_geometry(scenario)? || is_modern(scenario)? {
        true => in_lab::<Modern>(socket, scenario, recorder, watch),
        false => in_lab::<Classic>(socket, scenario, recorder, watch),
    }
}

/// A learner's allocator on a heap of the lab.
struct OnLab {
    pools: LabPools,
    part: &'static (dyn Allocator<LabPools> + Sync),
}

impl Served for OnLab {
    fn malloc(&self, bytes: u64) -> Option<Addr> {
        self.part.malloc(&self.pools, bytes)
    }
    fn free(&self, at: Addr) {
        self.part.free(&self.pools, at);
    }
    fn realloc(&self, at: Addr, bytes: u64) -> Option<Addr> {
        self.part.realloc(&self.pools, at, bytes)
    }
    fn in_order(&self) -> Result<(), String> {
        self.pools.in_order()
    }
    fn block(&self, at: Addr) -> Option<u64> {
        self.pools.block(at)
    }
    fn out(&self) -> u64 {
        self.pools.out()
    }
}

/// The reference's allocator on a heap of real memory.
struct OnRaw<C: Config>(Rc<Heap<C>>);

impl<C: Config<Service = Heap<C>>> Served for OnRaw<C> {
    fn malloc(&self, bytes: u64) -> Option<Addr> {
        self.0.malloc(bytes)
    }
    fn free(&self, at: Addr) {
        self.0.free(at);
    }
    fn realloc(&self, at: Addr, bytes: u64) -> Option<Addr> {
        self.0.realloc(at, bytes)
    }
    fn in_order(&self) -> Result<(), String> {
        Ok(())
    }
    fn block(&self, at: Addr) -> Option<u64> {
        self.0.block(at)
    }
    fn out(&self) -> u64 {
        self.0.allocated_blocks()
    }
}

fn in_lab<G: Geometry>(
    socket: Socket,
    scenario: &Scenario,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    let parts = socket.plugged::<G>();
    let stage = Stage::<Lab<G>> {
        parts,
        memory: &|| CheckedMemory::new(watch.clone()),
        describe: &|mem, describe| mem.describe(describe),
        limit: &|mem, bytes| {
            mem.limit(bytes);
            true
        },
        observer: &|| recorder.clone(),
        recorder,
        serve: &|heap| {
            let pools = LabPools::new(heap, watch.clone(), recorder.clone());
            Box::new(OnLab { pools, part: parts.allocator })
        },
    };
    match socket {
        Socket::Arena(_) => drive::arena::drive(scenario, &stage),
        Socket::UsableArenas(_) => drive::usable_arenas::drive(scenario, &stage),
        Socket::Allocator(_) => drive::allocator::drive(scenario, &stage),
        Socket::AddressMap(_) => drive::address_map::drive(scenario, &stage),
        Socket::DebugHooks(_) => drive::debug_hooks::drive(scenario, &stage),
        Socket::SizeClasses(_) => drive::size_classes::drive(scenario, parts, alignment(scenario)?, recorder),
        Socket::Pool(_) => {
            let make = || {
                let pool = SinglePool::<Lab<G>>::new(CheckedMemory::new(watch.clone()), recorder.clone(), parts);
                let pool = pool.expect("checked memory has no end");
                pool.mem().describe(Rc::new(PoolPlace(pool.layout().clone())));
                pool
            };
            drive::pool::drive(scenario, make, recorder)
        }
        Socket::Refcount(refcount) => {
            let parts = counting::Parts { refcount, trashcan: &objects::trashcan::Part };
            drive::counting::drive_checked(scenario, parts, recorder, watch)
        }
        Socket::FreeLists(part) => {
            let mem = CheckedMemory::new(watch.clone());
            let shelves = Shelves::new(mem, recorder.clone(), watch.clone(), part);
            shelves.mem().describe(Rc::new(shelves.place()));
            drive::free_lists::drive(scenario, shelves, recorder)
        }
        Socket::Containers(part) => drive::containers::drive(scenario, part, recorder.clone(), recorder, watch),
        Socket::Trashcan(trashcan) => {
            let parts = counting::Parts { refcount: &objects::refcount::Part, trashcan };
            drive::counting::drive_checked(scenario, parts, recorder, watch)
        }
        Socket::SubtractRefs(_) | Socket::MoveUnreachable(_) => {
            drive::graph::drive(scenario, parts, CheckedMemory::new(watch.clone()), recorder.clone(), recorder, watch)
        }
        Socket::Generations(part) => drive::generations::drive(scenario, part, recorder.clone(), recorder, watch),
        Socket::Finalizers(part) => drive::finalizers::drive(
            scenario,
            part,
            CheckedMemory::new(watch.clone()),
            recorder.clone(),
            recorder,
            watch,
        ),
        Socket::Weakref(_) => drive::weakref::drive(scenario, parts, recorder.clone(), recorder, watch),
        Socket::WeakContainers(_) => drive::weak_containers::drive(scenario, parts, recorder.clone(), recorder, watch),
        Socket::Gil(_) => drive::gil::drive(scenario, parts, recorder.clone(), recorder, watch),
        Socket::EvalBreaker(part) => drive::eval_breaker::drive(scenario, part, recorder.clone(), recorder, watch),
        Socket::Scheduler(part) => drive::scheduler::drive(scenario, part, recorder.clone(), recorder, watch),
    }
}

fn on_raw(scenario: &Scenario, recorder: &Recorder) -> Result<(), Stop> {
    match has_no_geometry(scenario)? || is_modern(scenario)? {
        true => in_fast::<Modern>(scenario, recorder),
        false => in_fast::<Classic>(scenario, recorder),
    }
}

fn in_fast<G: Geometry>(scenario: &Scenario, recorder: &Recorder) -> Result<(), Stop> {
    let parts = Fast::<G>::reference();
    let stage = Stage::<Fast<G>> {
        parts,
        memory: &|| {
            // SAFETY: only the reference's parts and drivers run on it, and they stay inside what they mapped (I1 of
            // kit::raw); the same scenarios prove so on checked memory.
            unsafe { RawMemory::new() }
        },
        describe: &|_, _| {},
        limit: &|_, _| false,
        observer: &|| Silent,
        recorder,
        serve: &|heap| Box::new(OnRaw(heap)),
    };
    match scenario.part() {
        "arena" => drive::arena::drive(scenario, &stage),
        "usable-arenas" => drive::usable_arenas::drive(scenario, &stage),
        "allocator" => drive::allocator::drive(scenario, &stage),
        "address-map" => drive::address_map::drive(scenario, &stage),
        "debug-hooks" => drive::debug_hooks::drive(scenario, &stage),
        "size-classes" => drive::size_classes::drive(scenario, parts, alignment(scenario)?, recorder),
        "gil" => drive::gil::drive(scenario, parts, Silent, recorder, &Rc::default()),
        "eval-breaker" => {
            drive::eval_breaker::drive(scenario, &gil::eval_breaker::Part, Silent, recorder, &Rc::default())
        }
        "scheduler" => drive::scheduler::drive(scenario, &gil::scheduler::Part, Silent, recorder, &Rc::default()),
        "generations" => drive::generations::drive(scenario, &gc::generations::Part, Silent, recorder, &Rc::default()),
        "finalizers" => {
            // SAFETY: as for the graph, which makes these objects, too.
            let mem = unsafe { RawMemory::new() };
            drive::finalizers::drive(scenario, &gc::finalizers::Part, mem, Silent, recorder, &Rc::default())
        }
        "weakref" => drive::weakref::drive(scenario, parts, Silent, recorder, &Rc::default()),
        "weak-containers" => drive::weak_containers::drive(scenario, parts, Silent, recorder, &Rc::default()),
        "free-lists" => {
            // SAFETY: only the reference's part runs on it, and it reads and writes the words of lists and the first words
            // of blocks that the machine made (I1 of kit::raw); scenarios prove so on checked memory.
            let mem = unsafe { RawMemory::new() };
            let shelves = Shelves::new(mem, Silent, Rc::default(), &objects::free_lists::Part);
            drive::free_lists::drive(scenario, shelves, recorder)
        }
        "containers" => {
            drive::containers::drive(scenario, &objects::containers::Part, Silent, recorder, &Rc::default())
        }
        "refcount" | "trashcan" => {
            // SAFETY: only the reference's parts and the objects' own code run on it, and they read and write counts
            // and tables of objects that the machine made (I1 of kit::raw); scenarios prove so on checked memory.
            let mem = unsafe { RawMemory::new() };
            let parts = counting::Parts { refcount: &objects::refcount::Part, trashcan: &objects::trashcan::Part };
            drive::counting::drive(scenario, Rc::new(Counting::new(mem, Silent, Rc::default(), parts)), recorder)
        }
        "subtract-refs" | "move-unreachable" => {
            // SAFETY: only the reference's parts and the graph's own code run on it, and they read and write heads
            // and tables of objects that the graph made (I1 of kit::raw); scenarios prove so on checked memory.
            let mem = unsafe { RawMemory::new() };
            drive::graph::drive(scenario, parts, mem, Silent, recorder, &Rc::default())
        }
        _ => {
            let make = || {
                // SAFETY: only the reference's pool runs on it, and it stays inside the stretch that it was given
                // (I1 of kit::raw); its scenarios prove so on checked memory.
                let mem = unsafe { RawMemory::new() };
                SinglePool::<Fast<G>>::new(mem, Silent, parts).expect("one pool's bytes")
            };
            drive::pool::drive(scenario, make, recorder)
        }
    }
}

/// Names and draws the only pool there is.
struct PoolPlace(Rc<Layout>);

impl Describe for PoolPlace {
    fn name(&self, _: &CheckedMemory, at: Addr) -> String {
        self.0.name(at)
    }
    fn picture(&self, mem: &CheckedMemory) -> Picture {
        Picture::Pool(draw(mem, &self.0))
    }
}

thread_local! {
    /// In a scenario's thread: where the last panic came from.
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on a panic in a scenario's thread is noted, not printed; elsewhere nothing changes.
fn listen_to_panics() {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map_or(String::new(), |at| format!("{}:{}", at.file(), at.line()));
            let noted = LAST_PANIC.with_borrow_mut(|last| last.as_mut().map(|last| *last = place).is_some());
            if !noted {
                before(info);
            }
        }));
    });
}

/// The sentence for a panic that is not a misuse.
fn panicked(payload: &(dyn Any + Send)) -> String {
    let place = LAST_PANIC.take().unwrap_or_default();
    if let Some(misuse) = payload.downcast_ref::<Misuse>() {
        return misuse.to_string();
    }
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message");
    match text.strip_prefix("not yet implemented") {
        Some(rest) => format!("unfinished at {place}: {}", rest.trim_start_matches(": ")),
        None => format!("panic at {place}: {text}"),
    }
}
