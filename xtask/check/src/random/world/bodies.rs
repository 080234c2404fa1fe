//! What classes and functions do.

use super::Feature;
use super::draft::{Draft, Kind};
use arbitrary::{Result, Unstructured};

/// Attributes of instances.
pub(super) const ATTRIBUTES: &[&str] = &["x", "y", "z"];

impl Draft {
    /// Classes, callbacks and functions.
    pub(super) fn head(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        for number in 0..u.int_in_range(1..=3)? {
            self.class(u, number)?;
        }
        if self.has(Feature::WeakRefs) || self.has(Feature::Proxies) {
            for name in ["cb", "cc"] {
                self.line(format!("def {name} r"));
                self.line(format!("    log '{name}' r"));
                if u.ratio(1, 3)? {
                    self.action(u, "r", false)?;
                }
            }
        }
        if self.has(Feature::Calls) {
            self.function(u, "f")?;
            self.function(u, "g")?;
        }
        Ok(())
    }

    fn class(&mut self, u: &mut Unstructured<'_>, number: usize) -> Result<()> {
        let name = ["A", "B", "C"][number];
        let slots = self.has(Feature::Slots) && u.ratio(1, 3)?;
        let base = if number > 0 && u.ratio(1, 5)? { Some(u.choose(&self.classes)?.clone()) } else { None };
        let weak = !slots || base.as_ref().is_some_and(|(_, weak)| *weak);
        let mut line = format!("class {name}");
        if let Some((base, _)) = &base {
            line += &format!(" base {base}");
        }
        let mut can_be_referred = weak;
        if slots {
            line += " slots x y z";
            if !weak && u.ratio(1, 2)? {
                line += " __weakref__";
                can_be_referred = true;
            }
        }
        self.line(line);
        self.classes.push((name.into(), can_be_referred));
        if self.has(Feature::Finalizers) && u.ratio(2, 3)? {
            self.line(format!("def {name}.__del__ self"));
            self.line("    log 'del' self".into());
            let busy = self.has(Feature::BusyFinalizers) && u.ratio(1, 2)?;
            if busy || self.has(Feature::Resurrection) && u.ratio(2, 3)? {
                self.action(u, "self", true)?;
            }
        }
        if self.has(Feature::Functions) {
            self.line(format!("def {name}.m self p"));
            self.line("    return p".into());
        }
        Ok(())
    }

    /// Something that a finalizer or a callback does besides telling.
    fn action(&mut self, u: &mut Unstructured<'_>, me: &str, finalizer: bool) -> Result<()> {
        let resurrects = finalizer && self.has(Feature::Resurrection);
        match u.int_in_range(0..=9)? {
            0..=3 if resurrects => {
                self.line("    global keep".into());
                self.line(format!("    keep = {me}"));
            }
            3 if resurrects => self.line(format!("    append saved {me}")),
            4 => {
                self.line("    global keep".into());
                self.line("    keep = None".into());
            }
            5 => self.line("    collect".into()),
            6 => {
                self.line("    l = list".into());
                self.line("    append l l".into());
            }
            7 if finalizer => self.line(format!("    {me}.x = None")),
            8 => self.line("    clear saved".into()),
            9 if self.has(Feature::Raising) => self.line("    raise ValueError".into()),
            10 if finalizer && self.has(Feature::WeakRefs) => {
                let weak = self.classes.last().is_some_and(|(_, weak)| *weak);
                if weak {
                    self.line(format!("    w = ref {me} {}", if u.ratio(1, 2)? { "cb" } else { "cc" }));
                    self.line("    append saved w".into());
                }
            }
            _ => self.line(format!("    refcount {me}")),
        }
        Ok(())
    }

    /// A function of two parameters; what it gives has a kind that nothing is known of.
    fn function(&mut self, u: &mut Unstructured<'_>, name: &str) -> Result<()> {
        self.line(format!("def {name} p q"));
        let mut locals: Vec<String> = vec!["p".into(), "q".into()];
        for _ in 0..u.int_in_range(0..=3)? {
            let value = u.choose(&locals)?.clone();
            let line = match u.int_in_range(0..=7)? {
                0 => format!("t = list {value} q"),
                1 => format!("s = tuple {value}"),
                2 => {
                    let class = u.choose(&self.classes)?.0.clone();
                    format!("t = new {class}")
                }
                3 => "t = list".into(),
                4 => format!("refcount {value}"),
                5 => format!("s = dict 'k' {value}"),
                6 => format!("p = {value}"),
                _ => format!("append saved {value}"),
            };
            if let Some((local, _)) = line.split_once(" = ")
                && !locals.iter().any(|known| known == local)
            {
                locals.push(local.into());
            }
            self.line(format!("    {line}"));
        }
        if u.ratio(2, 3)? {
            let value = u.choose(&locals)?.clone();
            self.line(format!("    return {value}"));
        }
        Ok(())
    }

    /// What every program has, whatever it does with it.
    pub(super) fn begin(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.line("keep = None".into());
        self.line("saved = list".into());
        if self.has(Feature::Told) && u.ratio(1, 2)? {
            self.line("callbacks on".into());
        }
        if self.has(Feature::SaveAll) && u.ratio(1, 2)? {
            self.line("debug saveall".into());
        }
        if self.has(Feature::Automatic) {
            let (first, second, third) = (u.int_in_range(1..=9)?, u.int_in_range(0..=3)?, u.int_in_range(0..=3)?);
            self.line(format!("threshold {first} {second} {third}"));
            self.line("enable".into());
        }
        for _ in 0..u.int_in_range(1..=3)? {
            self.instance(u)?;
        }
        Ok(())
    }

    /// An instance of some class, for some name.
    pub(super) fn instance(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let class = u.int_in_range(0..=self.classes.len() - 1)?;
        let line = format!("new {}", self.classes[class].0);
        let weak = self.classes[class].1;
        self.make(u, &line, Kind::Instance { weak })
    }
}
