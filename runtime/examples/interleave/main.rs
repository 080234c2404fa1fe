fn main() {
    let f = std::env::args().nth(1).unwrap();
    let t = std::fs::read_to_string(f).unwrap();
    let t = runtime::lab::world::recorded::without_facts(&t);
    let p = runtime::lab::world::language::Program::parse(&t).unwrap();
    for l in runtime::lab::world::facts(&p) {
        println!("{l}");
    }
}
