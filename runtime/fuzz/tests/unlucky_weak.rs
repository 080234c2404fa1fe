//! No request that is refused may leak a weak reference, or leave a weak container half done.

use fuzz::unlucky::{Unlucky, is_to_come, refuse_after};
use kit::checked::CheckedMemory;
use kit::geometry::Modern;
use kit::graph::Obj;
use kit::observe::Silent;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::machine::Profile;
use runtime::weak::iteration::What;

type World = Unlucky<CheckedMemory, Modern>;

fn objects() -> Objects<World> {
    let heap = Heap::new(CheckedMemory::default(), Silent, World::reference()).unwrap();
    Objects::new(heap, Profile::V3_11).unwrap()
}

/// Memory that was refused is an exception here: dropped.
fn drop_error<T>(objects: &Objects<World>, outcome: Result<T, Obj>) -> Option<T> {
    outcome.map_err(|exception| objects.decref(exception)).ok()
}

/// A program, and whatever it holds: dropped at its end, however that comes.
struct Run<'a> {
    objects: &'a Objects<World>,
    held: Vec<Obj>,
}

impl Run<'_> {
    fn hold(&mut self, made: Option<Obj>) -> Option<Obj> {
        self.held.extend(made);
        made
    }

    fn native(&mut self) -> Option<Obj> {
        let native = self.objects.new_native(None, |objects: &Objects<World>, _: &[Obj]| {
            let list = objects.new_list().ok_or_else(|| objects.memory_error())?; // it allocates, too
            Ok(list)
        });
        self.hold(native)
    }

    /// Lists of each sort, callbacks that run when their targets die.
    fn references(&mut self) -> Option<()> {
        let o = self.objects;
        let callback = self.native()?;
        for _ in 0..3 {
            let target = o.new_set()?;
            for sort in 0..5 {
                let with = (sort > 1).then(|| o.new_ref(callback));
                let made = if sort % 2 == 0 { o.new_weakref(target, with) } else { o.new_proxy(target, false, with) };
                if self.hold(made).is_none() {
                    o.decref(target);
                    return None;
                }
            }
            let all = o.getweakrefs(target);
            self.hold(all);
            o.decref(target);
        }
        Some(())
    }

    fn containers(&mut self) -> Option<()> {
        let o = self.objects;
        let (values, keys, set) = (o.new_weak_values(), o.new_weak_keys(), o.new_weak_set());
        let all = [self.hold(values), self.hold(keys), self.hold(set)];
        let [Some(values), Some(keys), Some(set)] = all else { return None };
        for number in 0..6 {
            let target = self.native()?;
            let key = o.new_int(1000 + number);
            let key = self.hold(key)?;
            drop_error(o, o.weak_values_set(values, key, target))?;
            drop_error(o, o.weak_keys_set(keys, target, key))?;
            drop_error(o, o.weak_set_add(set, target))?;
        }
        let it = o.weak_iter(set, What::Items);
        let it = self.hold(it)?;
        let given = drop_error(o, o.weak_next(it))?;
        self.held.extend(given);
        let gone = self.held.iter().position(|o_| o.supports_weakrefs(*o_) && o.weakref_count(*o_) > 2)?;
        o.decref(self.held.swap_remove(gone)); // put off, which needs memory
        Some(())
    }

    fn others(&mut self) -> Option<()> {
        let o = self.objects;
        let (function, target) = (self.native()?, self.native()?);
        let method = o.new_method(o.new_ref(function), o.new_ref(target));
        let method = self.hold(method)?;
        let weak = drop_error(o, o.new_weak_method(method, Some(function)));
        self.hold(weak)?;
        let nothing = o.new_tuple(&[])?;
        let f = drop_error(o, o.new_finalize(target, function, nothing));
        o.decref(nothing);
        self.hold(f)?;
        Some(())
    }
}

fn program(objects: &Objects<World>) -> Option<()> {
    let mut run = Run { objects, held: vec![] };
    let done = run.references().and_then(|()| run.containers()).and_then(|()| run.others());
    run.held.drain(..).for_each(|o| objects.decref(o));
    done
}

#[test]
fn every_refusal_leaves_everything_whole() {
    let mut refusals = 0;
    loop {
        let objects = objects();
        // Callbacks that find no memory are reported: to nobody.
        objects.host().set_reporter(std::sync::Arc::new(|_, _| {}));
        program(&objects).expect("all is served");
        objects.collect(2);
        objects.clear_free_lists();
        let before = objects.heap().allocated_blocks();
        objects.set_threshold(0, 7);
        refuse_after(Some(refusals));
        let done = program(&objects);
        let served_all = is_to_come();
        refuse_after(None);
        assert_eq!(objects.validate(), Ok(()), "after refusal {refusals}");
        assert!(done.is_some() || !served_all, "a program that was served everything ends");
        objects.collect(2);
        objects.clear_free_lists();
        assert_eq!(objects.heap().allocated_blocks(), before, "refusal {refusals} leaks");
        if served_all {
            break;
        }
        refusals += 1;
    }
    assert!(refusals > 60, "only {refusals} requests were made");
}
