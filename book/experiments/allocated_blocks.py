"""What does `sys.getallocatedblocks()` count?

Says by how much it rises while something is made, per piece, over a thousand pieces (a hundred floats). A list
keeps them; it is there before the counting begins.
"""
import ctypes
import sys
from itertools import repeat

from look import VERSION, function

raw = function("PyMem_RawMalloc", ctypes.c_void_p, ctypes.c_size_t)
mem = function("PyMem_Malloc", ctypes.c_void_p, ctypes.c_size_t)
count = sys.getallocatedblocks


class Slots:
    __slots__ = "x", "y"


ROWS = [
    ("object()", lambda i: object()),
    ("bytes(10000), one request", lambda i: bytes(10000)),
    ("[None] * 10000, two requests", lambda i: [None] * 10000),
    ("a small int, 0 to 99", lambda i: i % 100),
    ("a large int, from 10**6 on", lambda i: 10**6 + i),
    ("instance with __slots__", lambda i: Slots()),
    ("PyMem_Malloc(100)", lambda i: mem(100)),
    ("PyMem_RawMalloc(100)", lambda i: raw(100)),
]

print(VERSION)
spare = []
for name, make in ROWS:
    kept = [None] * 1000
    spare.extend([] for _ in range(200))  # uses up the lists that Python keeps ready for reuse
    before = count()
    for i in range(1000):
        kept[i] = make(i)
    rise = (count() - before) / 1000
    if "Malloc" in name:
        rise -= 1  # the address that ctypes returns is a large int of its own
    print("  %-30s %4.1f" % (name, abs(rise)))



def change(many):
    before = count()
    for _ in repeat(None, many):
        floats.pop()
    return count() - before


floats = [float(i) + 0.5 for i in range(1000)]
nothing = change(0)  # the first answer is an int, and so a block, itself
for many in 100, 900:
    print("  %-30s %+d" % ("%d floats dropped" % many, change(many) - nothing))
