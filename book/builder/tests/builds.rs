//! # What the builder must refuse
//!
//! A small book that is fine, and one change for each thing that can be wrong with it. Every refusal must name the
//! place and say what to do, and must leave the last good book where it was.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A project with a book of two chapters that is fine.
struct Project(TempDir);

const BOOK: &str = "[book]\ntitle = \"T\"\n[output.html]\ninput-404 = \"\"\nhash-files = false\nadditional-css = [\"theme/own.css\"]\n\
                    additional-js = [\"theme/own.js\"]\n[output.html.playground]\nrunnable = false\n";
const COURSE: &str = "[[exercise]]\nfolder = \"12-pool\"\ntitle = \"one pool\"\nminutes = 40\nsource = \"runtime/pool.rs\"\n\
                      write = [\"init\", \"alloc\"]\nchapter = \"pool.md\"\n[[exercise]]\nfolder = \"51-gil\"\ntitle = \"x\"\n\
                      minutes = 1\nsource = \"runtime/pool.rs\"\nwrite = []\n\
                      [[part]]\nnumber = 1\ntitle = \"Heap\"\n[tracks]\nday = [\"gil\", \"pool\"]\n";
const PART: &str = "//! # A pool\n//!\n//! - **I1** Each block is\n//!   one of three.\n\n// ANCHOR: init\nfn init() {}\n\
                    // ANCHOR_END: init\nfn alloc<M>() {}\n";
const TRACE: &str = "---\nsource: x\n---\n 3 | use pool\n   = made\n 4 | b0 = alloc\n   = block 0\n   . told\n";
const FIGURE: &str = "```figure kind=\"pool\" id=\"life\" alt=\"A row.\" caption=\"It holds.\" show=\"2\"\nuse pool classic 512\na = alloc\n```\n";

impl Project {
    fn new() -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        project.write("book/book.toml", BOOK);
        project.write("book/theme/own.css", "p { color: inherit; }\n");
        project.write("book/theme/own.js", "// nothing\n");
        project.write("book/src/SUMMARY.md", "# Summary\n\n- [Start](start.md)\n- [A pool](pool.md)\n");
        project.write("book/src/start.md", "# Start\n\nSee [the pool](pool.md#the-idea).\n");
        project.write("book/src/pool.md", "# A pool\n\n## The idea\n\nText.\n");
        project.write("exercises/course.toml", COURSE);
        project.write("runtime/pool.rs", PART);
        project.write("solutions/12-pool/tests/snapshots/03-full.snap", TRACE);
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Appends to the first chapter; what is appended begins on line 5.
    fn append(&self, text: &str) {
        self.write("book/src/start.md", &format!("# Start\n\nSee [the pool](pool.md#the-idea).\n\n{text}\n"));
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_book-builder"))
            .args(arguments)
            .arg("--root")
            .arg(self.0.path())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    }

    fn page(&self, name: &str) -> PathBuf {
        self.0.path().join("book/out").join(name)
    }

    fn html(&self, name: &str) -> String {
        std::fs::read_to_string(self.page(name)).unwrap()
    }

    /// The build must fail with each of these words.
    #[track_caller]
    fn refused(&self, words: &[&str]) {
        let (code, text) = self.run(&["build"]);
        for word in words {
            assert!(text.contains(word), "`{word}` is not in:\n{text}");
        }
        assert_eq!(code, 1, "{text}");
        assert!(!self.page("index.html").exists(), "a book with problems was put into its place");
        assert_eq!(leftovers(&self.0.path().join("book")), 0, "a temporary folder was left");
    }
}

fn leftovers(book: &Path) -> usize {
    let entries = std::fs::read_dir(book).unwrap();
    entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".out-")).count()
}

/// One test a line: what is appended to the chapter, and what must be said.
macro_rules! refuses {
    ($($name:ident: $text:expr => $($word:expr),+;)+) => {
        $(#[test] fn $name() {
            let project = Project::new();
            project.append($text);
            project.refused(&[$($word),+]);
        })+
    };
}

