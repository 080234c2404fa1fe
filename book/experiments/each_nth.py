"""A million objects are made, and all but some are dropped. What goes back to the system?

Each case in a process of its own. An object is `bytes(95)`, a request for 128 bytes. Printed are the arenas that
the million took, how many are left when the rest is dropped, and the resident memory (in MiB, above the start).
The list that holds the objects is made before.
"""
import subprocess
import sys

from look import ARENA, MIB, VERSION, arenas, resident

COUNT = 1000000
CASES = [
    ("none", lambda kept: []),
    ("every 100,000th", lambda kept: kept[::100000]),
    ("every 10,000th", lambda kept: kept[::10000]),
    ("every 1,000th", lambda kept: kept[::1000]),
    ("every 100th", lambda kept: kept[::100]),
    ("the first 10,000", lambda kept: kept[:10000]),
]


def child(choose):
    kept = [None] * COUNT
    start, there = arenas(), resident()
    for i in range(COUNT):
        kept[i] = bytes(95)
    full, high = arenas(), resident()
    rest = choose(kept)
    for i in range(COUNT):
        kept[i] = None
    print(len(rest), full - start, arenas() - start, round((high - there) / MIB), round((resident() - there) / MIB))


def parent():
    print("%s, arenas of %d KiB" % (VERSION, ARENA >> 10))
    print("                               arenas           resident MiB")
    print("kept              objects   before   after     before   after")
    for case, (name, _) in enumerate(CASES):
        found = subprocess.check_output([sys.executable, __file__, str(case)]).decode().split()
        print("%-16s %8s %8s %7s %10s %7s" % (name, *found))


child(CASES[int(sys.argv[1])][1]) if len(sys.argv) > 1 else parent()
