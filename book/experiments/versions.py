"""A row of facts for each version: what changed in the collector and in what it sees.
"""
import gc
import sys

from look import VERSION


class Thing:
    pass


class Returns:
    def __del__(self):
        back.append(self)


def ring(kind):
    first, second = kind(), kind()
    first.other, second.other = second, first


back = []
gc.disable()
gc.collect()
frozen = gc.get_freeze_count() if hasattr(gc, "get_freeze_count") else "-"
ring(Thing)
found = gc.collect()
ring(Returns)
ring(Thing)
gc.collect()
beside = sum(isinstance(thing, Thing) for thing in gc.get_objects())
before = sys.getrefcount(None)
many = [None] * 1000
none = "counts" if sys.getrefcount(None) - before > 900 else "immortal"
header = sys.getsizeof([]) - [].__sizeof__()
instance = sys.getsizeof(Thing()) - Thing().__sizeof__()
HEADS = "threshold 0", "before a list", "before an instance", "a ring of 2", "saved beside", "None", "frozen by a collection"
print("         " + "  ".join(HEADS))
values = gc.get_threshold()[0], header, instance, found, beside, none, frozen
print("%-9s" % VERSION.split()[1] + "  ".join("%*s" % (len(head), value) for head, value in zip(HEADS, values)))
