"""From which size on does a block get a mapping of its own, and does that change?

Asks libc's malloc for blocks of growing size and looks where they lie, then frees one of 8 MiB, and asks again.
glibc.
"""
import ctypes

from look import MIB, VERSION, Map, function

malloc = function("PyMem_RawMalloc", ctypes.c_void_p, ctypes.c_size_t)
free = function("PyMem_RawFree", None, ctypes.c_void_p)


def row(what):
    places = []
    for size in (1000, 64 << 10, 127 << 10, 129 << 10, MIB, 4 * MIB, 32 * MIB):
        block = malloc(size)
        places.append(Map().name(block))
        kept.append(block)
    print("%-30s%s" % (what, "".join("%9s" % place for place in places)))


kept = []
print("%-30s%s" % (VERSION, "     1000    64 KiB  127 KiB  129 KiB    1 MiB    4 MiB   32 MiB"))
row("at the start")
free(malloc(8 * MIB))
row("after 8 MiB were freed")
