"""How much do other allocators take for a request?

Runs itself with PYTHONMALLOC=pymalloc, malloc and mimalloc (3.13 and later have it), takes 3000 blocks of each
size through PyObject_Malloc and prints the smallest distance between two of them: the block with all that belongs
to it, but without what a page or a pool keeps for all of its blocks together.
"""
import ctypes
import os
import subprocess
import sys

from look import VERSION, function

SIZES = 1, 16, 17, 24, 40, 100, 136, 200, 300, 400, 512, 513, 700, 1000, 2000


def child():
    malloc = function("PyObject_Malloc", ctypes.c_void_p, ctypes.c_size_t)
    taken = []
    for size in SIZES:
        blocks = sorted(malloc(size) for _ in range(3000))
        taken.append(min(high - low for low, high in zip(blocks, blocks[1:])))
    print("%-16s" % os.environ["PYTHONMALLOC"] + "".join("%6d" % bytes for bytes in taken))


def parent():
    print(VERSION)
    print("%-16s" % "request of" + "".join("%6d" % size for size in SIZES), flush=True)
    for choice in "pymalloc", "malloc", "mimalloc":
        subprocess.call([sys.executable, __file__, "child"], stderr=subprocess.DEVNULL,
                        env=dict(os.environ, PYTHONMALLOC=choice))


child() if sys.argv[1:] == ["child"] else parent()
