"""When does a block stay where it is, if its size changes, and who owns it afterwards?

For each size of block: the smallest request for which `realloc` leaves it in place, found by trying all, and the number
that 4 * n > 3 * size gives. Then some single cases: moved or not, and in what part of the process the block lies
before and after (`heap` is libc's, a `mapping` is where arenas are).
"""
import ctypes

from blocks import free, malloc
from look import VERSION, Map, function

realloc = function("PyObject_Realloc", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
CASES = [(512, 385), (512, 384), (500, 512), (512, 513), (100, 112), (112, 85), (112, 84), (16, 1), (16, 0), (513, 16),
         (0, 16)]


def stays(size, request):
    block = malloc(size)
    now = realloc(block, request)
    free(now)
    return now == block


def main():
    print(VERSION)
    found = {size: min(n for n in range(1, size + 1) if stays(size, n)) for size in range(16, 513, 16)}
    computed = {size: min(n for n in range(size + 1) if 4 * n > 3 * size) for size in found}
    print("  smallest request that stays, of %d sizes as computed: %d" % (
        len(found), sum(found[size] == computed[size] for size in found)))
    print("  for example: " + ", ".join("%d of %d" % (found[size], size) for size in (16, 32, 64, 112, 256, 512)))
    for before, after in CASES:
        block = malloc(before)
        was = Map().name(block)
        now = realloc(block, after)
        print("  %4d -> %3d  %-6s  %s" % (before, after, "stays" if now == block else "moves",
                                          was if was == Map().name(now) else was + " to " + Map().name(now)))


main()
