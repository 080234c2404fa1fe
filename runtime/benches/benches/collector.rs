//! Nanoseconds for a collection, of every collector of this program: what `collect` tells, in criterion's manner.
//!
//! All run in one process and one after the other here, without an interpreter, which is handy while the collector is
//! being worked on. For ratios that hold, ask `collect`: it runs them in turn and apart.

use benches::collect::shapes::{Collector, Shape};
use benches::collect::{self, Contender, Job};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::time::Duration;

/// So few that nobody overflows this process' stack.
const OBJECTS: usize = 10_000;

struct Bench<'a, 'b> {
    name: &'a str,
    shape: Shape,
    group: &'a mut BenchmarkGroup<'b, WallTime>,
}

impl Job for Bench<'_, '_> {
    type Result = ();
    fn run<C: Collector>(self, collector: &C) {
        let once = || {
            let held = self.shape.build(collector, OBJECTS, false);
            let (time, _, held) = self.shape.collect(collector, held);
            collector.tear_down(held);
            time
        };
        self.group.bench_function(self.name, |bench| bench.iter_custom(|count| (0..count).map(|_| once()).sum()));
    }
}

fn collector(criterion: &mut Criterion) {
    for shape in Shape::USUAL {
        let mut group = criterion.benchmark_group(shape.name());
        let objects = shape.counted(OBJECTS) as u64;
        group.sample_size(20).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(objects));
        group.measurement_time(Duration::from_secs(2));
        for contender in Contender::all(&[]) {
            let name = format!("{} {}", contender.name, contender.kind.name());
            collect::enter(&name, Bench { name: &name, shape, group: &mut group });
        }
        group.finish();
    }
}

criterion_group!(benches, collector);
criterion_main!(benches);
