//! Integers: what CPython 3.11.7 computes (`types/numbers.py`, its output beside it), small ones, and equality with
//! floats.

use kit::graph::Obj;
use rstest::rstest;
use runtime::objects::Objects;
use runtime::objects::number::Number;

#[path = "types/support.rs"]
mod support;

use support::{Numbers, World, objects};

fn int(objects: &Objects<World>, text: &str) -> Obj {
    objects.new_int_of(&text.parse().unwrap()).unwrap()
}

#[test]
fn large_numbers_are_cpythons() {
    let objects = objects();
    let mut lines = 0;
    for line in include_str!("types/numbers.out").lines() {
        let told: Vec<&str> = line.split(' ').collect();
        let (a, b) = (int(&objects, told[0]), int(&objects, told[1]));
        let (sum, difference) = (objects.int_add(a, b).unwrap(), objects.int_sub(a, b).unwrap());
        let product = objects.int_mul(a, b).unwrap();
        let text = |o| objects.int_number(o).to_string();
        assert_eq!([text(sum), text(difference), text(product)], told[2..5], "{line}");
        assert_eq!(objects.hash(product).unwrap().to_string(), told[5], "{line}");
        assert_eq!(objects.getsizeof(product).to_string(), told[6], "{line}");
        assert_eq!(if objects.int_cmp(a, b).is_lt() { "True" } else { "False" }, told[7], "{line}");
        assert_eq!(if objects.equal(a, b).unwrap() { "True" } else { "False" }, told[8], "{line}");
        [a, b, sum, difference, product].into_iter().for_each(|o| objects.decref(o));
        lines += 1;
    }
    assert_eq!(lines, 81);
    assert_eq!(objects.heap().allocated_blocks(), 0);
}

#[test]
fn numbers_are_those_of_the_host() {
    let mut numbers = Numbers(3);
    let mut draw = || {
        let high = numbers.below(1 << 31) as i128;
        let value = high << 31 | numbers.below(1 << 31) as i128;
        (value >> numbers.below(62)) * if numbers.below(2) == 0 { 1 } else { -1 }
    };
    for _ in 0..20_000 {
        let (a, b) = (draw(), draw());
        let (x, y) = (Number::from(a), Number::from(b));
        assert_eq!([x.add(&y), x.add(&y.neg()), x.mul(&y)], [a + b, a - b, a * b].map(Number::from), "{a} {b}");
        assert_eq!(x.cmp(&y), a.cmp(&b), "{a} {b}");
        assert_eq!(x.to_string(), a.to_string());
        assert_eq!(a.to_string().parse(), Ok(x));
    }
}

#[test]
fn small_integers_are_made_once() {
    let objects = objects();
    for value in -5..=256 {
        assert_eq!(objects.new_int(value), objects.new_int(value));
        let computed = objects.new_int_of(&Number::from(i128::from(value)));
        assert_eq!(computed, objects.new_int(value));
    }
    for value in [-6, 257, i64::MIN, i64::MAX] {
        let (one, two) = (objects.new_int(value).unwrap(), objects.new_int(value).unwrap());
        assert!(one != two && objects.equal(one, two).unwrap());
        assert_eq!(objects.int_value(one), Some(value));
    }
}

#[rstest]
#[case(1, 1.0, true)]
#[case(0, -0.0, true)]
#[case(-3, -3.0, true)]
#[case(1, 1.5, false)]
#[case(1 << 53, 9007199254740992.0, true)]
#[case((1 << 53) + 1, 9007199254740992.0, false)]
#[case(1 << 90, 1237940039285380274899124224.0, true)]
#[case(-(1 << 90), 1237940039285380274899124224.0, false)]
#[case(1 << 90, f64::INFINITY, false)]
#[case(0, f64::NAN, false)]
fn an_int_and_a_float(#[case] value: i128, #[case] float: f64, #[case] equal: bool) {
    let objects = objects();
    let int = objects.new_int_of(&Number::from(value)).unwrap();
    let float = objects.new_float(float).unwrap();
    assert_eq!(objects.equal(int, float), Ok(equal));
    assert_eq!(objects.equal(float, int), Ok(equal));
    if equal {
        assert_eq!(objects.hash(int), objects.hash(float));
    }
}

#[rstest]
#[case("")]
#[case("-")]
#[case("1_000")]
#[case("0x10")]
#[case("- 1")]
fn no_number(#[case] text: &str) {
    assert!(text.parse::<Number>().is_err());
}
