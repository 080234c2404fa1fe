"""What happens when a program goes back and forth over the border of an arena?

Fills the arenas with blocks of 512 bytes, up to the last block of the last one. Then, a thousand times: takes one
block more, which needs another arena, and gives it back. (Before that it makes room in the pools of all other classes,
so that what Python itself needs meanwhile does not need a pool.) Prints how often an arena was asked for, as
`sys._debugmallocstats()` counts, and the CPU time of a round in microseconds, the best of five runs, beside that of
the same round away from the border.
"""
import time

from blocks import free, malloc, per_pool, take
from look import VERSION, arenas, statistic

ROUNDS = 1000
TOTAL = "# arenas allocated total"


def back_and_forth():
    best = 1e9
    for _ in range(5):
        begun = time.process_time()
        for _ in range(ROUNDS):
            free(malloc(512))
        best = min(best, time.process_time() - begun)
    return best / ROUNDS * 1e6


for size in range(16, 497, 16):
    several = take(4 * per_pool(size), size)
    for at, block in enumerate(several):
        if at % per_pool(size):
            free(block)
away = back_and_forth()
take(3 * 64 * per_pool(512), 512)
before = arenas()
while True:
    block = malloc(512)
    if arenas() > before:
        break
free(block)
asked = statistic(TOTAL)
border = back_and_forth()
print("microseconds for    a round away      a round at     arenas asked for")
print("one round           from the border   the border     in 5000 rounds")
print("%-18s %10.2f %15.2f %16d" % (VERSION, away, border, statistic(TOTAL) - asked))
