//! # The rendered site, checked
//!
//! Every reference of every page must lead somewhere: a link to a page that is there and, with a fragment, to a name
//! on it; everything that a browser fetches by itself to a file of the site. Nothing is requested from elsewhere.

use crate::house::{House, files_below, slashed};
use crate::page::{self, Page, Reference};
use crate::problem::{Problem, choices};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

/// Where a style sheet refers to something: `url(...)` or `@import "..."`.
static STYLE_REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"url\(\s*['"]?([^'")]+?)['"]?\s*\)|@import\s+['"]([^'"]+)['"]"#).expect("a constant expression")
});
/// An address of the web in a script.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"["'`](?:(?:https?|wss?):)?//[^"'`\s]*"#).expect("a constant expression"));
/// A scheme, as in `https:`.
static SCHEME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:|//)").expect("a constant expression"));

/// mdBook's own scripts; they name addresses that they contact only for runnable code, which the pages do not have.
const MDBOOKS_SCRIPTS: [&str; 8] = [
    "book.js",
    "clipboard.min.js",
    "elasticlunr.min.js",
    "highlight.js",
    "mark.min.js",
    "searcher.js",
    "searchindex.js",
    "toc.js",
];

/// What a check has seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) pages: usize,
    pub(crate) references: usize,
}

/// A site in a folder.
struct Site<'a> {
    house: &'a House,
    files: BTreeSet<String>,
    pages: BTreeMap<String, Page>,
    problems: Vec<Problem>,
}

/// Checks the site in `folder`.
pub(crate) fn check(house: &House, folder: &Path) -> (Seen, Vec<Problem>) {
    let files: BTreeSet<String> = files_below(folder).iter().map(|file| slashed(file)).collect();
    let read = |file: &String| std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    let pages: BTreeMap<_, _> = files
        .iter()
        .filter(|file| file.ends_with(".html"))
        .map(|file| (file.clone(), page::read(&read(file))))
        .collect();
    let mut seen = Seen { pages: pages.len(), references: 0 };
    let mut site = Site { house, files, pages: BTreeMap::new(), problems: Vec::new() };
    site.pages = pages;
    let (chapters, copies): (Vec<_>, Vec<_>) = site.pages.keys().cloned().partition(|page| site.source(page).is_some());
    for page in &chapters {
        seen.references += site.check_page(page);
    }
    // print.html, index.html and toc.html repeat what the chapters say: one complaint is enough.
    for page in copies.iter().filter(|_| site.problems.is_empty()).collect::<Vec<_>>() {
        seen.references += site.check_page(page);
    }
    for file in site.files.clone() {
        match file.rsplit_once('.').map(|(_, ending)| ending) {
            Some("css") => site.check_style(&file, &read(&file)),
            Some("js") if !MDBOOKS_SCRIPTS.contains(&file.as_str()) => site.check_script(&file, &read(&file)),
            _ => {}
        }
    }
    (seen, site.problems)
}

