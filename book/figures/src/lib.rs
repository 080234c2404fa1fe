//! # The book's figures
//!
//! A figure is a pure function from a script to steps. The script is a scenario, the reference runtime runs it, and
//! what is drawn is what happened: a figure cannot say something that the code does not do.
//!
//! ```text
//!   script (.ops) --runtime::lab--> trace --moment--> moments --pool, arenas ...--> steps --figure, svg--> HTML
//!   record (.csv) ----------------------------------------------race, latency-------->         player ----> data
//! ```
//!
//! | kind | script | drawn |
//! |---|---|---|
//! | `size-classes` | of `size-classes` | a ruler of requests, classes and waste |
//! | `pool` | of `pool` | blocks of one pool, and its free list |
//! | `arena` | of `arena` | pools of one arena, and the stack of those that came back |
//! | `arena-map` | of `allocator`, then of `pool` | the same with what the pools serve; one pool; some blocks |
//! | `arenas` | of `allocator` | all arenas: what keeps them |
//! | `usable-arenas` | of `usable-arenas` | the list, fullest first, and its fingers |
//! | `address-map` | of `address-map` | each look-up, level by level |
//! | `debug-block` | of `debug-hooks` | a debug block, byte by byte |
//! | `objects` | of `refcount`, `containers`, `move-unreachable`, `weakref` ... | objects, counts, references |
//! | `free-lists` | of `free-lists` | blocks that a type keeps, and the list through them |
//! | `generations` | of `generations` | three counts, three thresholds, and who moves on |
//! | `cascade` | of `trashcan` | how deep deallocations are nested, and who waits |
//! | `object` | lines of `use glass` | words of an object, as they lie in memory |
//! | `gil-timeline` | of `gil` or `scheduler` | who has the GIL when, who waits, who asks |
//! | `interleavings` | a program of threads | all ways to run it, step by step |
//! | `biased` | what threads do with one object | its two counts without a GIL, and the queue |
//! | `race` | `from FILE`, `measure NAME` | recorded times as ratios |
//! | `latency` | `from FILE`, `measure NAME` | recorded times of an answer, by switch interval |
//!
//! A step is a list of keyed shapes and a sentence. Layout is computed here, so it is the same everywhere and holds
//! still from step to step.

pub mod address_map;
pub mod arena_map;
pub mod arenas;
pub mod biased;
pub mod cascade;
pub mod debug_block;
pub mod figure;
pub mod free_lists;
pub mod generations;
pub mod glass;
pub mod interleavings;
pub mod latency;
pub mod lookup;
pub mod moment;
pub mod objects;
pub mod player;
pub mod pool;
pub mod race;
pub mod record;
pub mod route;
pub mod scenes;
pub mod size_classes;
pub mod svg;
pub mod timeline;
pub mod usable_arenas;
pub mod vary;

pub use svg::escape;

use kit::trace::Record;
use moment::Moment;
use runtime::heap;
use runtime::lab::Socket;
use std::path::Path;

/// The width of every picture in pixels: what fits beside a figure's edges on a wide page.
pub const WIDTH: f64 = 700.0;

/// The kinds of figure.
pub const KINDS: [&str; 18] = [
    size_classes::KIND,
    pool::KIND,
    arena_map::KINDS[0],
    arena_map::KINDS[1],
    arenas::KIND,
    usable_arenas::KIND,
    address_map::KIND,
    debug_block::KIND,
    race::KIND,
    objects::KIND,
    generations::KIND,
    cascade::KIND,
    glass::KIND,
    timeline::KIND,
    interleavings::KIND,
    biased::KIND,
    latency::KIND,
    free_lists::KIND,
];

/// A figure block of a chapter.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What to draw: one of [`KINDS`].
    pub kind: &'a str,
    /// Its name on the page.
    pub id: &'a str,
    /// Structure and point, for a reader who does not see the picture.
    pub alt: &'a str,
    /// The lesson.
    pub caption: &'a str,
    /// The numbers of the steps to draw; empty: the last one.
    pub show: &'a str,
    /// The scenario.
    pub script: &'a str,
    /// The project: a script may name a record in it.
    pub root: &'a Path,
}

/// Why a figure cannot be drawn.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The script's line, when one is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// The figure as HTML.
pub fn html(request: &Request<'_>) -> Result<String, Fault> {
    figure::html(&whole(request.kind, request.script, request.root)?, request)
}

/// All that the figure shows, without the words around it.
pub fn whole(kind: &str, script: &str, root: &Path) -> Result<figure::Whole, Fault> {
    if kind == interleavings::KIND {
        return interleavings::draw(script);
    }
    let vary::Varied { choices, runs } = vary::varied(script)?;
    let drawings: Result<_, _> = match kind {
        timeline::KIND => timelines(&runs),
        _ => runs.iter().map(|(_, script)| drawing(kind, script, root)).collect(),
    };
    let chosen = runs.into_iter().map(|(chosen, _)| chosen).collect();
    Ok(figure::Whole { drawings: drawings?, choices: (choices, chosen), tree: None })
}

