//! Handles of the builtin types: counts are right whatever happens, and nothing is left.

use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::machine::Heap;
use runtime::objects::machine::Profile;
use runtime::objects::token::{Interpreter, Trouble};

type World = Fast<Modern>;

fn interpreter() -> Interpreter<World> {
    // SAFETY: the reference's parts stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, <World as Config>::reference()).unwrap();
    Interpreter::new(heap, Profile::V3_11).unwrap()
}

#[test]
fn what_goes_in_comes_out() {
    let python = interpreter();
    python.with_gil(|gil| {
        let dict = gil.dict().unwrap();
        for n in 0..100 {
            dict.put(gil.str(&format!("key {n}")).unwrap(), gil.int(n * 1000).unwrap()).unwrap();
        }
        let key = gil.str("key 42").unwrap();
        let value = dict.at(&key).unwrap().unwrap();
        assert_eq!((value.to_i64(), value.getrefcount()), (Some(42_000), 3));
        drop(value);
        assert_eq!(dict.take(&key).unwrap().unwrap().getrefcount(), 2);
        assert!(dict.at(&key).unwrap().is_none());
        let set = gil.set().unwrap();
        let pair = || gil.tuple(vec![gil.float(1.0).unwrap(), gil.bytes(b"two").unwrap()]).unwrap();
        assert!(set.add(pair()).unwrap() && !set.add(pair()).unwrap() && set.contains(&pair()).unwrap());
        assert_eq!(pair().hash().unwrap(), pair().hash().unwrap());
        assert!(gil.bool(true).equals(&gil.int(1).unwrap()).unwrap());
        assert_eq!(gil.name("name").unwrap().to_text(), "name");
    });
}

/// What refused has dropped what it was given.
#[test]
fn a_refusal_keeps_nothing() {
    let python = interpreter();
    python.with_gil(|gil| {
        let (dict, list) = (gil.dict().unwrap(), gil.list().unwrap());
        assert!(matches!(dict.put(list.clone(), gil.none()), Err(Trouble::Unhashable)));
        assert!(matches!(gil.set().unwrap().add(list.clone()), Err(Trouble::Unhashable)));
        assert_eq!(list.getrefcount(), 2);
    });
    python.with_gil(|gil| {
        gil.objects().collect(2);
        assert_eq!(gil.objects().heap().allocated_blocks(), 0);
    });
}

#[test]
#[should_panic(expected = "a handle of a List is asked for what only a Dict has")]
fn a_list_is_no_dict() {
    let python = interpreter();
    python.with_gil(|gil| drop(gil.list().unwrap().put(gil.none(), gil.none())));
}