refuses! {
    a_broken_link: "[x](poll.md)" => "book/src/start.md:5: the link to poll.html leads nowhere", "pool.md";
    a_wrong_fragment: "[x](pool.md#the-idee)" => "book/src/start.md:5:", "pool.html has nothing called #the-idee", "the-idea";
    a_wrong_fragment_on_the_page: "[x](#no)" => "book/src/start.md:5:", "nothing called #no";
    a_link_from_the_root: "[x](/pool.html)" => "start.md:5: the link to /pool.html leads nowhere", "one address only";
    a_link_out_of_the_site: "[x](../../secret.html)" => "start.md:5: the link to ../../secret.html leads nowhere";
    a_missing_image: "![seen](no.png)" => "book/src/start.md:5: no.png is not there", "beside the chapter";
    a_remote_image: "![seen](https://example.org/x.png)" => "start.md:5: the page requests https://example.org/x.png";
    a_remote_image_without_scheme: "<img alt=\"a\" src=\"//example.org/x.png\">" => "requests //example.org/x.png";
    a_remote_script: "<script src=\"https://example.org/x.js\"></script>" => "requests https://example.org/x.js";
    a_remote_frame: "<iframe title=\"t\" src=\"https://example.org\"></iframe>" => "requests https://example.org";
    a_remote_style: "<p style=\"background: url(https://example.org/x.png)\">a</p>" => "requests https://example.org/x.png";
    a_remote_set: "<img alt=\"a\" src=\"\" srcset=\"https://example.org/x.png 2x\">" => "requests https://example.org/x.png";
    a_remote_form: "<form action=\"https://example.org\"></form>" => "requests https://example.org";
    a_fetching_script: "<script>fetch(\"https://example.org/x\")</script>" => "a script names the address https://example.org/x";
    an_image_without_alt: "![](no.png)" => "start.md:5: the image no.png has no alt text", "![what it shows";
    a_missing_include: "```rust\n{{#include ../../runtime/pol.rs}}\n```" => "start.md:6: the included file", "the project's root is ../..";
    a_missing_anchor: "```rust\n{{#include ../../runtime/pool.rs:innit}}\n```" => "start.md:6:", "no anchor `innit`", "there is: init";
    a_line_that_is_not_there: "```rust\n{{#include ../../runtime/pool.rs:99}}\n```" => "start.md:6:", "asks for line 99";
    an_unknown_directive: "{{#tracee 12-pool/03-full}}" => "start.md:5: there is no directive `{{#tracee}}`";
    a_playground: "{{#playground ../../runtime/pool.rs}}" => "there is no directive `{{#playground}}`";
    a_directive_in_a_line: "See {{#exercise pool}} here." => "start.md:5: `{{#exercise pool}}` shares its line";
    a_missing_trace: "{{#trace 12-pool/03-ful}}" => "start.md:5: no trace is recorded in solutions/12-pool", "there is: 03-full";
    a_trace_without_these_lines: "{{#trace 12-pool/03-full lines=9-12}}" => "start.md:5:", "nothing at lines 9-12";
    a_trace_misspelt: "{{#trace 12-pool/03-full line=4}}" => "start.md:5:", "is not understood", "lines=4-9";
    an_unknown_track: "{{#track dai}}" => "start.md:5: there is no track `dai`", "day";
    an_unknown_exercise: "{{#exercise poll}}" => "start.md:5: no exercise is called `poll`", "gil, pool";
    an_html_tag_left_open: "<div>\n\ntext" => "unclosed HTML tag `<div>`", "warning of mdBook's";
    a_footnote_of_nobody: "[^a]: text" => "footnote `a`";
    two_things_of_one_name: "<p id=\"x\">a</p>\n\n<p id=\"x\">b</p>" => "two things on this page have the id `x`";
    a_figure_without_alt: &FIGURE.replace("A row.", "") => "start.md:5: the figure has no alt", "does not see the picture";
    a_figure_without_caption: &FIGURE.replace(" caption=\"It holds.\"", "") => "start.md:5: the figure has no caption";
    a_caption_that_is_no_sentence: &FIGURE.replace("It holds.", "pool") => "start.md:5:", "not a full sentence";
    a_figure_without_id: &FIGURE.replace("life", "") => "start.md:5: the figure has no id";
    a_figure_of_no_kind: &FIGURE.replace("\"pool\"", "\"pol\"") => "start.md:5:", "there is no kind `pol`", "size-classes, pool";
    a_figure_with_an_attribute_too_many: &FIGURE.replace("show", "shows") => "start.md:5: a figure has no attribute `shows`";
    a_figure_with_bad_quotes: &FIGURE.replace("\"A row.\"", "A row.") => "start.md:5:", "is not understood";
    a_figure_whose_script_fails: &FIGURE.replace("a = alloc", "a = allocate") => "start.md:7: the figure cannot be drawn", "allocate";
    a_figure_that_shows_no_step: &FIGURE.replace("\"2\"", "\"3\"") => "start.md:5:", "there is no step 3", "1 to 2";
    two_figures_of_one_id: &format!("{FIGURE}\n{FIGURE}") => "start.md:10: another figure has the id `life`: book/src/start.md:5";
}

/// One test a line: a file that is written, and what must be said.
macro_rules! refuses_file {
    ($($name:ident: $path:expr, $text:expr => $($word:expr),+;)+) => {
        $(#[test] fn $name() {
            let project = Project::new();
            project.write($path, $text);
            project.refused(&[$($word),+]);
        })+
    };
}

refuses_file! {
    a_remote_import: "book/theme/own.css", "@import \"https://example.org/x.css\";" => "requests https://example.org/x.css";
    a_remote_font: "book/theme/own.css", "@font-face { src: url('https://example.org/x.woff2'); }" => "requests https://example.org/x.woff2";
    a_missing_file_of_a_style: "book/theme/own.css", "p { background: url(no.png); }" => "no.png is not there";
    a_script_with_an_address: "book/theme/own.js", "new WebSocket('wss://example.org/');" => "a script names the address wss://example.org/";
    an_unlisted_chapter: "book/src/lost.md", "# Lost\n" => "book/src/lost.md: no reader can come here";
    a_chapter_without_a_file: "book/src/SUMMARY.md", "- [S](start.md)\n- [P](pool.md)\n- [N](no.md)\n" => "SUMMARY.md:3: the chapter no.md is not there";
    a_chapter_listed_twice: "book/src/SUMMARY.md", "- [S](start.md)\n- [P](pool.md)\n- [P](pool.md)\n" => "SUMMARY.md:3: pool.md is listed twice";
    a_broken_course: "exercises/course.toml", "[[exercise]\n" => "exercises/course.toml: is not TOML";
    an_exercise_without_its_chapter: "exercises/course.toml", &COURSE.replace("pool.md", "poll.md") => "the chapter of `pool`, book/src/poll.md, is not there";
    a_broken_configuration: "book/book.toml", "[book\n" => "book/book.toml";
}

