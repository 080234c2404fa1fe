"""Five containers: what `sys.getsizeof` says, what a walk through everything below them adds up, and what the
memory really grew by when they were made.

The walk follows `gc.get_referents` from the container and counts each object once; it stops at classes, modules and
functions. The growth is `tracemalloc`'s.
"""
import gc
import sys
import tracemalloc
import types

from look import VERSION

STOP = type, types.ModuleType, types.FunctionType


def deep(root):
    """The sizes of everything that can be reached, each object once."""
    seen, todo, total = {id(root)}, [root], 0
    while todo:
        thing = todo.pop()
        total += sys.getsizeof(thing)
        for other in gc.get_referents(thing):
            if id(other) not in seen and not isinstance(other, STOP):
                seen.add(id(other))
                todo.append(other)
    return total


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


WORD = "a word of forty letters, or nearly so ......"[:40]
MAKE = [
    ("1000 different strings of 40", lambda: [WORD[:-3] + "%03d" % i for i in range(1000)]),
    ("1000 times the same string", lambda: [WORD for i in range(1000)]),
    ("1000 small ints", lambda: [i % 100 for i in range(1000)]),
    ("1000 floats", lambda: [i + 0.5 for i in range(1000)]),
    ("1000 instances with x, y", lambda: [Point(i + 0.5, i + 0.25) for i in range(1000)]),
]

print("%s%s getsizeof      deep     grown" % (VERSION, " " * (33 - len(VERSION))))
for name, make in MAKE:
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    thing = make()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    print("  %-30s %10d %9d %9d" % (name, sys.getsizeof(thing), deep(thing), grown))
