"""Does a fresh pool cost memory before its blocks are used?

Takes blocks of 512 bytes one by one, and after each asks the system (`mincore`) which pages of the pool are
there. Linux; the pool is one that nobody used before.
"""
import ctypes
import sys

malloc = ctypes.pythonapi.PyObject_Malloc
malloc.restype = ctypes.c_void_p
malloc.argtypes = [ctypes.c_size_t]
libc = ctypes.CDLL(None, use_errno=True)
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]

PAGE = 4096
POOL = 16384 if sys.version_info >= (3, 10) else 4096
CAPACITY = (POOL - 48) // 512
pages = (ctypes.c_ubyte * (POOL // PAGE))()


def present(pool):
    assert libc.mincore(pool, POOL, pages) == 0
    return "".join("#" if page & 1 else "." for page in pages)


def fresh_pool():
    while True:
        block = malloc(512)
        pool = block // POOL * POOL
        if block == pool + 48 and "." in present(pool):
            return pool


if POOL == PAGE:
    sys.exit("Python %d.%d.%d: a pool is one page here, so there is nothing to see" % sys.version_info[:3])
pool = fresh_pool()
print("Python %d.%d.%d: pool of %d bytes, pages of %d" % (sys.version_info[:3] + (POOL, PAGE)))
before = None
for used in range(1, CAPACITY + 1):
    now = present(pool)
    if now != before or used == CAPACITY:
        print("blocks taken {:2}   pages there {}".format(used, now))
    before = now
    block = malloc(512)
    assert used == CAPACITY or block // POOL * POOL == pool
