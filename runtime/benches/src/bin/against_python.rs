//! Our addresses against those of real interpreters: `against-python [--programs N] [PYTHON ...]`, or `--list`: which
//! there are.
//!
//! For each interpreter with a shared libpython (those that are named, or else all that are found), random programs of
//! malloc, calloc, realloc and free run on its own pymalloc, in a process of their own, and on our heap with the
//! geometry of that version. Arenas come from a [`Book`] on both sides, so that addresses can be written as ordinals;
//! the lines must be equal, down to the order in which arenas are asked for and go back.
//!
//! | version | geometry | a wholly free arena goes back |
//! |---|---|---|
//! | up to 3.8 | classic | always |
//! | 3.9 | classic | unless it is the last of the list |
//! | from 3.10 | modern | unless it is the last of the list |
//!
//! Exit code 1 when something differs, 2 when an interpreter that was named cannot be compared. Without any interpreter
//! it says so and ends with 0.

use benches::ordinals::{self, Book, Domain};
use benches::ours::Watched;
use benches::pymalloc::{self, Arenas};
use benches::python::Python;
use benches::requests;
use kit::geometry::{Classic, Geometry, Modern};
use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::rc::Rc;

/// Requests of a program.
const LENGTH: usize = 120_000;
/// Programs for each interpreter, unless the command line says otherwise.
const PROGRAMS: u64 = 12;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["--child", library, home, version, seed] => child(library, home, version, seed),
        ["--programs", number, ref pythons @ ..] => match number.parse() {
            Ok(number @ 1..) => compare_all(pythons, number),
            _ => usage(),
        },
        ["--list"] => list(),
        [flag, ..] if flag.starts_with('-') => usage(),
        ref pythons => compare_all(pythons, PROGRAMS),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: against-python [--programs N] [PYTHON ...], or against-python --list");
    ExitCode::from(2)
}

fn list() -> ExitCode {
    Python::installed().iter().for_each(|python| println!("{}", version(python)));
    ExitCode::SUCCESS
}

fn version(python: &Python) -> String {
    let (major, minor, micro) = python.version;
    format!("{major}.{minor}.{micro}")
}

fn compare_all(named: &[&str], programs: u64) -> ExitCode {
    let mut pythons = Vec::new();
    for name in named {
        match Python::ask(Path::new(name)) {
            Ok(python) => pythons.push(python),
            Err(message) => {
                eprintln!("{message}");
                return ExitCode::from(2);
            }
        }
    }
    if named.is_empty() {
        pythons = Python::installed();
    }
    if pythons.is_empty() {
        println!("skipped: no interpreter with a shared libpython was found to compare with");
    }
    let mut differs = false;
    for python in pythons {
        print!("{:<8} ", version(&python));
        match compare(&python, programs) {
            Ok(said) => println!("equal: {said}"),
            Err(said) => {
                println!("{said}");
                differs = true;
            }
        }
    }
    if differs { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// All programs on one interpreter.
fn compare(python: &Python, programs: u64) -> Result<String, String> {
    let (mut places, mut arenas, mut gone) = (0, 0, 0);
    for seed in 1..=programs {
        let theirs = ask(python, seed)?;
        let ours = if is_classic(python) { ours::<Classic>(python, seed) } else { ours::<Modern>(python, seed) };
        difference(&theirs, &ours, seed)?;
        let count = |sign: char| theirs.iter().filter(|line| line.starts_with(sign)).count();
        arenas += count('+');
        gone += count('-');
        places += theirs.len() - count('+') - count('-');
    }
    Ok(format!("{places} places in {programs} programs, {arenas} arenas, {gone} of them given back"))
}

fn is_classic(python: &Python) -> bool {
    python.version < (3, 10, 0)
}

fn difference(theirs: &[String], ours: &[String], seed: u64) -> Result<(), String> {
    let nothing = String::from("nothing more");
    let all = theirs.len().max(ours.len());
    let line = |lines: &[String], index: usize| lines.get(index).unwrap_or(&nothing).clone();
    match (0..all).find(|index| theirs.get(*index) != ours.get(*index)) {
        None => Ok(()),
        Some(index) => Err(format!(
            "DIFFERS in program {seed}, line {} of {all}: `{}` there, `{}` here; before that `{}`",
            index + 1,
            line(theirs, index),
            line(ours, index),
            if index > 0 { line(theirs, index - 1) } else { nothing.clone() },
        )),
    }
}

/// Our heap's lines.
fn ours<G: Geometry>(python: &Python, seed: u64) -> Vec<String> {
    let book = Rc::new(Book::new(seed, G::ARENA as usize, G::POOL as usize));
    let heap = Watched::<G>::new(&book, python.version >= (3, 9, 0));
    ordinals::run(&heap, &book, &requests::program(seed, LENGTH))
}

/// The lines of the interpreter's own pymalloc.
fn ask(python: &Python, seed: u64) -> Result<Vec<String>, String> {
    let own = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let (major, minor, micro) = python.version;
    let output = Command::new(own)
        .args([Path::new("--child"), &python.library, &python.home])
        .args([format!("{major}.{minor}.{micro}"), seed.to_string()])
        .output()
        .map_err(|error| format!("it does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_string).collect())
}

/// The other side of [`ask`].
fn child(library: &str, home: &str, version: &str, seed: &str) -> ExitCode {
    let numbers: Vec<u32> = version.split('.').filter_map(|number| number.parse().ok()).collect();
    let ([major, minor, micro], Ok(seed)) = (&numbers[..], seed.parse()) else { return usage() };
    let python =
        Python { version: (*major, *minor, *micro), home: PathBuf::from(home), library: PathBuf::from(library) };
    let (arena, pool) = if is_classic(&python) { sizes::<Classic>() } else { sizes::<Modern>() };
    // The library keeps the pointer for as long as the process lives.
    let book: &'static Book = Box::leak(Box::new(Book::new(seed, arena, pool)));
    let arenas = Arenas { context: std::ptr::from_ref(book).cast_mut().cast(), alloc, free };
    // SAFETY: `alloc` and `free` give and take stretches of the book, which stays.
    let domain = match unsafe { pymalloc::Domain::of(&python, arenas) } {
        Ok(domain) => domain,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(3);
        }
    };
    // What an interpreter asked for while it started is not the programs'.
    drop(book.take());
    let lines = ordinals::run(&Theirs(domain), book, &requests::program(seed, LENGTH));
    println!("{}", lines.join("\n"));
    ExitCode::SUCCESS
}

fn sizes<G: Geometry>() -> (usize, usize) {
    (G::ARENA as usize, G::POOL as usize)
}

unsafe extern "C" fn alloc(book: *mut c_void, bytes: usize) -> *mut u8 {
    // SAFETY: the context is the leaked book of `child`.
    let book = unsafe { &*book.cast::<Book>() };
    book.map(bytes)
}

unsafe extern "C" fn free(book: *mut c_void, base: *mut u8, bytes: usize) {
    // SAFETY: as in `alloc`.
    let book = unsafe { &*book.cast::<Book>() };
    // SAFETY: the library gives back what it was given.
    unsafe { book.release(base, bytes) }
}

/// An interpreter's object domain.
struct Theirs(pymalloc::Domain);

impl Domain for Theirs {
    fn malloc(&self, bytes: usize) -> *mut u8 {
        self.0.malloc(bytes)
    }
    fn calloc(&self, count: usize, bytes: usize) -> *mut u8 {
        self.0.calloc(count, bytes)
    }
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { self.0.realloc(block, bytes) }
    }
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { self.0.free(block) }
    }
}