#[test]
fn a_function_that_the_source_does_not_have() {
    let project = Project::new();
    project.write("exercises/course.toml", &COURSE.replace("\"alloc\"", "\"alloc_block\""));
    project.append("{{#exercise pool}}");
    project.refused(&["start.md:5:", "`alloc_block`", "runtime/pool.rs has no such function"]);
}

#[test]
fn code_that_would_run_on_the_playground() {
    let project = Project::new();
    project.write("book/book.toml", &BOOK.replace("runnable = false", "runnable = true"));
    project.append("```rust\nfn f() {}\n```");
    project.refused(&[
        "book/src/start.md: a code block of this page would contact the Rust playground",
        "runnable = false",
    ]);
}

#[test]
fn a_part_without_invariants() {
    let project = Project::new();
    project.write("runtime/pool.rs", "fn init() {}");
    project.append("{{#invariants pool}}");
    project.refused(&["start.md:5: runtime/pool.rs states no invariant"]);
}

#[test]
fn all_problems_at_once_and_the_last_good_book_stays() {
    let project = Project::new();
    assert_eq!(project.run(&["build"]).0, 0);
    project.append("[x](no.md)\n\n![](no.png)\n\n{{#exercise no}}");
    let (code, text) = project.run(&["build"]);
    assert_eq!(code, 1);
    for line in ["start.md:5:", "start.md:7: the image", "start.md:9:", "4 problems"] {
        assert!(text.contains(line), "`{line}` is not in:\n{text}");
    }
    assert!(project.html("start.html").contains("See"), "the last good book is gone");
}

#[test]
fn a_book_that_is_fine() {
    let project = Project::new();
    project.append(&format!(
        "{{{{#exercise pool}}}}\n\n{{{{#invariants pool}}}}\n\n{{{{#trace 12-pool/03-full lines=4 steps=no}}}}\n\n{{{{#exercises}}}}\n\n{{{{#track day}}}}\n\n{FIGURE}\n\
         ```rust\n{{{{#include ../../runtime/pool.rs:init}}}}\n```\n\n\\{{{{#include shown}}}}\n\n\
         [read](https://example.org) and [the figure](#life) and [I1](#pool-i1)"
    ));
    let (code, text) = project.run(&["build"]);
    assert_eq!(code, 0, "{text}");
    let html = project.html("start.html");
    let parts = [
        "cargo xtask grade pool",
        "Each block is one of three.",
        " 4 | b0 = alloc\n   = block 0\n",
        "fn init() {}",
        "All 2 steps",
        "<td>1. Heap</td><td><a href=\"pool.html\"><code>pool</code></a></td><td>one pool</td><td>40</td>",
        "<td><strong>together</strong></td><td></td><td><strong>41</strong></td>",
    ];
    for part in parts {
        assert!(html.contains(part), "`{part}` is not in:\n{html}");
    }
    assert!(!html.contains("told") && !html.contains("ANCHOR"), "{html}");
}

#[test]
fn the_page_of_an_exercise() {
    let project = Project::new();
    let (code, text) = project.run(&["build", "pool"]);
    assert!(code == 0 && text.trim_end().ends_with("pool.html"), "{text}");
    let (code, text) = project.run(&["build", "gil"]);
    assert!(code == 2 && text.contains("its chapter is still to come"), "{text}");
    let (code, text) = project.run(&["build", "pol"]);
    assert!(code == 2 && text.contains("no exercise is called `pol`"), "{text}");
}

#[test]
fn a_chapter_that_is_not_there_is_told_once() {
    let project = Project::new();
    project.write("book/src/SUMMARY.md", "- [S](start.md)\n- [P](pool.md)\n- [N](no.md)\n");
    project.refused(&["SUMMARY.md:3: the chapter no.md is not there", "The book has 1 problem;"]);
}

#[test]
fn check_writes_nothing() {
    let project = Project::new();
    assert_eq!(project.run(&["check"]).0, 0);
    assert!(!project.page("index.html").exists());
    assert_eq!(leftovers(&project.0.path().join("book")), 0);
}

#[test]
fn wrong_use() {
    let project = Project::new();
    for arguments in [&["biuld"][..], &["build", "--opn"], &["build", "a", "b"], &["serve", "--port", "x"]] {
        let (code, text) = project.run(arguments);
        assert!(code == 2 && text.contains("Usage: book-builder"), "{arguments:?}: {text}");
    }
}
