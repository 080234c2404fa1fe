"""In which order do the pools of one arena go out again, and to whom?

Fills arenas with blocks of 512 bytes until a new arena has handed out a dozen pools, so that it is the only one with
free pools. Then it empties three of the dozen, and asks for blocks of another class, 496, until four pools more were
taken. Pools are numbered from the low end of the arena.
"""
from blocks import POOL, free, malloc, per_pool, pool_of, stretches, take
from look import VERSION

EMPTIED = 4, 9, 6

take(per_pool(496) * 4, 496)
blocks = list(take(5 * 64 * per_pool(512), 512))
while True:
    arena = stretches(blocks)[-1]
    if len(arena) == 12 and blocks[-1] == arena[-1] + 48 + (per_pool(512) - 1) * 512:
        break
    blocks.append(malloc(512))
for number in EMPTIED:
    for block in blocks:
        if pool_of(block) == arena[number]:
            free(block)
taken = []
while len(taken) < 4:
    number = (pool_of(malloc(496)) - arena[0]) // POOL
    if 0 <= number < 64 and number not in taken:
        taken.append(number)

print("%s: pools 0 to 11 of an arena are full of blocks of 512" % VERSION)
print("  these become empty, in this order:      %s" % ", ".join(map(str, EMPTIED)))
print("  these are taken for blocks of 496:      %s" % ", ".join(map(str, taken)))
