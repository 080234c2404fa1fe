//! A program that is being drawn: its names, what kind each of them has, and the next line.

use super::bodies::ATTRIBUTES;
use super::{Feature, Swarm};
use arbitrary::{Result, Unstructured};
use std::collections::{BTreeMap, BTreeSet};

/// What a name stands for, as far as that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Instance { weak: bool },
    List(usize),
    Tuple(usize),
    Dict,
    Set,
    Function,
    Cell,
    Generator,
    Module,
    Exception,
    Weak,
    Proxy,
    Any,
}

/// Names of the program. `f` and `g` are functions.
const NAMES: &[&str] = &["a", "b", "c", "d", "e", "h", "i", "j", "k", "l"];
const LITERALS: &[&str] = &["1", "7", "'k'", "'long_text'", "2.5", "None", "123456789012345678901"];

/// A program that is being drawn.
pub(super) struct Draft {
    pub(super) lines: Vec<String>,
    /// Names of classes, and whether their instances can be referred to weakly.
    pub(super) classes: Vec<(String, bool)>,
    swarm: Swarm,
    /// What was frozen is not any more.
    thawed: bool,
    pub(super) names: BTreeMap<String, Kind>,
    /// Places below a name that hold something.
    pub(super) places: BTreeSet<String>,
}

