"""What does a collection cost for each object, where everything is alive?

Chains of objects, each held by a reference of another one and the first or the last held by a variable: nanoseconds an
object for a full collection, the median of nine. Whatever else the interpreter has is frozen.
"""
import gc
import platform
import time


class Node:
    __slots__ = ("other",)


def chain(length, youngest_first):
    nodes = [Node() for _ in range(length)]
    if youngest_first:
        for one, other in zip(nodes[1:], nodes):
            one.other = other
        return nodes[-1]
    for one, other in zip(nodes, nodes[1:]):
        one.other = other
    return nodes[0]


def cost(length, youngest_first, again):
    held = chain(length, youngest_first)
    times = []
    for _ in range(9 if again else 1):
        start = time.perf_counter()
        gc.collect()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1e9 / length, held


gc.collect()
gc.freeze()
gc.disable()
print("Python", platform.python_version(), " ns an object: 10,000  100,000  1,000,000 objects")
for what, youngest, again in [("held from the first one", False, True), ("held from the last, first time", True, False),
                              ("held from the last, later", True, True)]:
    row = []
    for length in (10_000, 100_000, 1_000_000):
        nanoseconds, held = min((cost(length, youngest, again) for _ in range(3)), key=lambda pair: pair[0])
        row.append("%9.0f" % nanoseconds)
        while hasattr(held, "other"):
            held = held.other
    print("%-31s" % what, *row)
