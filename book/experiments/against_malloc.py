"""What do pools save, in bytes and in time?

Runs itself with PYTHONMALLOC=pymalloc and =malloc, seven times each in turn. Bytes: growth of the process's resident
memory per object while a million `object()`s are made (Linux). Times: CPU time per object, the best of seven runs;
first one object at a time, made and dropped, then a million made and all of them dropped. The rest of the
loop is in it, for both alike.
"""
import os
import platform
import subprocess
import sys
import time
from itertools import repeat

COUNT = 1000000


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def child():
    kept = [None] * COUNT
    before = resident()
    start = time.process_time()
    for i in range(COUNT):
        kept[i] = object()
    each = (resident() - before) / COUNT
    del kept
    many = (time.process_time() - start) / COUNT
    start = time.process_time()
    for _ in repeat(None, 5 * COUNT):
        object()
    single = (time.process_time() - start) / (5 * COUNT)
    print(each, single, many)


def parent():
    runs = {"pymalloc": [], "malloc": []}
    for _ in range(7):
        for allocator, found in runs.items():
            output = subprocess.check_output([sys.executable, __file__, "child"],
                                             env=dict(os.environ, PYTHONMALLOC=allocator))
            found.append([float(word) for word in output.split()])
    print("                     bytes for    ns for one,     ns for one")
    print("Python    allocator   object()     alone          of a million")
    for allocator, found in runs.items():
        each, single, many = map(min, zip(*found))
        print("{:8}  {:9} {:9.1f} {:10.0f} {:15.0f}".format(
            platform.python_version(), allocator, each, single * 1e9, many * 1e9))


child() if sys.argv[1:] == ["child"] else parent()
