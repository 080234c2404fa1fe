//! `show --html`: one scenario on both parts, as a page that is one file and asks for nothing.
//!
//! ```text
//! the first difference, in words
//! [##-####] yours          [##-####] the reference      the memory of this moment, drawn from the trace's own pictures
//! < back   ----o------   next >                         one slider for both
//! the whole table: operation by operation, fact by fact
//! ```
//!
//! - **I1** Whatever a part printed is text on the page, never markup, and the page's policy allows no request.
//! - **I2** Without scripts, and on paper, the table tells everything.
//! - **I3** Both sides are always at the same moment: a moment is a row of the table.

use std::fmt::Write;

use super::drawn;
use super::layout::{self, Moment};
use check::scenario::Scenario;
use check::trace::{Kind, Line};

/// Rows on a page: a browser is slow with more, and nobody steps through them.
const ROWS: usize = 3000;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What is on the page.
pub(super) struct Page<'a> {
    pub(super) id: &'a str,
    pub(super) file: &'a str,
    pub(super) scenario: &'a Scenario,
    /// Where to read about it.
    pub(super) chapter: Option<String>,
    /// The first difference in words; none when all facts are the same.
    pub(super) difference: Option<String>,
    /// What the scenario is about, or what was broken: the numbered invariants.
    pub(super) promises: Vec<(String, String)>,
    /// None when yours could not be run, for this reason.
    pub(super) yours: Result<&'a [String], String>,
    pub(super) reference: &'a [String],
    /// What the learner's program printed.
    pub(super) printed: String,
}

/// The page's text.
pub(super) fn html(page: &Page<'_>) -> String {
    let yours: &[String] = page.yours.as_ref().map_or(&[], |yours| yours);
    let moments = layout::moments(yours, page.reference);
    let alone = page.yours.is_err();
    let title = escaped(&format!("{} {}", page.id, page.scenario.name));
    let mut out = String::new();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body{}>\n",
        if alone { " class=\"alone\"" } else { "" }
    );
    head(&mut out, page);
    player(&mut out, alone);
    table(&mut out, page, &moments);
    if !page.printed.is_empty() {
        let _ = writeln!(out, "<h2>Yours printed</h2>\n<pre>{}</pre>", escaped(&page.printed));
    }
    let _ = write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

fn head(out: &mut String, page: &Page<'_>) {
    let Page { id, scenario, .. } = page;
    let _ = writeln!(out, "<header>\n<h1><b>{}</b> {}</h1>", escaped(id), escaped(&scenario.name));
    let _ = writeln!(out, "<p class=\"purpose\">{}</p>", escaped(&scenario.purpose));
    match (&page.difference, &page.yours) {
        (_, Err(why)) => {
            let _ = writeln!(out, "<p class=\"verdict bad\">{} Below is the reference alone.</p>", escaped(why));
        }
        (Some(words), _) => {
            let _ = writeln!(
                out,
                "<p class=\"verdict bad\"><b>The first difference:</b> {} <button id=\"difference\" hidden>show it \
                 <kbd>d</kbd></button></p>",
                with_code(words)
            );
        }
        (None, _) => out.push_str("<p class=\"verdict good\">The same facts, from the first line to the last.</p>\n"),
    }
    for (number, text) in &page.promises {
        let _ = writeln!(out, "<p class=\"promise\"><b>{}</b> {}</p>", escaped(number), with_code(text));
    }
    let chapter = page.chapter.as_ref().map_or(String::new(), |chapter| format!(" &middot; {}", escaped(chapter)));
    let _ = writeln!(out, "<p class=\"file\"><code>{}</code>{chapter}</p>\n</header>", escaped(page.file));
}

/// Empty, and without scripts unseen: the script fills it.
fn player(out: &mut String, alone: bool) {
    let yours = if alone { "" } else { "<section><h2>yours</h2><div id=\"yours\"></div></section>" };
    let _ = write!(
        out,
        "<div id=\"player\" hidden>\n<p id=\"where\" role=\"status\"></p>\n<div class=\"sides\">{yours}\
         <section><h2>the reference</h2><div id=\"reference\"></div></section></div>\n\
         <div class=\"controls\"><button id=\"back\">back</button>\
         <input id=\"slider\" type=\"range\" min=\"0\" value=\"0\" aria-label=\"moment\">\
         <button id=\"next\">next</button><button id=\"theme\" title=\"light or dark\">light/dark</button></div>\n\
         <p class=\"keys\"><kbd>&larr;</kbd> <kbd>&rarr;</kbd> a step, with <kbd>Shift</kbd> an operation &middot; \
         <kbd>Home</kbd> <kbd>End</kbd> &middot; <kbd>d</kbd> the first difference</p>\n</div>\n"
    );
}

