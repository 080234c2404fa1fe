"""How many objects does each free list keep? Seen from Python, by counting blocks.

3000 objects are made and dropped. If each had its block back at once, 3000 blocks would go; those that a free list
keeps do not. Then `gc.collect()`, which empties free lists. `sys.getallocatedblocks` counts.
"""
import array
import gc
import sys

from look import VERSION

COUNT = 3000


class MyList(list):
    __slots__ = ()


class Thing:
    def method(self):
        pass


thing = Thing()
KINDS = [
    ("float", float.fromhex, "0x1.8p0"),
    ("int", int, "1000000"),
    ("str", "x{}".format, "y"),
    ("list", lambda _: [], None),
    ("subclass of list", lambda _: MyList(), None),
    ("{}", lambda _: {}, None),
    ("dict of 1", lambda _: {"a": 1}, None),
    ("tuple of 3", tuple, [1, 2, 3]),
    ("tuple of 20", tuple, list(range(20))),
    ("tuple of 21", tuple, list(range(21))),
    ("set", set, ()),
    ("bound method", lambda _: thing.method, None),
    ("instance", lambda _: Thing(), None),
]


def parked(make, argument):
    """Blocks when made, still there when dropped, and given back by a collection. No int is alive while counting."""
    counts = array.array("q", [0, 0, 0, 0])
    keep = [None] * COUNT
    gc.collect()
    counts[0] = sys.getallocatedblocks()
    for i in range(COUNT):
        keep[i] = make(argument)
    i = None
    counts[1] = sys.getallocatedblocks()
    for i in range(COUNT):
        keep[i] = None
    i = None
    counts[2] = sys.getallocatedblocks()
    gc.collect()
    counts[3] = sys.getallocatedblocks()
    return counts[1] - counts[0], counts[2] - counts[0], counts[2] - counts[3]


gc.disable()
parked(lambda _: [(), {"a": 1}, 1.5 * COUNT], None)  # the first time, more is made
print("%-14s       blocks made   still there   a collection gives back" % VERSION)
for name, make, argument in KINDS:
    made, there, back = parked(make, argument)
    print("  %-20s %9d     %9d      %9d" % (name, made, there, back))
