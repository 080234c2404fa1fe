"""A process with 500,000 objects forks. How much of the memory that it shared does the child copy, and by doing what?

The parent makes 500,000 lists of one float each. The child does one thing; then Linux says how many bytes of it are
its own, changed since the fork (`Private_Dirty` in smaps_rollup). With `freeze`, the parent had called `gc.freeze()`.
"""
import gc
import os
import re
import sys

from look import MIB, VERSION


def own():
    with open("/proc/self/smaps_rollup") as file:
        return int(re.search(r"Private_Dirty:\s*(\d+) kB", file.read()).group(1)) * 1024


def nothing():
    pass


def collection():
    gc.collect()


def all_are_looked_at():
    for one in kept:
        one


def one_in_a_hundred_is():
    for at in range(0, len(kept), 100):
        kept[at]


def in_a_child(task):
    """What `task` makes the child's own, in bytes."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        before = own()
        task()
        os.write(write, b"%d" % (own() - before))
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(read, 20))


gc.disable()
kept = [[number + 0.5] for number in range(500000)]
own()
print("%-32s made the child's own, MiB   the same, frozen" % VERSION)
tasks = [nothing, collection, one_in_a_hundred_is, all_are_looked_at]
shared = [in_a_child(task) for task in tasks]
gc.freeze()
frozen = [in_a_child(task) for task in tasks]
for task, without, with_it in zip(tasks, shared, frozen):
    print("  %-30s %26.1f %18.1f" % (task.__name__.replace("_", " "), without / MIB, with_it / MIB))
sys.stdout.flush()
os._exit(0)
