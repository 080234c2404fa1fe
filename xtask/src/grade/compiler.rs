//! What the compiler said, as a beginner can use it: the first error in full, the others in a line each.
//!
//! The first error is the one to look at: those behind it are often its consequences. What the compiler adds about the
//! insides of the standard library and of the kit is left out; nobody can change these.

/// Other errors that are named in a line.
const NAMED: usize = 4;

/// Codes about ownership and lifetimes: the compiler's own explanation, with its examples, is worth reading.
const WORTH_READING: [&str; 16] = [
    "E0106", "E0373", "E0382", "E0499", "E0502", "E0503", "E0505", "E0506", "E0507", "E0515", "E0521", "E0594",
    "E0596", "E0597", "E0621", "E0716",
];

/// The message for an exercise that does not compile. `file` is the learner's.
pub(super) fn said(errors: &[String], file: &str) -> String {
    if let Some(text) = instead(errors, file) {
        return text;
    }
    let Some(first) = errors.first() else { return "The compiler refused it, and did not say why.".into() };
    let mut text = without_insides(first.trim_end());
    let advice = advice(errors);
    if !advice.is_empty() {
        text.push_str(&format!("\n\n{advice}"));
    } else if let Some(code) = WORTH_READING.iter().find(|code| first.starts_with(&format!("error[{code}]"))) {
        text.push_str(&format!("\n\nWhat that means, with examples: rustc --explain {code}"));
    }
    let rest = &errors[1..];
    if !rest.is_empty() {
        text.push('\n');
        rest.iter().take(NAMED).for_each(|error| text.push_str(&format!("\nalso  {}", in_a_line(error))));
        match rest.len().saturating_sub(NAMED) {
            0 => {}
            1 => text.push_str("\n... and one more error"),
            more => text.push_str(&format!("\n... and {more} more errors")),
        }
    }
    text
}

/// Mistakes of which the compiler speaks at such length, or in such a place, that our words are better.
fn instead(errors: &[String], file: &str) -> Option<String> {
    let about = |words: &'static str| move |error: &&String| error.contains(words);
    let (head, plug) = ("expected outer doc comment", "cannot find value `Part`");
    if errors.first().iter().any(about(head)) {
        let mut text = format!(
            "{file} begins with its task, the lines with `//!`, and something stands above them.\n\
             Put your own lines below that head: Rust allows `//!` at the top only."
        );
        let others = errors.iter().filter(|error| !about(head)(error)).take(NAMED);
        others.for_each(|error| text.push_str(&format!("\nalso  {}", in_a_line(error))));
        return Some(text);
    }
    (!errors.is_empty() && errors.iter().all(|error| about(plug)(&error))).then(|| {
        format!(
            "The last line of {file} as you got it, `kit::plug_...!();`, is missing: it hands your functions to the \
             grader.\n`cargo xtask diff` shows what the stub has and your file has not."
        )
    })
}

/// What a sentence of ours adds to the compiler's.
fn advice(errors: &[String]) -> &'static str {
    let any = |words: &str| errors.iter().any(|error| error.contains(words));
    if any("usage of an `unsafe`") {
        "Exercises are written in safe Rust: what the kit gives you is all that it takes."
    } else if any("in the macro `kit::plug_") {
        "The last line of the file needs the task's functions with the names and types that they had."
    } else if any("unresolved import") && any("use of unresolved module or unlinked crate") {
        "An exercise has `kit` and `std`, and no other crate."
    } else {
        ""
    }
}

/// An error's first line, and where it is.
fn in_a_line(error: &str) -> String {
    let title = error.lines().next().unwrap_or_default();
    let title = title.split_once(": ").map_or(title, |(_, words)| words);
    let place = error.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let line = place.and_then(|place| place.rsplit(':').nth(1)).map_or(String::new(), |n| format!("line {n}: "));
    format!("{line}{title}")
}

/// The error without notes that point into the standard library or the kit.
fn without_insides(error: &str) -> String {
    let begins = |line: &str| ["note:", "help:", "error", "warning:"].iter().any(|word| line.starts_with(word));
    let lines: Vec<&str> = error.lines().collect();
    let (mut kept, mut skipping) = (Vec::new(), false);
    for (i, line) in lines.iter().enumerate() {
        if begins(line) {
            let place = lines.get(i + 1).map_or("", |next| next.trim_start());
            let inside = |folder: &str| place.strip_prefix("--> ").is_some_and(|place| place.starts_with(folder));
            skipping = i > 0 && (inside("/rustc/") || inside("runtime/") || place.contains(".rustup"));
        }
        if !skipping && !line.contains("(in Nightly builds, run with") {
            kept.push(*line);
        }
    }
    kept.join("\n").trim_end_matches([' ', '|', '\n']).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_in_full_and_the_others_in_a_line_each() {
        let error = |n: u32| {
            format!("error[E0425]: cannot find value `x{n}`\n  --> exercises/12-pool/src/lib.rs:{n}:5\n   |\n")
        };
        let errors: Vec<String> = (1..=7).map(error).collect();
        let text = said(&errors, "lib.rs");
        assert!(text.starts_with("error[E0425]: cannot find value `x1`\n  --> exercises"), "{text}");
        assert!(text.contains("\nalso  line 2: cannot find value `x2`\n"), "{text}");
        assert!(text.ends_with("also  line 5: cannot find value `x5`\n... and 2 more errors"), "{text}");
        assert!(said(&errors[..6], "lib.rs").ends_with("... and one more error"));
        assert!(!said(&errors[..1], "lib.rs").contains("also"));
        assert!(!said(&[], "lib.rs").is_empty());
    }

    #[test]
    fn an_explanation_is_offered_where_it_helps() {
        let said = |text: &str| said(&[text.to_string()], "lib.rs");
        assert!(said("error[E0382]: borrow of moved value: `v`").ends_with("rustc --explain E0382"));
        assert!(!said("error[E0308]: mismatched types").contains("--explain"));
        assert!(said("error: usage of an `unsafe` block").contains("safe Rust"));
        assert!(
            said("error[E0425]: cannot find\n  = note: ... in the macro `kit::plug_pool`").contains("names and types")
        );
    }

    #[test]
    fn what_is_above_the_head_or_missing_at_the_end_is_said_in_our_words() {
        let above = "error[E0753]: expected outer doc comment\n --> lib.rs:2:1".to_string();
        let other = "error[E0432]: unresolved import `rand`\n --> lib.rs:1:5".to_string();
        let text = said(&[above.clone(), above, other], "lib.rs");
        assert!(text.starts_with("lib.rs begins with its task") && text.ends_with("line 1: unresolved import `rand`"));
        let plug = "error[E0425]: cannot find value `Part` in crate `pool`".to_string();
        assert!(said(&[plug], "lib.rs").starts_with("The last line of lib.rs"));
    }

    #[test]
    fn the_insides_of_others_are_left_out() {
        let error = "error[E0277]: cannot add `u64` to `usize`\n  --> exercises/12-pool/src/lib.rs:9:9\n   |\n 9 | a + b\n   |\n\
                     help: the following other types implement trait `Add<Rhs>`\n  --> /rustc/59/library/core/src/ops/arith.rs:99:8\n   \
                     |\n   = note: `usize` implements `Add`\nhelp: consider this\n   |\n 9 | a\n   = note: this error \
                     originates in the macro `m` (in Nightly builds, run with -Z macro-backtrace for more info)";
        let text = without_insides(error);
        assert!(text.contains("9 | a + b") && text.contains("consider this"), "{text}");
        assert!(!text.contains("/rustc/") && !text.contains("implements `Add`") && !text.contains("Nightly"), "{text}");
    }
}
