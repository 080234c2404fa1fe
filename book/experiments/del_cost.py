"""What a `__del__` costs: nanoseconds to make one instance and drop it. The least of seven runs of 200,000.
"""
import timeit
import weakref

from look import VERSION


class Without:
    pass


class With:
    def __del__(self):
        pass


def nothing():
    pass


def pair(make):
    return min(timeit.repeat(make, number=200000, repeat=7)) / 200000 * 1e9


print("%s: without __del__ %3.0f ns, with an empty one %3.0f ns, with weakref.finalize %4.0f ns" % (
    VERSION, pair(Without), pair(With), pair(lambda: weakref.finalize(Without(), nothing))))
