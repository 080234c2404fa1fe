"""Which arena serves the next pool?

Fills six arenas with blocks of 512 bytes and calls three of them a, b and c. It empties 5 pools of a, then 2 of b,
then 8 of c, and asks for blocks of 496 bytes until fifteen of these pools were taken. Every other arena is full.
"""
from blocks import free, malloc, per_pool, pool_of, stretches, take
from look import VERSION

blocks = take(7 * 64 * per_pool(512), 512)
whole = [pools for pools in stretches(blocks)[1:-1] if len(pools) >= 63]
emptied = {}
for name, count, pools in zip("abc", (5, 2, 8), (whole[0], whole[2], whole[1])):
    emptied.update((pool, name) for pool in pools[10:10 + count])
    for block in blocks:
        if emptied.get(pool_of(block)) == name:
            free(block)

taken = ""
while emptied:
    taken += emptied.pop(pool_of(malloc(496)), "")
print("%-13s  the next fifteen pools: %s" % (VERSION, " ".join(taken)))
