//! Steps that make objects and change them.

use super::draft::{Draft, Kind};
use arbitrary::{Result, Unstructured};

const KEYS: &[&str] = &["'k'", "'j'", "1"];

impl Draft {
    pub(super) fn sequence(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn append(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn mapping(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn set(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let object = self.known(u, |kind| matches!(kind, Kind::Instance { .. } | Kind::Function))?;
        let numbers = if u.ratio(1, 2)? { " 1 2" } else { "" };
        let verb = if u.ratio(1, 3)? { "frozenset" } else { "set" };
        let text = format!("{verb}{numbers} {}", object.unwrap_or_default());
        let kind = if verb == "set" { Kind::Set } else { Kind::Any };
        self.make(u, text.trim_end(), kind)
    }

    pub(super) fn closure(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn call(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn generator(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn exception(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let values = self.values(u, 2)?.join(" ");
        self.make(u, format!("exception ValueError {values}").trim_end(), Kind::Exception)
    }

    pub(super) fn module(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.make(u, "module m", Kind::Module)
    }

    pub(super) fn atom(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let text = *u.choose(&["int 5", "int 1234567890123456789", "float 0.5", "str 'abcdef'", "bytes 'abc'"])?;
        self.make(u, text, Kind::Any)
    }

    pub(super) fn weak_ref(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn proxy(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(to) = self.known(u, |kind| kind == Kind::Instance { weak: true })? else { return Ok(()) };
        let callback = if u.ratio(1, 3)? { " cb" } else { "" };
        self.make(u, &format!("proxy {to}{callback}"), Kind::Proxy)
    }

    pub(super) fn repeat(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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

    pub(super) fn shrink(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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
}
