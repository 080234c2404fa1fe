//! # Promises: the numbered invariants at the head of an exercise
//!
//! ```text
//! //! - **I2** The free list is last in, first out: a freed block becomes its head,
//! //!   and `alloc` takes its head.
//! ```
//!
//! A broken one is quoted to the learner where its number alone would help nobody.

/// `I2` and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// `I2`.
    pub number: String,
    /// The text on one line, without Markdown's marks.
    pub text: String,
}

/// The promises at the head of a source file.
///
/// ```
/// let head = "//! # A pool\n//!\n//! - **I1** Each block is `one` of\n//!   three.\n//! - **I2** Last in,\n//!\n//! More.\n";
/// let all = check::promises::of(head);
/// assert_eq!((all[0].number.as_str(), all[0].text.as_str()), ("I1", "Each block is `one` of three."));
/// assert_eq!((all.len(), all[1].text.as_str()), (2, "Last in,"));
/// ```
pub fn of(source: &str) -> Vec<Promise> {
    let mut all: Vec<Promise> = Vec::new();
    let mut open = false;
    for line in source.lines() {
        let Some(line) = line.trim_start().strip_prefix("//!") else { continue };
        if let Some((number, text)) = line.trim_start().strip_prefix("- **").and_then(|l| l.split_once("**")) {
            open = is_number(number);
            if open {
                all.push(Promise { number: number.into(), text: text.trim().into() });
            }
        } else if let (true, Some(last)) = (open && line.starts_with("   "), all.last_mut()) {
            last.text = format!("{} {}", last.text, line.trim());
        } else {
            open = false;
        }
    }
    for promise in &mut all {
        promise.text = promise.text.replace("[`", "`").replace("`]", "`"); // a link in rustdoc, nothing in a terminal
    }
    all
}

/// The numbers in round brackets in a sentence: `(I4)`, `(I2, I3)`.
pub fn named_in(sentence: &str) -> Vec<&str> {
    let in_brackets = sentence.split('(').skip(1).filter_map(|rest| rest.split_once(')'));
    in_brackets.flat_map(|(inside, _)| inside.split([',', ' '])).filter(|word| is_number(word)).collect()
}

fn is_number(word: &str) -> bool {
    word.strip_prefix('I').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_brackets_alone() {
        assert_eq!(named_in("broken: I think (of 3) block 2 (I4), and (I2, I3)"), ["I4", "I2", "I3"]);
        assert!(named_in("broken: (").is_empty());
    }

    #[test]
    fn a_link_to_a_name_is_the_name() {
        assert_eq!(of("//! - **I1** From 1 to [`LIMIT`].\n")[0].text, "From 1 to `LIMIT`.");
    }

    #[test]
    fn other_lists_are_no_promises() {
        assert!(of("//! - **init** does it\n//!   all\nfn x() {}\n").is_empty());
    }
}
