"""What do the debug hooks cost, in time and in memory?

Runs itself with PYTHONMALLOC=pymalloc and with pymalloc_debug, in turn, five times each. Each process parses a file of
the standard library eight times and prints its CPU time; the best counts. Memory: how much larger the process is with
one more such tree alive, in MiB of resident memory.
"""
import ast
import inspect
import os
import subprocess
import sys
import time

from look import MIB, VERSION, resident

CHOICES = "pymalloc", "pymalloc_debug"


def child():
    text = inspect.getsource(inspect)
    ast.parse(text)
    begun = time.process_time()
    for _ in range(8):
        ast.parse(text)
    took = time.process_time() - begun
    before = resident()
    kept = [ast.parse(text) for _ in range(10)]
    print(took, (resident() - before) / MIB / len(kept))


def parent():
    best = dict.fromkeys(CHOICES, (1e9, 1e9))
    for _ in range(5):
        for choice in CHOICES:
            printed = subprocess.check_output([sys.executable, "-B", __file__, "child"],
                                              env=dict(os.environ, PYTHONMALLOC=choice)).split()
            best[choice] = tuple(min(old, float(new)) for old, new in zip(best[choice], printed))
    plain, hooked = (best[choice] for choice in CHOICES)
    print("               seconds   with hooks   ratio     MiB for a tree   with hooks   ratio")
    print("%-13s %8.2f %10.2f %9.2f %13.1f %14.1f %9.2f" % (
        VERSION, plain[0], hooked[0], hooked[0] / plain[0], plain[1], hooked[1], hooked[1] / plain[1]))


child() if sys.argv[1:] == ["child"] else parent()
