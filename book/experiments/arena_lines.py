"""What do the lines about arenas in `sys._debugmallocstats()` say while a program grows and shrinks?

Takes as many blocks of 512 bytes as fill 20 MiB of arenas, gives all of them back, and does it again. The names of the
lines are those of the statistics.
"""
import re

from blocks import ARENA, free, per_pool, take
from look import MIB, VERSION, statistics

COUNT = 20 * MIB // ARENA * 64 * per_pool(512)
LINES = ["# arenas allocated total", "# arenas reclaimed", "# arenas highwater mark", "# arenas allocated current",
         "unused pools"]


def lines():
    text = statistics()
    patterns = [name + r"\s*=\s*([\d,]+)" for name in LINES[:-1]] + [r"([\d,]+) unused pools"]
    return [re.search(pattern, text).group(1) for pattern in patterns]


def main():
    columns = [lines()]
    for _ in range(2):
        blocks = take(COUNT, 512)
        columns.append(lines())
        for block in blocks:
            free(block)
        columns.append(lines())
    print("%-28s    start   filled  dropped   filled  dropped" % VERSION)
    for row in zip(LINES, *columns):
        print("%-28s %8s %8s %8s %8s %8s" % row)


main()
