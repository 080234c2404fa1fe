"""Takes many blocks without leaving anything else in the pools, so that what is seen is the program's doing.

Addresses go into an array outside of all pools: a Python int for each would take a block of its own. Not an experiment
itself: nothing here prints.
"""
import ctypes
import sys

from look import ARENA, function

POOL = 16384 if sys.version_info >= (3, 10) else 4096
malloc = function("PyObject_Malloc", ctypes.c_void_p, ctypes.c_size_t)
free = function("PyObject_Free", None, ctypes.c_void_p)


def per_pool(size):
    return (POOL - 48) // size


def pool_of(block):
    return block // POOL * POOL


def take(count, size):
    """Addresses of `count` new blocks of `size` bytes, in the order in which they came."""
    kept = (ctypes.c_void_p * count)()
    for i in range(count):
        kept[i] = malloc(size)
    return kept


def stretches(blocks):
    """The pools of these blocks in the order of their first use, cut wherever one does not lie directly behind the
    one before. A stretch as long as an arena has pools is an arena (two that happen to touch are told apart)."""
    whole, longest = [], ARENA // POOL
    last, seen = None, set()
    for block in blocks:
        pool = pool_of(block)
        if pool not in seen:
            seen.add(pool)
            if pool - POOL != last or len(whole[-1]) == longest:
                whole.append([])
            whole[-1].append(pool)
            last = pool
    return whole
