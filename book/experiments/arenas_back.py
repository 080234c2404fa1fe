"""How long does it take to give back very many arenas, when all of them grow emptier side by side?

Fills arenas with objects that need a block of 512 bytes. Then it drops them one pool at a time: the first pool of each
arena, then the second of each, and so on, there and back through the arenas, so that the arena that gets a pool back
is always the first of very many with as many free pools. Prints nanoseconds of CPU time for an object, the best of
three runs; in brackets, for the same objects dropped one arena after the other.
"""
import time

from blocks import ARENA, POOL, per_pool
from look import VERSION

SIZES = 500, 1000, 2000
EACH = per_pool(512)
PER_ARENA = EACH * (ARENA // POOL)


def dropped(arenas, side_by_side):
    kept = [bytes(479) for _ in range(arenas * PER_ARENA)]
    pools = range(0, PER_ARENA, EACH)
    if side_by_side:
        back = range(arenas)[::-1]
        starts = [arena * PER_ARENA + pool for pool in pools
                  for arena in (back if pool // EACH % 2 else range(arenas))]
    else:
        starts = [arena * PER_ARENA + pool for arena in range(arenas) for pool in pools]
    nothing = [None] * EACH
    begun = time.process_time()
    for start in starts:
        kept[start:start + EACH] = nothing
    return (time.process_time() - begun) / len(kept) * 1e9


best = [[min(dropped(arenas, way) for _ in range(3)) for way in (True, False)] for arenas in SIZES]
print("%-14s" % "ns" + "".join("  %5d arenas" % arenas for arenas in SIZES))
print("%-14s" % VERSION + "".join("  %5.0f (%3.0f)  " % tuple(pair) for pair in best))
