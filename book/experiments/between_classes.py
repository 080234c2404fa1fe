"""Can a hole of one size class serve another?

Fills arenas with a million blocks of 128 bytes, drops all but one in each pool, and then asks for as many bytes
again: in the same class, in the next class, and in the same class after the kept ones were dropped as well.
Resident memory and arenas, above the start.
"""
import subprocess
import sys

from look import MIB, VERSION, arenas, resident

COUNT = 1000000
POOL = 16384 if sys.version_info >= (3, 10) else 4096


def child(case):
    kept, more = [None] * COUNT, [None] * COUNT
    start, there = arenas(), resident()
    for i in range(COUNT):
        kept[i] = bytes(95)
    full = arenas() - start
    seen = set()
    for i in range(COUNT):
        pool = id(kept[i]) // POOL
        if pool in seen:
            kept[i] = None
        seen.add(pool)
    left = arenas() - start
    if case == "next, nothing kept":
        kept[:] = [None] * COUNT
    size, count = (95, COUNT) if case == "same" else (111, COUNT * 128 // 144)
    for i in range(count):
        more[i] = bytes(size)
    end = arenas() - start, round((resident() - there) / MIB)
    print("%-22s %6d %12d %14d %13d" % (case, full, left, *end), flush=True)


def parent():
    print("%-22s            arenas                         resident" % VERSION)
    print("class asked for        before   one a pool   128 MB asked   MiB, at end")
    for case in "same", "next", "next, nothing kept":
        subprocess.check_call([sys.executable, __file__, case])


child(sys.argv[1]) if len(sys.argv) > 1 else parent()