fn table(out: &mut String, page: &Page<'_>, moments: &[Moment<'_>]) {
    let alone = page.yours.is_err();
    let names = if alone { "<th>the reference</th>" } else { "<th>yours</th><th>the reference</th>" };
    let _ = writeln!(out, "<table id=\"trace\">\n<thead><tr>{names}</tr></thead>\n<tbody>");
    let mut rows = 0;
    for moment in moments {
        if rows > ROWS {
            let _ = writeln!(out, "<tr><td colspan=\"2\">... and more: the terminal shows all of it.</td></tr>");
            break;
        }
        rows += moment.lines.len() + 1;
        operation(out, page, moment);
        for (yours, reference, marked) in &moment.lines {
            let mark = if *marked { " class=\"wrong\"" } else { "" };
            let yours = if alone { String::new() } else { cell(yours) };
            let _ = writeln!(out, "<tr{mark}>{yours}{}</tr>", cell(reference));
        }
    }
    out.push_str("</tbody>\n</table>\n");
}

fn operation(out: &mut String, page: &Page<'_>, moment: &Moment<'_>) {
    let line = Line::parse(moment.op);
    let comment = page.scenario.line(line.number).and_then(|text| text.split_once('#')).map(|(_, said)| said.trim());
    let comment = comment.map_or(String::new(), |said| format!(" <small>{}</small>", escaped(said)));
    let ended = match moment.reached {
        (false, true) if page.yours.is_ok() => " <em>yours had ended</em>",
        (true, false) => " <em>the reference had ended</em>",
        _ => "",
    };
    let text = match line.kind {
        Kind::Op => format!("<span class=\"line\">{}</span> <code>{}</code>", line.number, escaped(line.text)),
        _ => "<code>before the first operation</code>".to_string(),
    };
    let class = if moment.differs { "op wrong" } else { "op" };
    let span = if page.yours.is_err() { 1 } else { 2 };
    let _ = writeln!(out, "<tr class=\"{class}\"><td colspan=\"{span}\">{text}{comment}{ended}</td></tr>");
}

/// One line of one side.
fn cell(line: &str) -> String {
    if line.is_empty() {
        return "<td></td>".into();
    }
    let Line { kind, text, .. } = Line::parse(line);
    let class = match kind {
        Kind::Fact => "fact",
        Kind::Step => "step",
        Kind::Broken => "broken",
        _ => "other",
    };
    // The text itself stays on the page: for who reads, searches or copies it.
    match drawn::picture(text).filter(|_| kind != Kind::Broken) {
        Some(picture) => format!("<td class=\"{class}\"><div class=\"state\">{picture}</div></td>"),
        None => format!("<td class=\"{class}\">{}</td>", escaped(text)),
    }
}

/// The same, with what stands between back ticks as code.
fn with_code(text: &str) -> String {
    let escaped = escaped(text);
    let pieces: Vec<&str> = escaped.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escaped; // one that is never closed
    }
    let piece = |(i, piece): (usize, &&str)| {
        if i % 2 == 1 { format!("<code>{piece}</code>") } else { piece.to_string() }
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// I1. Text for HTML; what is no visible character was shown escaped before.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_string).collect()
    }

    #[test]
    fn what_a_part_says_is_text_and_nothing_is_asked_for() {
        let scenario = Scenario::parse("my.ops", "# <b>bold</b>\nuse pool\nfree x # why \"& so\"?\n");
        let (yours, reference) =
            (lines(" 3 | free x\n   = <script>alert(1)</script>"), lines(" 3 | free x\n   = ok, \"now\" empty"));
        let page = Page {
            id: "pool",
            file: "my.ops",
            scenario: &scenario,
            chapter: None,
            difference: Some("line 3 <i>".into()),
            promises: vec![("I1".into(), "a < b".into())],
            yours: Ok(&yours),
            reference: &reference,
            printed: "</pre><script src=\"http://example.org\">".into(),
        };
        let text = html(&page);
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && text.contains("why &quot;&amp; so&quot;?"));
        assert_eq!(text.matches("<script").count(), 1, "its own");
        assert!(text.contains("line 3 &lt;i&gt;") && text.contains("a &lt; b") && !text.contains("<b>bold"));
        let requests = ["src=", "href=", "url(", "@import", "fetch(", "XMLHttpRequest"];
        let own = text.replace("&lt;/pre&gt;&lt;script src=&quot;http://example.org&quot;&gt;", "");
        assert!(requests.iter().all(|word| !own.contains(word)), "nothing is asked for");
        assert_eq!(text.matches("class=\"wrong\"").count(), 1);
        assert_eq!(with_code("a `b<` c"), "a <code>b&lt;</code> c");
        assert_eq!(with_code("a ` b"), "a ` b");
    }

    #[test]
    fn without_yours_the_reference_stands_alone() {
        let scenario = Scenario::parse("my.ops", "# p\n");
        let reference = lines(" 2 | x = alloc\n   . [#-]  free list: 1\n   = block 0");
        let page = Page {
            id: "pool",
            file: "my.ops",
            scenario: &scenario,
            chapter: None,
            difference: None,
            promises: vec![],
            yours: Err("Yours does not compile.".into()),
            reference: &reference,
            printed: String::new(),
        };
        let text = html(&page);
        assert!(text.contains("Yours does not compile.") && !text.contains("id=\"yours\""));
        assert!(text.contains("class=\"state\""));
    }
}
