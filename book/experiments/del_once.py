"""How often does `__del__` run, for an object that it brings back? Three kinds of class, three deaths each.
"""
import gc

from look import VERSION

calls, kept = [0], []


class Plain:
    def __del__(self):
        calls[0] += 1
        kept.append(self)


class Slots:
    __slots__ = ()
    __del__ = Plain.__del__


def by_count(kind):
    kept.append(kind())
    for death in range(3):
        kept.clear()


def by_collector(kind):
    thing = kind()
    thing.me = thing
    del thing
    for death in range(3):
        kept.clear()
        gc.collect()


gc.disable()
row = []
for run, kind in (by_count, Plain), (by_collector, Plain), (by_count, Slots):
    calls[0] = 0
    run(kind)
    row.append(calls[0])
print("         by count   by the collector   by count, __slots__ = ()")
print("%-9s%8d   %16d   %24d" % ((VERSION.split()[1],) + tuple(row)))
