"""A large temporary, and how long it lives: the peak in MB, by tracemalloc.

`load` makes a `bytes` of 10 MB, each step makes another one from it: 20 MB are the least, one to read and one to write.
"""
import tracemalloc

from look import VERSION

SIZE = 10000000


def load():
    return bytes(SIZE)


def step(data):
    return data.swapcase()


def step_that_lets_go(data):
    other = data.swapcase()
    del data
    return other.swapcase()


def names_for_all():
    raw = load()
    clean = step(raw)
    ready = step(clean)
    return step(ready)


def one_name():
    data = load()
    data = step(data)
    data = step(data)
    return step(data)


def nested_calls():
    return step(step(step(load())))


def deleted_in_between():
    raw = load()
    clean = step(raw)
    del raw
    ready = step(clean)
    del clean
    return step(ready)


def name_and_a_second_step():
    raw = load()
    return step_that_lets_go(raw)


def no_name_and_a_second_step():
    return step_that_lets_go(load())


def loop_keeps_the_last():
    for _ in range(3):
        data = load()
    return data


def loop_drops_it_first():
    data = None
    for _ in range(3):
        data = None
        data = load()
    return data


CASES = [names_for_all, one_name, nested_calls, deleted_in_between, name_and_a_second_step, no_name_and_a_second_step,
         loop_keeps_the_last, loop_drops_it_first]

print("%-30s peak, MB" % VERSION)
for case in CASES:
    tracemalloc.start()
    case()
    print("  %-28s %8.0f" % (case.__name__.replace("_", " "), tracemalloc.get_traced_memory()[1] / 1e6))
    tracemalloc.stop()
