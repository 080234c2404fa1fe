"""How many requests is an object, and how large are they?

`tracemalloc` notes every block with its size. Each kind of object is made a hundred times, alone on its line, and
the sizes that occur a hundred times are printed, with those that are too large for a pool marked by a `*`. They
are the blocks that live on; what is needed only while the object is made is not among them.
"""
import collections
import sys
import tracemalloc

from look import VERSION


class Plain:
    def __init__(self):
        self.x = self.y = None


LENGTH = 1000
KINDS = [
    ("'x' * 1000", lambda: "x" * LENGTH),
    ("bytes(1000)", lambda: bytes(1000)),
    ("10 ** 1000", lambda: int("1" + "0" * 1000)),
    ("tuple of 100", lambda: tuple([None] * 100)),
    ("list of 3", lambda: [None] * 3),
    ("list of 100", lambda: [None] * 100),
    ("dict of 5", lambda: dict.fromkeys(range(5))),
    ("dict of 100", lambda: dict.fromkeys(range(100))),
    ("set of 4", lambda: set(range(4))),
    ("set of 100", lambda: set(range(100))),
    ("bytearray(1000)", lambda: bytearray(1000)),
    ("an instance, x and y", Plain),
]

print("%-22s requests; * is more than 512 bytes" % VERSION)
spare = []
for name, make in KINDS:
    kept = [None] * 100
    spare.append([[[] for _ in range(200)], [{} for _ in range(200)]])  # uses up what Python keeps ready for reuse
    tracemalloc.start()
    for i in range(100):
        kept[i] = make()
    sizes = collections.Counter(trace.size for trace in tracemalloc.take_snapshot().traces)
    tracemalloc.stop()
    requests = [size for size, times in sorted(sizes.items()) for _ in range(round(times / 100))]
    print("  %-20s %s" % (name, " + ".join("%d%s" % (size, "*" * (size > 512)) for size in requests)))
