"""Said: "`gc.get_count()` is the number of objects". What it says in a program with more and more of them.
"""
import gc

from look import VERSION


class Thing:
    pass


print(VERSION)
kept = []
for more in 0, 1000, 99000, 900000:
    kept += [Thing() for _ in range(more)]
    known = len(gc.get_objects())
    print("  %8d objects known to the collector, get_count() is %s" % (known // 1000 * 1000, gc.get_count()))