/// Lines of time on one scale.
fn timelines(runs: &[(String, String)]) -> Result<Vec<figure::Drawing>, Fault> {
    let wanted: Vec<_> = runs.iter().map(|(_, script)| timeline::wanted(script)).collect::<Result<_, _>>()?;
    let traces: Vec<_> =
        wanted.iter().map(|wanted| trace(&["gil", "scheduler"], &wanted.scenario)).collect::<Result<_, _>>()?;
    let end = timeline::end(&traces);
    traces.iter().zip(&wanted).map(|(trace, wanted)| timeline::draw(trace, wanted, end)).collect()
}

/// The steps of a figure that is run once, without the words around them.
pub fn drawing(kind: &str, script: &str, root: &Path) -> Result<figure::Drawing, Fault> {
    const POOL: Socket = Socket::Pool(&heap::pool::Part);
    match kind {
        size_classes::KIND => size_classes::draw(&run(Socket::SizeClasses(&heap::size_classes::Part), script)?),
        pool::KIND => pool::draw(&run(POOL, script)?),
        arenas::KIND => arenas::draw(&heap_run(script)?),
        usable_arenas::KIND => usable_arenas::draw(&run(Socket::UsableArenas(&heap::usable_arenas::Part), script)?),
        address_map::KIND => address_map::draw(&run(Socket::AddressMap(&heap::address_map::Part), script)?),
        debug_block::KIND => debug_block::draw(&run(Socket::DebugHooks(&heap::debug_hooks::Part), script)?),
        objects::KIND => objects::draw(&scenes(&OBJECTS, script)?, script),
        cascade::KIND => cascade::draw(&trace(&["trashcan"], script)?),
        glass::KIND => glass::draw(&runtime::lab::glass::look(script).map_err(|bad| Fault {
            line: Some(bad.line as usize),
            what: bad.sentence,
            remedy: "Mend the script.".into(),
        })?),
        generations::KIND => generations::draw(&scenes(&["generations"], script)?),
        timeline::KIND | interleavings::KIND => {
            let first = whole(kind, script, root)?.drawings.into_iter().next();
            first.ok_or_else(|| Fault {
                line: None,
                what: "nothing happens in it".into(),
                remedy: "Write a script.".into(),
            })
        }
        biased::KIND => biased::draw(script),
        free_lists::KIND => free_lists::draw(&moment::moments(&trace(&["free-lists"], script)?)?),
        race::KIND => race::draw(script, &from(root)),
        latency::KIND => latency::draw(script, &from(root)),
        _ if kind == arena_map::KINDS[0] => arena_map::draw(&run(Socket::Arena(&heap::arena::Part), script)?),
        _ if kind == arena_map::KINDS[1] => {
            let (first, second, line) = two_scenarios(script)?;
            arena_map::zoom(&heap_run(&first)?, &run(POOL, &second)?, line)
        }
        other => {
            let what = format!("there is no kind `{other}`");
            Err(Fault { line: None, what, remedy: format!("The kinds are {}.", KINDS.join(", ")) })
        }
    }
}

/// Reads files of the project.
fn from(root: &Path) -> impl Fn(&str) -> Result<String, String> {
    move |path| std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path} cannot be read: {error}"))
}

/// The parts whose machines show objects.
const OBJECTS: [&str; 8] = [
    "refcount",
    "trashcan",
    "containers",
    "subtract-refs",
    "move-unreachable",
    "finalizers",
    "weakref",
    "weak-containers",
];

/// What happens in a script that is for one of these parts.
fn scenes(parts: &[&str], script: &str) -> Result<Vec<scenes::Scene>, Fault> {
    scenes::scenes(&trace(parts, script)?)
}

fn trace(parts: &[&str], script: &str) -> Result<Vec<Record>, Fault> {
    let first = script.lines().map(str::trim).find_map(|line| line.strip_prefix("use ")).map(str::trim);
    let socket = Socket::REFERENCE.iter().find(|socket| first == Some(socket.id()) && parts.contains(&socket.id()));
    match socket {
        Some(socket) => Ok(runtime::lab::record_scenes(socket, script)),
        None => {
            let what = "its script is for none of the parts that it draws".into();
            Err(Fault {
                line: None,
                what,
                remedy: format!("Let it begin with `use` and one of: {}.", parts.join(", ")),
            })
        }
    }
}

/// The script cut before its second `use`; the line numbers of the second part are the script's.
fn two_scenarios(script: &str) -> Result<(String, String, usize), Fault> {
    let begins = |line: &&str| line.split_whitespace().next() == Some("use");
    let second = script.lines().enumerate().filter(|(_, line)| begins(line)).nth(1);
    let Some((index, _)) = second else {
        let remedy = "Write the heap's scenario, `use allocator ...`, and below it the pool's, `use pool ...`.";
        return Err(Fault { line: None, what: "it has only one scenario".into(), remedy: remedy.into() });
    };
    let lines: Vec<_> = script.lines().collect();
    let second = format!("{}{}", "\n".repeat(index), lines[index..].join("\n"));
    Ok((lines[..index].join("\n"), second, index + 1))
}

fn run(socket: Socket, script: &str) -> Result<Vec<Moment>, Fault> {
    moment::moments(&runtime::lab::record(&socket, script))
}

/// A heap draws itself when it is asked to.
fn heap_run(script: &str) -> Result<Vec<Moment>, Fault> {
    moment::up_to_pictures(&runtime::lab::record(&Socket::Allocator(&heap::allocator::Part), script))
}

/// The text with a capital letter in front.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
