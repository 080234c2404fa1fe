"""A million whole numbers from 0 on, in nine containers: bytes for each, numbers included, by tracemalloc."""
import array
import tracemalloc

from look import VERSION

COUNT = 1000000


def appended(make):
    kept = make()
    for number in range(COUNT):
        kept.append(number)
    return kept


CONTAINERS = [
    ("range", lambda: range(COUNT)),
    ("list", lambda: list(range(COUNT))),
    ("tuple", lambda: tuple(range(COUNT))),
    ("set", lambda: set(range(COUNT))),
    ("dict, the numbers as keys", lambda: dict.fromkeys(range(COUNT))),
    ("list of str", lambda: [str(number) for number in range(COUNT)]),
    ("array('q'), 64 bits", lambda: appended(lambda: array.array("q"))),
    ("array('i'), 32 bits", lambda: appended(lambda: array.array("i"))),
    ("bytearray, number % 256", lambda: bytearray(number % 256 for number in range(COUNT))),
]

print("%-28s bytes a number" % VERSION)
for name, make in CONTAINERS:
    tracemalloc.start()
    kept = make()
    print("  %-26s %12.1f" % (name, tracemalloc.get_traced_memory()[0] / COUNT))
    tracemalloc.stop()
    del kept
