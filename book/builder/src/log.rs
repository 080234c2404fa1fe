//! # What mdBook mentions
//!
//! mdBook logs a warning and goes on. Here a warning is a problem like any other.

use crate::problem::Problem;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

/// Runs `work` and gives what mdBook warned of meanwhile.
pub(crate) fn heard<T>(work: impl FnOnce() -> T) -> (T, Vec<Problem>) {
    let listener = Listener::default();
    let warnings = Arc::clone(&listener.warnings);
    let result = tracing::subscriber::with_default(listener, work);
    let warnings = std::mem::take(&mut *warnings.lock().expect("a warning is only pushed"));
    let remedy = "This is a warning of mdBook's; the book is built without any.";
    (result, warnings.into_iter().map(|what| Problem::of("book", what, remedy)).collect())
}

#[derive(Default)]
struct Listener {
    warnings: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }
    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        self.warnings.lock().expect("a warning is only pushed").push(message.0);
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let name = if field.name() == "message" { String::new() } else { format!(" {} ", field.name()) };
        let _ = write!(self.0, "{name}{value:?}");
    }
}
