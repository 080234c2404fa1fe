"""What tracemalloc costs: the same work without it, with it, and with 25 frames for each block.

The work: a syntax tree of a large file of the standard library. CPU time, the best of five, as a multiple of the
time without; and the resident memory that came with it, as a multiple of the tree's.
"""
import argparse
import ast
import gc
import subprocess
import sys
import time
import tracemalloc

from look import VERSION, resident

with open(argparse.__file__) as file:
    SOURCE = file.read()


def child(frames):
    if frames:
        tracemalloc.start(frames)
    best = min(timed() for _ in range(5))
    before = resident()
    trees = [ast.parse(SOURCE) for _ in range(10)]
    grew = resident() - before
    print(best, grew)
    assert trees


def timed():
    gc.collect()
    start = time.process_time()
    ast.parse(SOURCE)
    return time.process_time() - start


def parent():
    print("%-28s time   memory" % VERSION)
    first = None
    for name, frames in [("without", 0), ("tracemalloc.start()", 1), ("tracemalloc.start(25)", 25)]:
        said = subprocess.check_output([sys.executable, "-B", __file__, str(frames)]).split()
        took, grew = map(float, said)
        first = first or (took, grew)
        print("  %-24s %5.1f x %6.1f x" % (name, took / first[0], grew / first[1]))


child(int(sys.argv[1])) if len(sys.argv) > 1 else parent()
