"""How `sys.getsizeof` of a list and of a dict changes while they grow and shrink.

Lists: at which length another size appears, with `append` up to 64 and `pop` back to 0. Dicts: at which number of
keys, one by one, then what deleting all of them does, and `clear`.
"""
import sys

from look import VERSION


def steps(thing, change, times):
    """(length, size) wherever the size differs from the one before."""
    found = [(len(thing), sys.getsizeof(thing))]
    for i in range(times):
        change(thing, i)
        if sys.getsizeof(thing) != found[-1][1]:
            found.append((len(thing), sys.getsizeof(thing)))
    return found


def row(name, found):
    print("  %-22s %s" % (name, "  ".join("%d:%d" % pair for pair in found)))


def put(table, i):
    table[i] = None


def remove(table, i):
    del table[i]


print(VERSION)
items, table = [], {}
row("list, append", steps(items, list.append, 64))
row("list, pop", steps(items, lambda items, i: items.pop(), 64))
row("dict, a key more", steps(table, put, 100))
row("dict, a key less", steps(table, remove, 100))
table.clear()
print("  %-22s 0:%d" % ("dict, clear", sys.getsizeof(table)))
print("  list of 10: literal %d, list(range) %d, comprehension %d, * %d, copy of the comprehension %d" % tuple(
    sys.getsizeof(made) for made in (
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], list(range(10)), [i for i in range(10)], [0] * 10, [i for i in range(10)][:])))
