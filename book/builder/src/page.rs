//! # What a rendered page says
//!
//! Reads HTML with mdBook's own tokenizer and keeps what the checks need: names that one can link to, everything that
//! the page refers to, and what it does that it must not.

use html5ever::TokenizerResult;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use std::cell::RefCell;

/// One reference to something else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Reference {
    pub(crate) url: String,
    /// Whether the browser fetches it by itself. A link to read, `<a href>`, it does not.
    pub(crate) fetched: bool,
}

/// A page, reduced to what is checked.
#[derive(Default, Debug)]
pub(crate) struct Page {
    pub(crate) ids: Vec<String>,
    pub(crate) references: Vec<Reference>,
    /// The sources of images without alt text.
    pub(crate) silent_images: Vec<String>,
    /// Style sheets and style attributes on the page itself.
    pub(crate) styles: String,
    /// Scripts on the page itself.
    pub(crate) scripts: String,
    /// Whether a code block would run on the Rust playground.
    pub(crate) runs_code: bool,
}

/// Reads a page.
pub(crate) fn read(html: &str) -> Page {
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    let tokenizer = Tokenizer::new(Reader::default(), Default::default());
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.page.into_inner()
}

#[derive(Default)]
struct Reader {
    page: RefCell<Page>,
    inside: RefCell<String>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                *self.inside.borrow_mut() = tag.name.to_string();
                page.meet(&tag);
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(_) => self.inside.borrow_mut().clear(),
            Token::CharacterTokens(text) => match self.inside.borrow().as_str() {
                "script" => page.scripts.push_str(&text),
                "style" => page.styles.push_str(&text),
                _ => {}
            },
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn meet(&mut self, tag: &Tag) {
        let get = |wanted: &str| {
            tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|found| found.value.to_string())
        };
        let name = &*tag.name;
        self.ids.extend(get("id"));
        self.ids.extend(get("name").filter(|_| name == "a"));
        self.runs_code |= name == "pre" && get("class").is_some_and(|class| class.contains("playground"));
        if name == "img" && get("alt").is_none_or(|alt| alt.trim().is_empty()) {
            self.silent_images.push(get("src").unwrap_or_default());
        }
        if let Some(style) = get("style") {
            self.styles.push_str(&format!("{style}\n"));
        }
        for attribute in ["href", "src", "xlink:href", "poster", "data", "action", "formaction"] {
            let fetched = !(attribute == "href" && matches!(name, "a" | "area"));
            self.references.extend(get(attribute).map(|url| Reference { url, fetched }));
        }
        for candidate in get("srcset").iter().flat_map(|set| set.split(',')) {
            let url = candidate.split_whitespace().next().unwrap_or("").to_string();
            self.references.push(Reference { url, fetched: true });
        }
    }
}
