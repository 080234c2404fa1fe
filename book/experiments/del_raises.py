"""What happens to an exception that `__del__` raises, and to what comes after it?
"""
import gc
import sys

from look import VERSION

story = []


class Raises:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        raise ValueError("from __del__ of " + self.name)


def hook(info):
    story.append("hook: %s: %s" % (info.exc_type.__name__, info.exc_value))


sys.unraisablehook = hook
print(VERSION)
try:
    thing = Raises("a")
    del thing
    story.append("the line after del runs")
except ValueError:
    story.append("caught")
first, second = Raises("b"), Raises("c")
first.other, second.other = second, first
del first, second
story.append("collect returned %d" % gc.collect())
for line in story:
    print("  " + line)
