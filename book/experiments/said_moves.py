"""Said: "the collector tidies up memory". Do objects move, do arenas become fewer? Before and after a collection.

Half a million objects in cycles, every second pair dropped: as many holes as objects.
"""
import array
import gc

from look import VERSION, arenas


class Thing:
    pass


def pair():
    first, second = Thing(), Thing()
    first.other, second.other = second, first
    return first


gc.disable()
pairs = [pair() for _ in range(250000)]
places = array.array("Q", [id(first) for first in pairs[::2]])
full = arenas()
del pairs[1::2]
found = gc.collect()
after = arenas()
moved = sum(id(first) != place for first, place in zip(pairs, places))
print("%s: %d found and cleared, %d of the others moved, %d of %d arenas given back" % (
    VERSION, found, moved, full - after, full))
