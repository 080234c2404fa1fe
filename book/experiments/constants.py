"""Who makes the constants of a function, and when? Looks into the code object, and counts.

`predict` is compiled from a string. The same function as a part of a script has a count that is larger by one: the
tree that the parser made from the script is kept until the script has run, and the constant is in it.
"""
import sys

from look import VERSION

SOURCE = """
import sys

def predict():
    a = 1000.5
    b = [1000.5, a]
    del a
    return sys.getrefcount(b[0])
"""


def folded():
    return 24 * 60 * 60


def a_tuple():
    return (1, "two", 3.5)


def a_list():
    return [1, "two", 3.5]


def membership(x):
    return x in ["a", "b"]


def at_run_time(x=1000):
    return x + 0.5


names = {}
exec(SOURCE, names)
print(VERSION)
print("  predict returns %d" % names["predict"]())
for function in folded, a_tuple, a_list, membership:
    print("  %-12s constants in its code: %s" % (function.__name__, function.__code__.co_consts[1:]))
for function in folded, a_tuple, a_list, at_run_time:
    print("  %-12s called twice, one object: %s" % (function.__name__, "yes" if function() is function() else "no"))
