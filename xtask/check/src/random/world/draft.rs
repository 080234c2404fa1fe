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
const KEYS: &[&str] = &["'k'", "'j'", "1"];

/// A program that is being drawn.
pub(super) struct Draft {
    pub(super) lines: Vec<String>,
    /// Names of classes, and whether their instances can be referred to weakly.
    pub(super) classes: Vec<(String, bool)>,
    swarm: Swarm,
    names: BTreeMap<String, Kind>,
    /// Places below a name that hold something.
    places: BTreeSet<String>,
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
        Draft { lines: vec![], classes: vec![], swarm, names: BTreeMap::new(), places: BTreeSet::new() }
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
        self.line("order".into());
        self.line("stats".into());
        if self.has(Feature::SaveAll) {
            self.line("garbage".into());
        }
        Ok(())
    }

    /// A name, bound or not.
    fn name(&self, u: &mut Unstructured<'_>) -> Result<String> {
        Ok((*u.choose(NAMES)?).into())
    }

    /// A name of such a kind.
    fn known(&self, u: &mut Unstructured<'_>, kind: impl Fn(Kind) -> bool) -> Result<Option<String>> {
        let names: Vec<&String> = self.names.iter().filter(|(_, known)| kind(**known)).map(|(name, _)| name).collect();
        if names.is_empty() { Ok(None) } else { Ok(Some((*u.choose(&names)?).clone())) }
    }

    /// Anything that can be referred to.
    fn value(&self, u: &mut Unstructured<'_>) -> Result<String> {
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

    fn values(&self, u: &mut Unstructured<'_>, most: usize) -> Result<Vec<String>> {
        (0..u.int_in_range(0..=most)?).map(|_| self.value(u)).collect()
    }

    fn bind(&mut self, name: &str, kind: Kind) {
        self.forget(name);
        self.names.insert(name.into(), kind);
    }

    fn forget(&mut self, name: &str) {
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

    fn sequence(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let values = self.values(u, 4)?;
        if u.ratio(1, 10)?
            && let Some(list) = self.known(u, |kind| matches!(kind, Kind::List(_) | Kind::Dict | Kind::Set))?
        {
            let kind = self.names[&list];
            return self.make(u, &format!("copy {list}"), kind);
        }
        let (verb, kind) = match u.ratio(1, 3)? {
            true => ("tuple", Kind::Tuple(values.len())),
            false => ("list", Kind::List(values.len())),
        };
        self.make(u, &format!("{verb} {}", values.join(" ")), kind)
    }

    fn append(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(list) = self.known(u, |kind| matches!(kind, Kind::List(_)))? else { return self.sequence(u) };
        let Kind::List(length) = self.names[&list] else { return Ok(()) };
        let value = self.value(u)?;
        let more = match u.int_in_range(0..=7)? {
            0 => {
                self.line(format!("insert {list} 0 {value}"));
                1
            }
            1 => match self.known(u, |kind| matches!(kind, Kind::List(_) | Kind::Tuple(_)))? {
                Some(other) => {
                    self.line(format!("extend {list} {other}"));
                    0
                }
                None => 0,
            },
            2 if length > 0 => {
                self.line(format!("{list}[0] = {value}"));
                0
            }
            3 => {
                self.line(format!("append {list} {list}"));
                1
            }
            _ => {
                self.line(format!("append {list} {value}"));
                1
            }
        };
        self.names.insert(list, Kind::List(length + more));
        Ok(())
    }

    fn mapping(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let key = *u.choose(KEYS)?;
        let value = self.value(u)?;
        match (self.known(u, |kind| kind == Kind::Dict)?, u.int_in_range(0..=7)?) {
            (None, _) | (_, 0 | 1) => {
                let text = if u.ratio(1, 2)? { "dict".into() } else { format!("dict {key} {value}") };
                self.make(u, &text, Kind::Dict)?;
            }
            (Some(dict), 2) => {
                if let Some(other) = self.known(u, |kind| kind == Kind::Dict)? {
                    self.line(format!("update {dict} {other}"));
                }
            }
            (Some(dict), 3) => {
                if let Some(other) = self.known(u, |kind| matches!(kind, Kind::Instance { .. }))? {
                    self.line(format!("{dict}[{other}] = {value}"));
                }
            }
            (Some(dict), _) => {
                self.line(format!("{dict}[{key}] = {value}"));
                self.places.insert(format!("{dict}[{key}]"));
            }
        }
        Ok(())
    }

    fn set(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let object = self.known(u, |kind| matches!(kind, Kind::Instance { .. } | Kind::Function))?;
        let numbers = if u.ratio(1, 2)? { " 1 2" } else { "" };
        let verb = if u.ratio(1, 3)? { "frozenset" } else { "set" };
        let text = format!("{verb}{numbers} {}", object.unwrap_or_default());
        let kind = if verb == "set" { Kind::Set } else { Kind::Any };
        self.make(u, text.trim_end(), kind)
    }

    fn closure(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let (values, number) = (self.values(u, 2)?, u.int_in_range(0..=6)?);
        let values = values.join(" ");
        match number {
            0 | 1 => self.make(u, format!("closure {values}").trim_end(), Kind::Function),
            2 => self.make(u, format!("recursive {values}").trim_end(), Kind::Function),
            3 if !values.is_empty() => self.make(u, &format!("defaults {values}"), Kind::Function),
            4 => match self.known(u, |kind| matches!(kind, Kind::Instance { .. }))? {
                Some(instance) => self.make(u, &format!("method {instance} m"), Kind::Any),
                None => Ok(()),
            },
            5 => match self.known(u, |kind| kind == Kind::Cell)? {
                Some(cell) => {
                    let value = self.value(u)?;
                    self.line(format!("{cell}.cell_contents = {value}"));
                    Ok(())
                }
                None => self.make(u, "cell", Kind::Cell),
            },
            _ => {
                let value = self.value(u)?;
                self.make(u, &format!("cell {value}"), Kind::Cell)
            }
        }
    }

    fn call(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let (f, p, q) = (*u.choose(&["f", "g"])?, self.value(u)?, self.value(u)?);
        let name = self.name(u)?;
        if u.ratio(1, 2)? {
            self.line(format!("{name} = call {f} {p} {q}"));
            self.bind(&name, Kind::Any);
        } else {
            self.line(format!("call {f} {p} {q}"));
        }
        Ok(())
    }

    fn generator(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if let Some(generator) = self.known(u, |kind| kind == Kind::Generator)?
            && u.ratio(1, 2)?
        {
            let value = if u.ratio(1, 2)? { generator.clone() } else { self.value(u)? };
            self.line(format!("send {generator} {value}"));
            return Ok(());
        }
        let values = self.values(u, 3)?.join(" ");
        self.make(u, format!("generator {values}").trim_end(), Kind::Generator)
    }

    fn exception(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let values = self.values(u, 2)?.join(" ");
        self.make(u, format!("exception ValueError {values}").trim_end(), Kind::Exception)
    }

    fn module(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.make(u, "module m", Kind::Module)
    }

    fn atom(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let text = *u.choose(&["int 5", "int 1234567890123456789", "float 0.5", "str 'abcdef'", "bytes 'abc'"])?;
        self.make(u, text, Kind::Any)
    }

    fn weak_ref(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if u.ratio(1, 5)?
            && let Some(weak) = self.known(u, |kind| kind == Kind::Weak)?
        {
            let name = self.name(u)?;
            self.line(format!("{name} = get {weak}"));
            self.bind(&name, Kind::Any);
            return Ok(());
        }
        let to = |kind| matches!(kind, Kind::Instance { weak: true } | Kind::Function | Kind::Generator | Kind::Set);
        let Some(to) = self.known(u, to)? else { return self.instance(u) };
        let callback = *u.choose(&["", " cb", " cc"])?;
        self.make(u, &format!("ref {to}{callback}"), Kind::Weak)
    }

    fn proxy(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(to) = self.known(u, |kind| kind == Kind::Instance { weak: true })? else { return Ok(()) };
        let callback = if u.ratio(1, 3)? { " cb" } else { "" };
        self.make(u, &format!("proxy {to}{callback}"), Kind::Proxy)
    }

    fn repeat(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(list) = self.known(u, |kind| matches!(kind, Kind::List(_)))? else { return self.sequence(u) };
        let class = u.choose(&self.classes)?.0.clone();
        let times = u.int_in_range(2..=12)?;
        let making = match u.int_in_range(0..=3)? {
            0 => "t = list".into(),
            1 => format!("t = tuple {list}"),
            2 => "t = dict".into(),
            _ => format!("t = new {class}"),
        };
        self.line(format!("loop {times}"));
        self.line(format!("    {making}"));
        self.line(format!("    append {list} t"));
        self.line("del t".into());
        Ok(())
    }

    fn shrink(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let containers = |kind| matches!(kind, Kind::List(_) | Kind::Dict | Kind::Set);
        let Some(name) = self.known(u, containers)? else { return Ok(()) };
        let (kind, number) = (self.names[&name], u.int_in_range(0..=3)?);
        let line = match (kind, number) {
            (Kind::List(length), 0 | 1) if length > 0 => {
                self.names.insert(name.clone(), Kind::List(length - 1));
                if number == 0 { format!("pop {name}") } else { format!("pop {name} 0") }
            }
            (Kind::List(length), 2) => {
                self.names.insert(name.clone(), Kind::List(length.min(1)));
                format!("cut {name} 1 3")
            }
            (kind, _) => {
                if matches!(kind, Kind::List(_)) {
                    self.names.insert(name.clone(), Kind::List(0));
                }
                self.places.retain(|place| !place.starts_with(&format!("{name}[")));
                format!("clear {name}")
            }
        };
        self.line(line);
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
        self.line(if u.ratio(2, 3)? { "freeze" } else { "unfreeze" }.into());
        Ok(())
    }

    fn order(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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
