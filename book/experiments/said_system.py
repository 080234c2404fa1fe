"""Said: "`gc.collect()` gives memory back to the system". Some 100 MB of small objects, in three ways, each in a process.

Resident memory in MiB above the start: when they were made, when the names were deleted, after `gc.collect()`.
Automatic collections are off.
"""
import gc
import subprocess
import sys

from look import MIB, VERSION, resident


class Node:
    __slots__ = "other", "data"


def no_cycles():
    return [bytes(63) for _ in range(1000000)]


def pairs():
    nodes = [Node() for _ in range(1000000)]
    for first, second in zip(nodes[::2], nodes[1::2]):
        first.other, second.other, first.data = second, first, bytes(63)
    return nodes


def pairs_each_thousandth_kept():
    nodes = pairs()
    kept.extend(nodes[::1000])
    return nodes


kept = []
FUNCTIONS = [no_cycles, pairs, pairs_each_thousandth_kept]
if len(sys.argv) > 1:
    gc.disable()
    function, start = FUNCTIONS[int(sys.argv[1])], resident()
    data = function()
    sizes = [resident()]
    del data
    sizes.append(resident())
    gc.collect()
    sizes.append(resident())
    print("  %-28s" % function.__name__.replace("_", " ") + "".join(
        "%10d" % round((size - start) / MIB) for size in sizes))
else:
    print("%-30s      made       del   collect" % VERSION, flush=True)
    for number in range(len(FUNCTIONS)):
        subprocess.check_call([sys.executable, "-B", __file__, str(number)])
