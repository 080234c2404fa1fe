"""In which order do freed blocks come back?

First four neighbours of one pool are freed and asked for again. Then three pools are filled to the last block and
one block of each is freed, pool by pool: which of the three is served first? Blocks of 496 bytes: a class that
nothing else in this program uses.
"""
import ctypes
import sys

malloc = ctypes.pythonapi.PyObject_Malloc
malloc.restype = ctypes.c_void_p
malloc.argtypes = [ctypes.c_size_t]
free = ctypes.pythonapi.PyObject_Free
free.restype = None
free.argtypes = [ctypes.c_void_p]

SIZE = 496
POOL = 16384 if sys.version_info >= (3, 10) else 4096
CAPACITY = (POOL - 48) // SIZE

# Whole pools only: leave out what the first, shared pool still had.
pools = {}
for _ in range(CAPACITY * 6):
    block = malloc(SIZE)
    pools.setdefault(block // POOL, []).append(block)
full = [blocks for blocks in pools.values() if len(blocks) == CAPACITY][:3]

print("Python %d.%d.%d, blocks of %d, %d in a pool of %d" % (sys.version_info[:3] + (SIZE, CAPACITY, POOL)))
print("first answers ascend by  ", [b - a for a, b in zip(full[0], full[0][1:])][:4])

four = full[0][:4]
for block in four:
    free(block)
again = [malloc(SIZE) for _ in four]
print("freed 0 1 2 3, came back ", *[four.index(block) for block in again])

freed = []
for name, blocks, index in (("p1", full[0], 3), ("p1", full[0], 6), ("p2", full[1], 5)):
    free(blocks[index])
    freed.append((blocks[index], "%s[%d]" % (name, index)))
names = dict(freed)
print("freed", *[name for _, name in freed], "  came back", *[names.get(malloc(SIZE), "another") for _ in freed])
