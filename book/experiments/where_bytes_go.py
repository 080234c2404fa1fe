"""Of the memory in arenas, how much is in blocks that somebody holds?

The program of `rounding.py`, without tracemalloc: import a good part of the standard library, parse one of its
larger files. Then drop the tree and look again. The lines are those at the end of `sys._debugmallocstats()`.
"""
import argparse, ast, asyncio, decimal, email.message, http.client, json, logging, sys, unittest, xml.dom.minidom

from look import ARENA, MIB, VERSION, statistic, statistics

LINES = [
    ("in blocks that are held", "# bytes in allocated blocks"),
    ("in free blocks, and the untouched", "# bytes in available blocks"),
    ("in empty pools", " unused pools *"),
    ("pool headers", "# bytes lost to pool headers"),
    ("lost to quantization", "# bytes lost to quantization"),
    ("lost to arena alignment", "# bytes lost to arena alignment"),
]

with open(argparse.__file__) as file:
    tree = ast.parse(file.read())
before = statistics()
del tree
after = statistics()

print("%-36s with the tree   without" % VERSION)
print("%-36s %13d %9d" % ("arenas of %d KiB" % (ARENA >> 10), *[
    statistic("# arenas allocated current", text) for text in (before, after)]))
totals = [ARENA * statistic("# arenas allocated current", text) for text in (before, after)]
for name, line in LINES:
    shares = [100 * statistic(line, text) / total for text, total in zip((before, after), totals)]
    print("%-36s %11.1f %% %7.1f %%" % (name, *shares))