impl Site<'_> {
    /// The chapter that a page is made from, by its path from book/src.
    fn source(&self, page: &str) -> Option<String> {
        let stem = page.strip_suffix(".html")?;
        let readme = stem.strip_suffix("index").map(|folder| format!("{folder}README"));
        let candidates = [Some(stem.to_string()), readme];
        candidates.into_iter().flatten().map(|stem| format!("{stem}.md")).find(|md| self.house.src().join(md).is_file())
    }

    /// A problem of `page`, placed in the chapter it comes from, at the first line that holds one of `words`.
    fn report(&mut self, page: &str, words: &[&str], what: String, remedy: String) {
        let Some(source) = self.source(page) else {
            self.problems.push(Problem::of(format!("book/out/{page}"), what, remedy));
            return;
        };
        let path = self.house.src().join(&source);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let holds = |word: &&&str| !word.is_empty() && text.contains(**word);
        let word = words.iter().find(holds);
        let line = word.and_then(|word| text.lines().position(|line| line.contains(word)).map(|index| index + 1));
        self.problems.push(Problem::of(self.house.name(&path), what, remedy).on(line));
    }

    fn check_page(&mut self, name: &str) -> usize {
        let Some(page) = self.pages.remove(name) else { return 0 };
        let mut once = BTreeSet::new();
        for id in page.ids.iter().filter(|id| !once.insert(id.as_str())) {
            let remedy = "A link to it could mean either: rename one, a heading with `{#name}` behind it.".to_string();
            self.report(name, &[id], format!("two things on this page have the id `{id}`"), remedy);
        }
        for source in &page.silent_images {
            let remedy = "Write ![what it shows and why](...).".to_string();
            self.report(name, &[source], format!("the image {source} has no alt text"), remedy);
        }
        if page.runs_code {
            let what = "a code block of this page would contact the Rust playground".to_string();
            self.report(name, &[], what, "Set `runnable = false` under [output.html.playground] in book.toml.".into());
        }
        self.pages.insert(name.to_string(), page);
        let references = self.pages[name].references.clone();
        for reference in references.iter().collect::<BTreeSet<_>>() {
            self.check_reference(name, reference);
        }
        let (styles, scripts) = (self.pages[name].styles.clone(), self.pages[name].scripts.clone());
        self.check_style(name, &styles);
        self.check_script(name, &scripts);
        references.len()
    }

    fn check_reference(&mut self, page: &str, Reference { url, fetched }: &Reference) {
        if url.starts_with("data:") {
            return;
        }
        if SCHEME.is_match(url) {
            if *fetched || url.starts_with("//") || url.starts_with("javascript:") {
                let remedy = "Keep a copy in book/src, or make it a plain link for the reader.".to_string();
                self.report(page, &[url], format!("the page requests {url}, which is not on this site"), remedy);
            }
            return;
        }
        let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
        let path = decoded(path.split('?').next().unwrap_or(""));
        let target = if path.is_empty() { Some(page.to_string()) } else { self.resolve(page, &path) };
        let markdown = url.replace(".html", ".md");
        let file_name = path.rsplit('/').next().unwrap_or("").to_string();
        let words = [url.as_str(), &markdown, &file_name, &file_name.replace(".html", ".md")];
        let Some(target) = target else {
            let (what, remedy) = self.nowhere(url, &path, *fetched);
            return self.report(page, &words, what, remedy);
        };
        let Some(page_there) = self.pages.get(&target) else { return };
        let fragment = decoded(fragment);
        if !fragment.is_empty() && !page_there.ids.contains(&fragment) {
            let headings = page_there.ids.iter().filter(|id| !id.starts_with("mdbook-")).cloned().collect();
            let what = format!("the link to {url} leads nowhere: {target} has nothing called #{fragment}");
            let remedy = format!("On that page {}.", choices(&fragment, headings));
            self.report(page, &words, what, remedy);
        }
    }

    fn nowhere(&self, url: &str, path: &str, fetched: bool) -> (String, String) {
        if fetched {
            let what = format!("{url} is not there");
            return (what, "Put the file beside the chapter in book/src, and write its path from the chapter.".into());
        }
        let (remedy, asked) = match path.starts_with('/') {
            true => ("Write the way from this chapter: a path from / works at one address only.".into(), ""),
            false => (String::new(), path.rsplit('/').next().unwrap_or("")),
        };
        let what = format!("the link to {url} leads nowhere");
        if asked.is_empty() {
            return (what, remedy);
        }
        let chapters = self.pages.keys().filter_map(|page| self.source(page)).collect();
        (what, format!("Among the chapters {}.", choices(&path.replace(".html", ".md"), chapters)))
    }

    /// The file that `path` on `page` leads to, if it is there.
    fn resolve(&self, page: &str, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = page.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                _ => parts.push(part),
            }
        }
        let file = if path.ends_with('/') { [&parts[..], &["index.html"]].concat() } else { parts }.join("/");
        (!path.starts_with('/') && self.files.contains(&file)).then_some(file)
    }

    fn check_style(&mut self, file: &str, style: &str) {
        for found in STYLE_REFERENCE.captures_iter(style) {
            let url = found.get(1).or(found.get(2)).map_or("", |url| url.as_str());
            if !url.starts_with('#') {
                self.check_reference(file, &Reference { url: url.to_string(), fetched: true });
            }
        }
    }

    fn check_script(&mut self, file: &str, script: &str) {
        for found in ADDRESS.find_iter(script) {
            let what = format!("a script names the address {}", found.as_str().trim_matches(['"', '\'', '`']));
            self.report(file, &[found.as_str()], what, "A page makes no request off the site.".into());
        }
    }
}

/// `%20` and the like as what they stand for.
pub(crate) fn decoded(url: &str) -> String {
    let bytes = url.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code =
            url.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
