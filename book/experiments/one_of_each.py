"""100,000 values that were read, few of them different: what does it save to keep one object of each?

Bytes for each value, with the list that holds them, by tracemalloc; the table that finds the one is counted, too.
"""
import sys
import tracemalloc

from look import VERSION

COUNT = 100000


def towns(different):
    """As they come from a file: each is a string of its own."""
    return ("town number %d" % (number % different) for number in range(COUNT))


def pairs(different):
    return ((number % different, "town number %d" % (number % different)) for number in range(COUNT))


def as_read(values):
    return list(values)


def interned(values):
    return [sys.intern(value) for value in values]


def own_table(values):
    table = {}
    return [table.setdefault(value, value) for value in values], table


CASES = [
    ("50 different strings", lambda: towns(50), [as_read, interned, own_table]),
    ("all strings different", lambda: towns(COUNT), [as_read, interned, own_table]),
    ("50 different tuples", lambda: pairs(50), [as_read, own_table]),
]

print("%-36s bytes a value" % VERSION)
for name, values, ways in CASES:
    for way in ways:
        tracemalloc.start()
        kept = way(values())
        print("  %-22s %-12s %11.0f" % (name, way.__name__.replace("_", " "),
                                        tracemalloc.get_traced_memory()[0] / COUNT))
        tracemalloc.stop()
        del kept
