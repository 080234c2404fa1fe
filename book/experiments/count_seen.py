"""What `sys.getrefcount` says of one object in some situations.

Every situation is a function of its own, so that nothing is left over from the one before.
"""
import sys

from look import VERSION

count = sys.getrefcount


def temporary():
    return count([])


def one_local():
    thing = []
    return count(thing)


def two_names():
    thing = []
    other = thing
    return count(thing)


def twice_in_a_list():
    thing = []
    holder = [thing, thing]
    return count(thing)


def inside_a_call():
    def inner(parameter):
        return count(parameter)
    return inner([])


def inside_a_call_and_a_local():
    def inner(parameter):
        return count(parameter)
    thing = []
    return inner(thing)


def bound_method():
    thing = []
    method = thing.append
    return count(thing)


def loop_over_it():
    thing = [0]
    for item in thing:
        return count(thing)


def in_a_closure():
    thing = []

    def inner():
        return thing
    return count(thing)


SITUATIONS = [
    ("temporary", temporary), ("local", one_local), ("two names", two_names), ("twice in a list", twice_in_a_list),
    ("parameter", inside_a_call), ("and a local", inside_a_call_and_a_local), ("its method", bound_method),
    ("loop over it", loop_over_it), ("closure", in_a_closure)]
print("         " + "  ".join(name for name, situation in SITUATIONS))
print("%-9s" % VERSION.split()[1] + "  ".join("%*d" % (len(name), situation()) for name, situation in SITUATIONS))
