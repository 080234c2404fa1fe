//! Nanoseconds for a whole pattern, of every contender: what `race` tells, in criterion's manner.
//!
//! All run in one process and one after the other here, which is handy while one of them is being worked on. For
//! ratios that hold, ask `race`: it runs them in turn and apart.

use benches::contender::{self, Contender, Job};
use benches::patterns;
use benches::program::{Program, replay};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

struct Bench<'a, 'b> {
    name: &'static str,
    program: &'a Program,
    group: &'a mut BenchmarkGroup<'b, WallTime>,
}

impl Job for Bench<'_, '_> {
    type Result = ();
    fn run<C: Contender>(self, contender: &C) {
        let mut table = self.program.table();
        self.group.bench_function(self.name, |bench| bench.iter(|| replay(contender, self.program, &mut table)));
    }
}

fn heap(criterion: &mut Criterion) {
    for pattern in patterns::NAMES {
        let program = patterns::named(pattern).expect("it is one of the names");
        let mut group = criterion.benchmark_group(pattern);
        group.sample_size(20).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(program.pairs()));
        for name in contender::present() {
            contender::enter(name, Bench { name, program: &program, group: &mut group });
        }
        group.finish();
    }
}

criterion_group!(benches, heap);
criterion_main!(benches);
