"""One of four unreachable objects is brought back by its finalizer: what becomes of the others?

keep and child refer to each other, x and y refer to each other, and nothing leads from one pair to the other.
"""
import gc
import platform

gc.disable()
gc.collect()
said, saved = [], []


class Node(object):
    def __init__(self, name):
        self.name = name

    def __del__(self):
        said.append(self.name)
        if self.name == "keep":
            saved.append(self)


# One column a question, one row a version: the head is printed once.
print("         finalizers          first collect  alive   second collect")
keep, child, x, y = (Node(name) for name in ("keep", "child", "x", "y"))
keep.other, child.other, x.other, y.other = child, keep, y, x
del keep, child, x, y
first = gc.collect()
alive = [thing.name for thing in gc.get_objects() if type(thing) is Node]
ran = list(said)
saved[:] = []
second = gc.collect()
assert said == ran, "each of them once"
print("%-8s %-19s %13d  %5d %16d" % (platform.python_version(), " ".join(ran), first, len(alive), second))
