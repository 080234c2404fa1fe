"""A loop makes small cycles and drops each: what happens to memory without a collector, and with it?

Each round makes two instances that refer to each other, one with a bytes object of 10 kB. Resident memory, as growth
above the start, after 1000 rounds, 10,000, and 20,000.
"""
import gc

from look import MIB, VERSION, resident


class Node:
    pass


def one_round():
    parent, child = Node(), Node()
    parent.child, child.parent = child, parent
    parent.data = bytes(10000)


def grow(name):
    gc.collect()
    start, row, done = resident(), [], 0
    for rounds in 1000, 10000, 20000:
        for _ in range(rounds - done):
            one_round()
        done = rounds
        row.append(resident() - start)
    print("  %-34s" % name + "".join("%8d MiB" % round(size / MIB) for size in row))


print("%-34s   1000 rounds      10,000      20,000" % VERSION)
grow("automatic collection on")
gc.disable()
grow("gc.disable()")
print("  then gc.collect() returns %d" % gc.collect())
