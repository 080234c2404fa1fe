//! # What runs, and what it has in its hands
//!
//! ```text
//!   +------+  - - - >  +---------+        borrows l: knows it, and is not counted
//!   | call |           | l       |
//!   +------+  ------>  | count 1 |        owns b: one of b's count
//!             b        +---------+
//! ```

use super::Stage;
use crate::Fault;
use crate::route::{self, BoxAt};
use crate::scenes::Scene;
use crate::svg::{Anchor, Shape, arrow, rect, words};
use kit::picture::{CallPicture, ObjectsPicture};
use std::collections::BTreeMap;

/// What its box is called.
pub(super) const NAME: &str = "call";

/// No object may be called as the box is.
pub(super) fn free_name(staged: &[(&Scene, &ObjectsPicture)]) -> Result<(), Fault> {
    let taken = |now: &ObjectsPicture| now.objects.iter().any(|object| object.name == NAME);
    match staged.iter().find(|(_, now)| taken(now)) {
        None => Ok(()),
        Some((scene, _)) => Err(Fault {
            line: Some(scene.line),
            what: format!("an object is called `{NAME}`, as the box of what runs is"),
            remedy: "Take another name.".into(),
        }),
    }
}

/// Who is gone, where calls are shown.
pub(super) fn gone<'p>(before: Option<&'p ObjectsPicture>, now: &ObjectsPicture) -> Vec<&'p str> {
    let here = |name: &str| now.objects.iter().any(|object| object.name == name);
    let old = before.filter(|_| now.call.is_some()).map_or(&[][..], |old| &old.objects);
    old.iter().map(|object| object.name.as_str()).filter(|name| !here(name)).collect()
}

/// Who is gone, and what the call owns and borrows, if that changed.
pub(super) fn changes(before: Option<&ObjectsPicture>, now: &ObjectsPicture) -> String {
    let mut parts: Vec<String> = gone(before, now).iter().map(|name| format!("`{name}` is gone.")).collect();
    let none = CallPicture::default();
    let old = before.and_then(|old| old.call.as_ref()).unwrap_or(&none);
    if let Some(call) = now.call.as_ref().filter(|call| *call != old) {
        parts.push(match (call.owns.is_empty(), call.borrows.is_empty()) {
            (true, true) => "The call is over.".into(),
            (false, true) => format!("The call owns {}.", named(&call.owns)),
            (true, false) => format!("The call borrows {}, and owns nothing.", named(&call.borrows)),
            (false, false) => format!("The call borrows {}, and owns {}.", named(&call.borrows), named(&call.owns)),
        });
    }
    parts.join(" ")
}

fn named(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        names => names.concat(),
    }
}

impl Stage {
    /// Its box, and its arrows.
    pub(super) fn call(&self, shapes: &mut Vec<Shape>, now: &ObjectsPicture) {
        let (Some(call), Some(at)) = (&now.call, self.at(NAME)) else { return };
        let idle = *call == CallPicture::default();
        let class = if idle { "scene-gone" } else { "scene-call" };
        shapes.push(rect(NAME, class, at.x, at.y, at.width, at.height));
        let (name, says) = if idle { ("note", "none runs") } else { ("label", "runs") };
        shapes.push(words(format!("{NAME}/name"), name, at.line(18.0), Anchor::Middle, NAME));
        shapes.push(words(format!("{NAME}/state"), "small", at.line(53.0), Anchor::Middle, says));
        let boxes: Vec<BoxAt> = self.places.keys().filter_map(|name| self.at(name)).collect();
        let mut drawn: BTreeMap<&str, usize> = BTreeMap::new();
        let owned = call.owns.iter().map(|to| (to, "scene-arrow"));
        for (to, class) in owned.chain(call.borrows.iter().map(|to| (to, "scene-borrowed-arrow"))) {
            let Some(to_at) = self.at(to) else { continue };
            let nth = drawn.entry(to).or_default();
            shapes.push(arrow(format!("{NAME} to {to} {nth}"), class, &route::between(at, to_at, *nth, &boxes)));
            *nth += 1;
        }
    }
}