type Step = fn(&mut Draft, &mut Unstructured<'_>) -> Result<()>;

/// Which feature a step needs, and how often it is taken.
const STEPS: &[(Option<Feature>, u32, Step)] = &[
    (None, 6, Draft::instance),
    (None, 8, Draft::attribute),
    (Some(Feature::Sequences), 5, Draft::sequence),
    (Some(Feature::Sequences), 5, Draft::append),
    (Some(Feature::Mappings), 5, Draft::mapping),
    (Some(Feature::Sets), 3, Draft::set),
    (Some(Feature::Functions), 4, Draft::closure),
    (Some(Feature::Calls), 4, Draft::call),
    (Some(Feature::Generators), 2, Draft::generator),
    (Some(Feature::Exceptions), 2, Draft::exception),
    (Some(Feature::Modules), 1, Draft::module),
    (Some(Feature::Atoms), 2, Draft::atom),
    (Some(Feature::WeakRefs), 6, Draft::weak_ref),
    (Some(Feature::Proxies), 2, Draft::proxy),
    (Some(Feature::Loops), 2, Draft::repeat),
    (Some(Feature::Shrinking), 4, Draft::shrink),
    (Some(Feature::Rings), 6, Draft::ring),
    (Some(Feature::Deletions), 9, Draft::delete),
    (Some(Feature::Deletions), 3, Draft::alias),
    (Some(Feature::Generations), 4, Draft::collect_young),
    (None, 2, Draft::collect),
    (Some(Feature::Counters), 5, Draft::count),
    (Some(Feature::Freezing), 2, Draft::freeze),
    (Some(Feature::Questions), 8, Draft::question),
    (Some(Feature::Order), 4, Draft::order),
];

impl Draft {
    pub(super) fn new(swarm: Swarm) -> Draft {
        Draft { lines: vec![], classes: vec![], swarm, thawed: false, names: BTreeMap::new(), places: BTreeSet::new() }
    }

    pub(super) fn has(&self, feature: Feature) -> bool {
        self.swarm.has(feature)
    }

    pub(super) fn line(&mut self, line: String) {
        self.lines.push(line);
    }

    pub(super) fn step(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let allowed = |feature: &Option<Feature>| feature.is_none_or(|feature| self.has(feature));
        let steps: Vec<_> = STEPS.iter().filter(|(feature, ..)| allowed(feature)).collect();
        let all: u32 = steps.iter().map(|(_, weight, _)| weight).sum();
        let mut drawn = u.int_in_range(0..=all - 1)?;
        for (_, weight, step) in steps {
            match drawn.checked_sub(*weight) {
                None => return step(self, u),
                Some(rest) => drawn = rest,
            }
        }
        Ok(())
    }

    /// Everything is let go and looked for: what is left is told.
    pub(super) fn end(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if u.ratio(1, 2)? {
            for name in self.names.keys().cloned().collect::<Vec<_>>() {
                self.line(format!("del {name}"));
            }
        }
        if self.has(Feature::Automatic) {
            self.line("disable".into());
        }
        self.line("collect".into());
        if !self.thawed {
            self.line("order".into());
        }
        self.line("stats".into());
        if self.has(Feature::SaveAll) {
            self.line("garbage".into());
        }
        Ok(())
    }

    /// A name, bound or not.
    pub(super) fn name(&self, u: &mut Unstructured<'_>) -> Result<String> {
        Ok((*u.choose(NAMES)?).into())
    }

    /// A name of such a kind.
    pub(super) fn known(&self, u: &mut Unstructured<'_>, kind: impl Fn(Kind) -> bool) -> Result<Option<String>> {
        let names: Vec<&String> = self.names.iter().filter(|(_, known)| kind(**known)).map(|(name, _)| name).collect();
        if names.is_empty() { Ok(None) } else { Ok(Some((*u.choose(&names)?).clone())) }
    }

    /// Anything that can be referred to.
    pub(super) fn value(&self, u: &mut Unstructured<'_>) -> Result<String> {
        let mut all: Vec<&str> = self.names.keys().map(String::as_str).collect();
        if all.is_empty() || self.has(Feature::Atoms) && u.ratio(1, 8)? {
            return Ok((*u.choose(LITERALS)?).into());
        }
        if u.ratio(1, 6)? {
            all = self.places.iter().map(String::as_str).collect();
            all.push("keep");
        }
        Ok((*u.choose(&all)?).into())
    }

    pub(super) fn values(&self, u: &mut Unstructured<'_>, most: usize) -> Result<Vec<String>> {
        (0..u.int_in_range(0..=most)?).map(|_| self.value(u)).collect()
    }

    pub(super) fn bind(&mut self, name: &str, kind: Kind) {
        self.forget(name);
        self.names.insert(name.into(), kind);
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.names.remove(name);
        self.places.retain(|place| !place.split(['.', '[']).any(|part| part.trim_end_matches(']') == name));
    }

    /// What `making` makes gets a name, or, now and then, a place.
    pub(super) fn make(&mut self, u: &mut Unstructured<'_>, making: &str, kind: Kind) -> Result<()> {
        if u.ratio(1, 8)?
            && let Some(owner) = self.known(u, |kind| matches!(kind, Kind::Instance { .. } | Kind::Module))?
        {
            let place = format!("{owner}.{}", u.choose(ATTRIBUTES)?);
            self.line(format!("{place} = {making}"));
            self.places.insert(place);
            return Ok(());
        }
        let name = self.name(u)?;
        self.line(format!("{name} = {making}"));
        self.bind(&name, kind);
        Ok(())
    }

    fn attribute(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let owners = |kind| matches!(kind, Kind::Instance { .. } | Kind::Module);
        let Some(owner) = self.known(u, owners)? else { return Ok(()) };
        let place = format!("{owner}.{}", u.choose(ATTRIBUTES)?);
        let value = self.value(u)?;
        self.line(format!("{place} = {value}"));
        self.places.insert(place);
        Ok(())
    }

    /// Instances that refer to one another, or one to itself.
    fn ring(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let instance = |kind| matches!(kind, Kind::Instance { .. });
        let (Some(one), Some(other)) = (self.known(u, instance)?, self.known(u, instance)?) else { return Ok(()) };
        let attribute = *u.choose(ATTRIBUTES)?;
        for (from, to) in [(&one, &other), (&other, &one)] {
            self.line(format!("{from}.{attribute} = {to}"));
            self.places.insert(format!("{from}.{attribute}"));
        }
        Ok(())
    }

    fn delete(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.places.len() > 1 && u.ratio(1, 6)? {
            let places: Vec<&String> = self.places.iter().collect();
            let place = (*u.choose(&places)?).clone();
            self.line(format!("del {place}"));
            self.places.remove(&place);
            return Ok(());
        }
        if u.ratio(1, 8)? {
            self.line(if u.ratio(1, 2)? { "keep = None" } else { "clear saved" }.into());
            return Ok(());
        }
        let Some(name) = self.known(u, |_| true)? else { return Ok(()) };
        self.line(format!("del {name}"));
        self.forget(&name);
        Ok(())
    }

    fn alias(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(known) = self.known(u, |_| true)? else { return Ok(()) };
        let (name, kind) = (self.name(u)?, self.names[&known]);
        self.line(format!("{name} = {known}"));
        self.bind(&name, kind);
        Ok(())
    }

    fn collect_young(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let generation = u.int_in_range(0..=1)?;
        self.line(format!("collect {generation}"));
        Ok(())
    }

    fn collect(&mut self, _: &mut Unstructured<'_>) -> Result<()> {
        self.line("collect".into());
        Ok(())
    }

    fn count(&mut self, _: &mut Unstructured<'_>) -> Result<()> {
        self.line("count".into());
        Ok(())
    }

    fn freeze(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        // What was there before the program joins its objects then: it is among them in an order of its own, and so many
        // are old that the collector hardly ever looks at all by itself.
        self.thawed |= u.ratio(1, 3)? && !self.has(Feature::Automatic);
        self.line(if self.thawed { "unfreeze" } else { "freeze" }.into());
        Ok(())
    }

    fn order(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.thawed {
            return Ok(());
        }
        let line = *u.choose(&["order 0", "order 1", "order 2", "order"])?;
        self.line(line.into());
        Ok(())
    }

    fn question(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(name) = self.known(u, |_| true)? else { return Ok(()) };
        let kind = self.names[&name];
        let proxy = kind == Kind::Proxy;
        let verb = *u.choose(&[
            "refcount",
            "show",
            "size",
            "tracked",
            "finalized",
            "referents",
            "referrers",
            "weakrefs",
            "len",
            "is",
        ])?;
        let line = match (verb, kind) {
            ("len", Kind::List(_) | Kind::Tuple(_) | Kind::Dict | Kind::Set) => format!("len {name}"),
            ("weakrefs", Kind::Instance { .. } | Kind::Function | Kind::Generator | Kind::Set) => {
                format!("weakrefs {name}")
            }
            ("is", _) => format!("is {name} {}", self.value(u)?),
            ("size", Kind::Proxy | Kind::Generator | Kind::Exception | Kind::Module) => format!("refcount {name}"),
            ("len" | "weakrefs", _) => format!("refcount {name}"),
            (verb, _) if !proxy => format!("{verb} {name}"),
            _ => format!("refcount {name}"),
        };
        self.line(line);
        Ok(())
    }
}
