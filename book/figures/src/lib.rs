//! # The book's figures
//!
//! A figure is a pure function from a script to steps. The script is a scenario, the reference runtime runs it, and
//! what is drawn is what happened: a figure cannot say something that the code does not do.
//!
//! ```text
//!   script (.ops) --runtime::lab--> trace --moment--> moments --pool, size_classes--> steps --figure, svg--> HTML
//! ```
//!
//! A step is a list of keyed shapes and a sentence. Layout is computed here, so it is the same everywhere and holds
//! still from step to step.

pub mod figure;
pub mod moment;
pub mod pool;
pub mod size_classes;
pub mod svg;

pub use svg::escape;

use runtime::lab::Socket;

/// The width of every picture in pixels: what fits beside a figure's edges on a wide page.
pub const WIDTH: f64 = 700.0;

/// The kinds of figure.
pub const KINDS: [&str; 2] = [size_classes::KIND, pool::KIND];

/// A figure block of a chapter.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What to draw: one of [`KINDS`].
    pub kind: &'a str,
    /// Its name on the page.
    pub id: &'a str,
    /// Structure and point, for a reader who does not see the picture.
    pub alt: &'a str,
    /// The lesson.
    pub caption: &'a str,
    /// The numbers of the steps to draw; empty: the last one.
    pub show: &'a str,
    /// The scenario.
    pub script: &'a str,
}

/// Why a figure cannot be drawn.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The script's line, when one is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// The figure as HTML.
pub fn html(request: &Request<'_>) -> Result<String, Fault> {
    figure::html(&drawing(request.kind, request.script)?, request)
}

/// The figure's steps, without the words around them.
pub fn drawing(kind: &str, script: &str) -> Result<figure::Drawing, Fault> {
    match kind {
        pool::KIND => pool::draw(&run(Socket::Pool(&runtime::heap::pool::Part), script)?),
        size_classes::KIND => {
            size_classes::draw(&run(Socket::SizeClasses(&runtime::heap::size_classes::Part), script)?)
        }
        other => {
            let what = format!("there is no kind `{other}`");
            Err(Fault { line: None, what, remedy: format!("The kinds are {}.", KINDS.join(", ")) })
        }
    }
}

fn run(socket: Socket, script: &str) -> Result<Vec<moment::Moment>, Fault> {
    moment::moments(&runtime::lab::record(&socket, script))
}
