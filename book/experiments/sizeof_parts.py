"""What `sys.getsizeof` says, and what was really asked for.

`own` is what the object's `__sizeof__` says, `+` what getsizeof adds for the words in front of the object. The third
column is the sum of the requests, from the allocator: tracemalloc's traces of the blocks that are there afterwards
and were not before.
"""
import gc
import sys
import tracemalloc

from look import VERSION


class Plain:
    def __init__(self):
        self.x = self.y = None


class Slots:
    __slots__ = ("x", "y")


def looked_at(thing):
    vars(thing)
    return thing


WORD = "word"
MAKE = [
    ("int 1000", lambda: int("1000")),
    ("float", lambda: float("1.5")),
    ("str of 10, ASCII", lambda: WORD * 2 + "ab"),
    ("str of 10, Latin-1", lambda: WORD * 2 + "a\xe9"),
    ("str of 10, with a euro", lambda: WORD * 2 + "a\u20ac"),
    ("bytes of 10", lambda: bytes([0] * 10)),
    ("tuple of 3", lambda: tuple(iter([None] * 3))),
    ("list of 3, built at once", lambda: [None] * 3),
    ("list of 3, appended", lambda: [None for _ in range(3)]),
    ("{}", lambda: {}),
    ("dict of 1, key a str", lambda: {"a": None}),
    ("dict of 1, key an int", lambda: {1: None}),
    ("set of 3", lambda: {1, 2, 3}),
    ("instance with x, y", Plain),
    ("the same, vars() asked", lambda: looked_at(Plain())),
    ("the same with slots", Slots),
    ("object()", object),
]


def requests(make):
    """The sizes of the blocks that making one thing leaves behind. Nothing may come from a free list: `keep`."""
    gc.collect()
    keep = [make() for _ in range(200)]
    tracemalloc.start()
    thing = make()
    snapshot = tracemalloc.take_snapshot()
    tracemalloc.stop()
    assert keep
    here = [t.size for t in snapshot.traces if t.traceback[0].filename == __file__]
    return thing, sorted(here)


requests(object)  # the first time, frames are made as well
print("%s%s   own    +  getsizeof   requests" % (VERSION, " " * (28 - len(VERSION))))
for name, make in MAKE:
    thing, sizes = requests(make)
    own = thing.__sizeof__()
    print("  %-26s %5d  %3d  %9d   %s" % (name, own, sys.getsizeof(thing) - own, sys.getsizeof(thing),
                                          " + ".join(str(size) for size in sizes)))
