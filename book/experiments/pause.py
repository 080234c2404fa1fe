"""How long is one collection, of each generation, beside more and more living objects?

Living: lists in a list, all found alive by a full collection before. Then, five times: 700 new lists are made (kept),
and `gc.collect(g)` is timed. The least of five, in milliseconds.
"""
import gc
import time

from look import VERSION


def least(generation):
    best = 1e9
    for _ in range(5):
        young = [[] for _ in range(700)]
        start = time.perf_counter()
        gc.collect(generation)
        best = min(best, time.perf_counter() - start)
        del young
    return best * 1000


gc.disable()
print("%-16s living     gen 0     gen 1      full" % VERSION)
for living in 0, 10000, 100000, 1000000:
    ballast = [[] for _ in range(living)]
    gc.collect()
    print("                %7d  %8.3f  %8.3f  %8.3f" % (living, least(0), least(1), least(2)))
    del ballast
