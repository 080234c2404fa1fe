//! The same on threads of the system, and on real memory: four threads count words into one total.

use crate::Mine;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::machine::Profile;
use runtime::objects::token::{Gil, Interpreter};
use runtime::threads::{Hold, Lock, Patience, Thread};
use std::sync::Arc;

const THREADS: usize = 4;
/// Each line is counted so often, for there to be time to switch in.
const ROUNDS: usize = 40;
/// The switch interval, in seconds.
const INTERVAL: f64 = 50e-6;

/// Counts the words of the files, without a lock and with one.
pub(crate) fn tell(files: &[String]) -> Result<(), String> {
    let read = |file: &String| std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
    let text = files.iter().map(read).collect::<Result<Vec<String>, String>>()?.join("\n");
    let lines: Arc<Vec<String>> = Arc::new(text.lines().map(String::from).collect());
    let words: u64 = lines.iter().map(|line| words_in(line)).sum::<u64>() * ROUNDS as u64;
    println!(
        "\nThreads of the system, on real memory: {THREADS} of them count the words of the files into one total.\n"
    );
    for (name, lock) in [("without a lock", None), ("with a lock", Some(Arc::new(Lock::new())))] {
        let locked = lock.is_some();
        let (total, switches) = counted(&lines, &lock)?;
        let lost = words.saturating_sub(total);
        println!("    {name:<16} {total:>8} of {words} words, {lost} lost, after {switches} switches");
        if total > words || locked && lost > 0 {
            return Err("Words were miscounted in spite of the lock: do two threads run at once?".into());
        }
    }
    Ok(())
}

fn words_in(line: &str) -> u64 {
    line.split_whitespace().count() as u64
}

/// The total that the threads come to, and how often the GIL went from one to another.
fn counted(lines: &Arc<Vec<String>>, lock: &Option<Arc<Lock>>) -> Result<(u64, u64), String> {
    // SAFETY: the parts that run on it are the reference's, but for those that let threads run, which passed their
    // scenarios. One that lets two run at once after all harms this process, which holds nothing that anybody needs.
    let mem = unsafe { RawMemory::new() };
    let no_memory = || "The system has no memory for a heap.".to_string();
    let heap = Heap::<Mine>::new(mem, Silent, Mine::reference()).ok_or_else(no_memory)?;
    let python = Interpreter::new(heap, Profile::V3_11).ok_or_else(no_memory)?;
    python.set_switch_interval(INTERVAL).map_err(|_| "An interval of nothing.".to_string())?;
    let total = python.with_gil(|gil| {
        let total = gil.list()?;
        total.append(gil.owned(gil.objects().new_int(0)?))?;
        let list = total.as_obj();
        let start = |number: usize| {
            let (lines, lock) = (lines.clone(), lock.clone());
            Thread::start(&gil, &format!("counter {number}"), move |gil| {
                count(gil, &lines, number, list, lock.as_deref())
            })
        };
        let threads: Vec<Thread> = (0..THREADS).filter_map(|number| start(number).ok()).collect();
        for thread in &threads {
            let _ = thread.join(&gil, Patience::Forever);
        }
        gil.objects().int_value(gil.objects().list_get(list, 0))
    });
    Ok((total.ok_or_else(no_memory)? as u64, python.switches()))
}

/// One thread: every fourth line. The list lives until all threads are joined.
fn count(gil: Gil<'_, Mine>, lines: &[String], number: usize, list: Obj, lock: Option<&Lock>) {
    let o = gil.objects();
    for line in (0..ROUNDS).flat_map(|_| lines.iter().skip(number).step_by(THREADS)) {
        lock.map(|lock| lock.acquire(&gil, Patience::Forever));
        // Load, call, store.
        let before = o.int_value(o.list_get(list, 0)).unwrap_or_default();
        let words = words_of(gil, line);
        if let Some(after) = o.new_int(before + words as i64) {
            o.list_set(list, 0, after);
        }
        let _ = lock.map(|lock| lock.release(&gil));
        // The end of a turn of the loop.
        let _ = gil.switch_point();
    }
}

/// What is called between load and store: a loop, with the switch points of one.
fn words_of(gil: Gil<'_, Mine>, line: &str) -> u64 {
    let _ = gil.switch_point();
    let turn = |words, _| {
        let _ = gil.switch_point();
        words + 1
    };
    line.split_whitespace().fold(0, turn)
}
