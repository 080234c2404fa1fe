//! The pictures that a trace has in text, as boxes on a page.
//!
//! ```text
//! [##-####]  free list: 2          a row of boxes, and a list
//! young: a:0 b:1   unreachable: c  two lists
//! a:1 -> b b   b:3                 who holds whom
//! ```
//!
//! A line that is none of these is a sentence, and stays one.

use super::page::escaped;

/// The line as boxes; none for a sentence.
pub(super) fn picture(text: &str) -> Option<String> {
    let pieces = pieces(text);
    let mut out = String::new();
    let mut drawn = 0;
    for piece in &pieces {
        if let Some((before, cells, after)) = boxed(piece) {
            out.push_str(&words(before));
            out.push_str(&row(cells)?);
            out.push_str(&words(after));
            drawn += 1;
        } else if let Some((label, items)) = labelled(piece, pieces.len() > 1) {
            out.push_str(&format!("<span class=\"list\">{}{}</span>", words(label), chips(items)));
            drawn += 1;
        } else if is_objects(piece) {
            out.push_str(&format!("<span class=\"list\">{}</span>", chips(piece)));
            drawn += 1;
        } else {
            out.push_str(&words(piece));
        }
    }
    (drawn > 0).then_some(out)
}

/// Pieces stand apart by two blanks or more.
fn pieces(text: &str) -> Vec<&str> {
    text.trim().split("  ").map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

fn words(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("<span class=\"words\">{}</span>", escaped(text)),
    }
}

/// What stands between square brackets, and around them.
fn boxed(piece: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = piece.split_once('[')?;
    let (cells, after) = rest.split_once(']')?;
    let plain = |c: char| "#-.?".contains(c);
    let (marks, more) = cells.split_once(' ').unwrap_or((cells, ""));
    let counted = |word: &str| word.trim_start_matches('+').bytes().all(|b| b.is_ascii_digit());
    let is_row = !marks.is_empty() && (marks.chars().all(plain) || counted(marks)) && counted(more);
    is_row.then_some((before, cells, after))
}

/// `##-. +12`: a box a mark, and how many more there are.
fn row(cells: &str) -> Option<String> {
    let (marks, more) = cells.split_once(' ').unwrap_or((cells, ""));
    let mut out = format!("<span class=\"row\" role=\"img\" aria-label=\"{}\">", escaped(cells));
    if marks.bytes().all(|b| b.is_ascii_digit()) {
        out.push_str(&format!("<i class=\"in-use\">{marks}</i>"));
    } else {
        for mark in marks.chars() {
            let class = match mark {
                '#' => "in-use",
                '-' => "free",
                '.' => "untouched",
                '?' => "astray",
                _ => return None,
            };
            out.push_str(&format!("<i class=\"{class}\"></i>"));
        }
    }
    if !more.is_empty() {
        out.push_str(&format!("<i class=\"more\">{}</i>", escaped(more)));
    }
    out.push_str("</span>");
    Some(out)
}

/// `free list: 2 3`. Alone on a line it is a list only if nobody could take it for a sentence.
fn labelled(piece: &str, among_others: bool) -> Option<(&str, &str)> {
    let (label, items) = piece.split_once(": ")?;
    let clear = |item: &str| item == "none" || item == "..." || item.contains(':');
    let is_list = label.len() <= 30 && !label.contains(':') && !items.contains([';', '(', ',']);
    (is_list && (among_others || items.split(' ').all(clear))).then_some((label, items))
}

/// `a:1 -> b b`
fn is_objects(piece: &str) -> bool {
    let mut items = piece.split(' ');
    let counted = |item: &str| {
        item.split_once(':')
            .is_some_and(|(name, n)| !name.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty())
    };
    match piece.split_once(" -> ") {
        Some((from, _)) => counted(from),
        None => items.all(counted),
    }
}

fn chips(items: &str) -> String {
    let chip = |item: &str| match item {
        "" => String::new(),
        "->" => "<span class=\"arrow\">&rarr;</span>".to_string(),
        "none" | "..." => format!("<span class=\"words\">{item}</span>"),
        _ => match item.split_once(':') {
            Some((name, note)) if !name.is_empty() => {
                format!("<b>{}<small>{}</small></b>", escaped(name), escaped(note))
            }
            _ => format!("<b>{}</b>", escaped(item)),
        },
    };
    items.split(' ').map(chip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_lists_and_objects_are_drawn_and_sentences_are_not() {
        let pool = picture("[##-.]  free list: 2").unwrap();
        assert_eq!((pool.matches("in-use").count(), pool.matches("\"free\"").count()), (2, 1));
        assert!(picture("[#?]  free list: none").unwrap().contains("astray"));
        assert!(pool.contains("free list") && pool.contains("<b>2</b>"));
        assert!(picture("arena 0 [1 +63]  raw: 0").unwrap().contains("+63"));
        assert!(picture("young: a:0 b:1   unreachable: none").unwrap().contains("<b>a<small>0</small></b>"));
        assert!(picture("a:1 -> b b   b:3").unwrap().contains("&rarr;"));
        for sentence in ["class 31: a new pool", "a has no reference left: it dies", "block 2, now full", "l: a b", ""]
        {
            assert_eq!(picture(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn nothing_gets_through_as_markup() {
        let text = picture("[#]  x<i>: a<b>:&c   y: none").unwrap();
        assert!(!text.contains("x<i>") && text.contains("a&lt;b&gt;<small>&amp;c</small>"), "{text}");
    }
}
