//! # Shrinking: the shortest scenario that still fails
//!
//! Delta debugging over the lines of a scenario, then over the words of each line: whole stretches go first, single
//! lines last, then all lines that mention a name, then words in a line, then numbers become smaller. A candidate that is no valid scenario any more
//! (it frees what it never took) does not fail, so it is dropped.

use std::collections::BTreeSet;

/// Shrinks `text`. `first_failing` gets candidates and gives the index of the first that still fails in the same way.
///
/// Comment lines before the first operation stay.
///
/// ```
/// // Fails as long as there is a `free x` after an `x = alloc`.
/// let fails = |t: &String| t.find("x = alloc").is_some_and(|at| t[at..].contains("free x"));
/// let text = "# why\nuse pool\na = alloc\nx = alloc\nfree a\nfree x\ncount\n";
/// let small = check::shrink::shrink(text, &mut |all: &[String]| all.iter().position(fails));
/// assert_eq!(small, "# why\nuse pool\nx = alloc\nfree x\n");
/// ```
pub fn shrink(text: &str, first_failing: &mut dyn FnMut(&[String]) -> Option<usize>) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let setup = lines.iter().position(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#'));
    let (head, ops) = lines.split_at(setup.map_or(0, |at| at + 1));
    let head: String = head.iter().map(|line| format!("{line}\n")).collect();
    let mut ops: Vec<String> = ops.iter().map(|line| (*line).to_string()).collect();
    let whole = |ops: &[String]| head.clone() + &ops.iter().map(|line| format!("{line}\n")).collect::<String>();
    let mut still_fails = |candidates: &[Vec<String>]| -> Option<usize> {
        let texts: Vec<String> = candidates.iter().map(|ops| whole(ops)).collect();
        if texts.is_empty() { None } else { first_failing(&texts) }
    };
    loop {
        let before = ops.clone();
        without_stretches(&mut ops, &mut still_fails);
        without_names(&mut ops, &mut still_fails);
        with_simpler_lines(&mut ops, &mut still_fails);
        if ops == before {
            return whole(&ops);
        }
    }
}

type Test<'a> = &'a mut dyn FnMut(&[Vec<String>]) -> Option<usize>;

fn without_stretches(ops: &mut Vec<String>, still_fails: Test<'_>) {
    let mut size = ops.len();
    while size > 0 {
        let stretches = (0..ops.len()).step_by(size);
        let candidates: Vec<Vec<String>> =
            stretches.map(|at| [&ops[..at], &ops[(at + size).min(ops.len())..]].concat()).collect();
        match still_fails(&candidates) {
            Some(i) => *ops = candidates[i].clone(),
            None => size /= 2,
        }
        size = size.min(ops.len());
    }
}

/// What is taken and given back goes together, wherever the lines are.
fn without_names(ops: &mut Vec<String>, still_fails: Test<'_>) {
    loop {
        let names: BTreeSet<&str> = ops.iter().flat_map(|line| line.split_whitespace()).collect();
        let mentions = |line: &String, name: &str| line.split_whitespace().any(|word| word == name);
        let without = |name: &&str| ops.iter().filter(|line| !mentions(line, name)).cloned().collect::<Vec<String>>();
        let candidates: Vec<Vec<String>> = names.iter().map(without).filter(|rest| rest.len() < ops.len()).collect();
        match still_fails(&candidates) {
            Some(i) => *ops = candidates[i].clone(),
            None => return,
        }
    }
}

fn with_simpler_lines(ops: &mut Vec<String>, still_fails: Test<'_>) {
    for at in 0..ops.len() {
        loop {
            let candidates: Vec<Vec<String>> = simpler(&ops[at])
                .into_iter()
                .map(|line| {
                    let mut all = ops.clone();
                    all[at] = line;
                    all
                })
                .collect();
            match still_fails(&candidates) {
                Some(i) => *ops = candidates[i].clone(),
                None => break,
            }
        }
    }
}

/// The line with one word less, or with one number that is smaller.
fn simpler(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let joined = |words: Vec<&str>| words.join(" ");
    let mut all = Vec::new();
    for at in (1..words.len()).rev() {
        all.push(joined([&words[..at], &words[at + 1..]].concat()));
        for smaller in smaller(words[at]) {
            let mut words = words.clone();
            words[at] = &smaller;
            all.push(joined(words));
        }
    }
    all
}

fn smaller(word: &str) -> Vec<String> {
    let Ok(number) = word.parse::<u64>() else { return vec![] };
    let mut all: Vec<u64> = vec![0, 1, number / 2, number.saturating_sub(1)];
    all.dedup();
    all.into_iter().filter(|n| *n < number).map(|n| n.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_is_found_in_a_hundred_lines() {
        let noise: String = (0..100).map(|i| format!("noise {i}\n")).collect();
        let text = format!("use x\n{noise}needle 900 1\n{noise}");
        let mut runs = 0;
        let small = shrink(&text, &mut |all| {
            runs += 1;
            all.iter().position(|t| t.lines().any(|l| l.starts_with("needle ") && number(l) >= 40))
        });
        assert_eq!(small, "use x\nneedle 40\n");
        assert!(runs < 60, "{runs} batches");
    }

    fn number(line: &str) -> u64 {
        line.split(' ').nth(1).and_then(|w| w.parse().ok()).unwrap_or(0)
    }

    #[test]
    fn lines_that_need_each_other_go_together() {
        // A `b = take` without its `give b`, or the other way round, is no valid scenario.
        let valid = |t: &String| {
            let has = |line: &str| t.lines().any(|l| l == line);
            let known = ["use x", "a = take", "b = take", "needle", "give a", "give b"];
            t.lines().all(|l| known.contains(&l))
                && has("a = take") == has("give a")
                && has("b = take") == has("give b")
        };
        let text = "use x\na = take\nb = take\nneedle\ngive a\ngive b\n";
        let fails = |t: &String| valid(t) && t.contains("needle");
        assert_eq!(shrink(text, &mut |all| all.iter().position(fails)), "use x\nneedle\n");
    }

    #[test]
    fn what_never_fails_stays_as_it_is() {
        assert_eq!(shrink("use x\na\nb\n", &mut |_| None), "use x\na\nb\n");
        assert_eq!(shrink("", &mut |_| None), "");
    }
}
