//! Which known name did somebody mean who typed an unknown one?

/// Those of `known` that are nearest to `typed`, the nearest first, at most three; none if nothing is near.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (typed.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| (distance(typed, name), name))
        .filter(|(d, name)| *d <= limit || contains(name, typed))
        .collect();
    near.sort_by_key(|(d, _)| *d);
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// `Did you mean a, b or c?`, or nothing.
pub(crate) fn did_you_mean(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        [one] => format!(" Did you mean `{one}`?"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|n| format!("`{n}`")).collect();
            format!(" Did you mean {} or `{last}`?", first.join(", "))
        }
    }
}

fn contains(name: &str, typed: &str) -> bool {
    typed.chars().count() >= 3 && name.contains(&typed.to_lowercase())
}

/// The number of single-character insertions, deletions, replacements and swaps of neighbours from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swapped { best.min(rows[i - 2][j - 2] + 1) } else { best }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["size-classes", "pool", "subtract-refs", "move-unreachable", "gil"];

    #[test]
    fn a_slip_of_the_fingers_is_seen_through() {
        assert_eq!(nearest("pol", KNOWN), ["pool"]);
        assert_eq!(nearest("gli", KNOWN), ["gil"]);
        assert_eq!(nearest("Subtract_Refs", KNOWN), ["subtract-refs"]);
        assert_eq!(nearest("unreachable", KNOWN), ["move-unreachable"]);
    }

    #[test]
    fn nothing_near_gives_nothing() {
        assert!(nearest("zzzzzz", KNOWN).is_empty());
        assert_eq!(did_you_mean(&[]), "");
        assert_eq!(did_you_mean(&["a", "b", "c"]), " Did you mean `a`, `b` or `c`?");
    }
}
