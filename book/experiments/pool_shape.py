"""How large is a pool, where does its first block start, and how many blocks are in it?

Takes 2000 blocks of 512 bytes. Neighbours in one pool are 512 bytes apart; where the distance is another, a new pool
begins. Most pools are whole ones, so the most frequent answer is the right one.
"""
import collections
import ctypes
import platform
import resource

malloc = ctypes.pythonapi.PyObject_Malloc
malloc.restype = ctypes.c_void_p
malloc.argtypes = [ctypes.c_size_t]

blocks = sorted(malloc(512) for _ in range(2000))
runs = [[blocks[0]]]
for low, high in zip(blocks, blocks[1:]):
    if high - low == 512:
        runs[-1].append(high)
    else:
        runs.append([high])


def usual(values):
    return collections.Counter(values).most_common(1)[0][0]


pool = usual(after[0] - before[0] for before, after in zip(runs, runs[1:]))
capacity = usual(len(run) for run in runs)
print("           system           first    blocks   bytes")
print("Python       page    pool   block    of 512    left")
print("{:8} {:8} {:7} {:>7} {:9} {:7}".format(
    platform.python_version(), resource.getpagesize(), pool, "+%d" % usual(run[0] % pool for run in runs), capacity,
    pool - 48 - 512 * capacity))
