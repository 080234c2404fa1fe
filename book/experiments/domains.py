"""Who serves the three domains, and what does an allocator chosen at start change?

Runs itself with PYTHONMALLOC set to each choice. Takes 200 blocks of a size from each domain and prints the
smallest distance between two of them, and where the first lies: in the heap of libc, the stretch that libc grows,
or in a mapping without a name, as arenas are. A choice that this Python does not know is left out.
"""
import ctypes
import os
import subprocess
import sys

from look import VERSION, Map, function

DOMAINS = [("raw", "PyMem_RawMalloc"), ("mem", "PyMem_Malloc"), ("obj", "PyObject_Malloc")]


def taken(name, size):
    malloc = function(name, ctypes.c_void_p, ctypes.c_size_t)
    blocks = sorted(malloc(size) for _ in range(200))
    apart = min(high - low for low, high in zip(blocks, blocks[1:]))
    return "%5d %-9s" % (apart, Map().name(blocks[100]))


def child():
    for size in 96, 512, 513:
        print("%-22s" % (os.environ["PYTHONMALLOC"] if size == 96 else ""), "%4d" % size,
              " ".join(taken(name, size) for _, name in DOMAINS).rstrip())


def parent():
    print("%-22s bytes  %s" % (VERSION, "          ".join("%-5s" % domain for domain, _ in DOMAINS).rstrip()))
    for choice in "pymalloc", "malloc", "pymalloc_debug", "mimalloc":
        found = subprocess.run([sys.executable, __file__, "child"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=dict(os.environ, PYTHONMALLOC=choice))
        if found.returncode == 0:
            print(found.stdout.decode().rstrip())


child() if sys.argv[1:] == ["child"] else parent()
