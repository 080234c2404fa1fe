//! # Driving `size-classes`
//!
//! ```text
//! use size-classes modern 16      geometry and alignment
//! classes                         how many there are
//! class 1 16 17                   the class of each request
//! size 0..3                       the block size of each class
//! fit 0 31                        blocks in a pool of each class, and bytes lost
//! round 1..512                    each request to its class and back: does the block hold it?
//! ruler                           every class, from the smallest request to the largest
//! ```

use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use crate::config::{Config, Parts};
use kit::geometry::Geometry;
use kit::observe::Recorder;
use kit::picture::{ClassPicture, Picture};
use kit::size_classes::{Alignment, ClassIndex, SMALL_REQUEST_THRESHOLD, SizeClasses};

struct Ruler<C: Config> {
    part: &'static C::SizeClasses,
    align: Alignment,
    recorder: Recorder,
}

pub(in super::super) fn drive<C: Config>(
    scenario: &Scenario,
    parts: Parts<C>,
    align: Alignment,
    recorder: &Recorder,
) -> Result<(), Stop> {
    let ruler = Ruler::<C> { part: parts.size_classes, align, recorder: recorder.clone() };
    recorder.op(scenario.setup.line, scenario.setup.text());
    for op in &scenario.ops {
        let of_each: fn(&Ruler<C>, u64) = match op.verb.as_str() {
            "class" => Ruler::class,
            "size" => Ruler::size,
            "fit" => Ruler::fit,
            _ => {
                ruler.of_all(op)?;
                continue;
            }
        };
        for number in numbers(op)? {
            let classes = SMALL_REQUEST_THRESHOLD / u64::from(align.bytes());
            if op.verb != "class" && number >= classes {
                op.bad(format!("there is no class {number}: they are numbered from 0 to {}", classes - 1))?;
            }
            recorder.op(op.line, format!("{} {number}", op.verb));
            of_each(&ruler, number);
        }
    }
    Ok(())
}

/// `round 1..512` as it was written: five hundred numbers help nobody.
fn short(op: &Op) -> String {
    match op.args.as_slice() {
        [first, .., last] if op.args.len() > 12 => format!("{} {first} ... {last}", op.verb),
        _ => op.text(),
    }
}

fn numbers(op: &Op) -> Result<Vec<u64>, Stop> {
    op.args.iter().map(|word| Ok(op.number(word)?)).collect()
}

impl<C: Config> Ruler<C> {
    /// An operation that is one record, whatever its arguments.
    fn of_all(&self, op: &Op) -> Result<(), Stop> {
        self.recorder.op(op.line, short(op));
        match op.verb.as_str() {
            "classes" => self.recorder.fact(format!("{} classes", self.part.class_count(self.align))),
            "round" => self.round(&numbers(op)?)?,
            "ruler" => self.all()?,
            _ => {
                return unknown(
                    op,
                    "size-classes",
                    "`classes`, `class BYTES`, `size CLASS`, `fit CLASS`, `round BYTES`, `ruler`",
                );
            }
        }
        Ok(())
    }

    fn class(&self, bytes: u64) {
        let fact = match self.part.class_of(bytes, self.align) {
            Some(class) => format!("class {}", class.0),
            None => "none: the raw domain serves it".into(),
        };
        self.recorder.fact(fact);
    }

    fn size(&self, class: u64) {
        let size = self.part.block_size(ClassIndex(class as u32), self.align);
        self.recorder.fact(format!("{size} bytes"));
    }

    fn fit(&self, class: u64) {
        let (class, pool) = (ClassIndex(class as u32), C::Geometry::POOL);
        let blocks = self.part.blocks_per_pool(class, self.align, pool);
        let lost = self.part.lost_in_pool(class, self.align, pool);
        self.recorder.fact(format!("{blocks} blocks in a pool of {pool}, {lost} bytes lost"));
    }

    /// I1: a block is at least as large as its request, and less than one alignment larger.
    fn round(&self, requests: &[u64]) -> Result<(), Stop> {
        let (mut served, mut padding) = (0u64, 0u64);
        for &bytes in requests {
            let Some(class) = self.part.class_of(bytes, self.align) else { continue };
            let block = u64::from(self.part.block_size(class, self.align));
            if block < bytes || block - bytes >= u64::from(self.align.bytes()) {
                return Err(Stop::Broken(format!("broken: a request of {bytes} bytes gets a block of {block} (I1)")));
            }
            served += 1;
            padding += block - bytes;
        }
        let beside = requests.len() as u64 - served;
        self.recorder.fact(format!("{served} served by pools, {beside} not; {padding} bytes of padding in all"));
        Ok(())
    }

    /// I3: no gap, ascending, the last one 512.
    fn all(&self) -> Result<(), Stop> {
        let mut from = 1;
        while from <= SMALL_REQUEST_THRESHOLD {
            let Some(class) = self.part.class_of(from, self.align) else {
                return Err(Stop::Broken(format!("broken: a request of {from} bytes has no class (I2)")));
            };
            let same = |bytes: u64| self.part.class_of(bytes, self.align) == Some(class);
            let to = (from..=SMALL_REQUEST_THRESHOLD).take_while(|bytes| same(*bytes)).last().unwrap_or(from);
            let pool = C::Geometry::POOL;
            let picture = ClassPicture {
                class: class.0,
                block_size: self.part.block_size(class, self.align),
                from,
                to,
                blocks: self.part.blocks_per_pool(class, self.align, pool),
                lost: self.part.lost_in_pool(class, self.align, pool),
            };
            self.recorder.shown(Picture::Class(picture));
            from = to + 1;
        }
        Ok(())
    }
}
