"""Fifteen things a program does: does the object die when the last name goes, or does it wait for the collector?

Each function makes a `Thing`, does something with it, and returns: then nobody has a name for it. A weak reference
tells whether it is alive, before and after `gc.collect()`. Automatic collections are off.
"""
import functools
import gc
import weakref

from look import VERSION


class Thing:
    def method(self):
        pass


def plain(thing):
    thing.name = "a name"


def in_a_list(thing):
    return [[thing]] and None


def parent_and_child(thing):
    thing.child = Thing()
    thing.child.parent = thing


def child_by_weakref(thing):
    thing.child = Thing()
    thing.child.parent = weakref.ref(thing)


def own_method_stored(thing):
    thing.handler = thing.method


def partial_stored(thing):
    thing.handler = functools.partial(thing.method)


def lambda_stored(thing):
    thing.handler = lambda: thing


def lambda_not_stored(thing):
    return (lambda: thing) and None


def recursive_inner_function(thing):
    def walk(depth):
        return thing if depth == 0 else walk(depth - 1)
    walk(3)


def exception_caught(thing):
    try:
        raise ValueError
    except ValueError as error:
        pass


def exception_in_a_variable(thing):
    try:
        raise ValueError
    except ValueError as error:
        kept = error


def generator_suspended(thing):
    def numbers():
        yield thing
        yield thing
    for number in numbers():
        break


def generator_holds_itself(thing):
    def numbers():
        yield thing
        yield thing
    thing.steps = numbers()
    next(thing.steps)


def class_inside(thing):
    class Inner:
        held = thing


def doubly_linked(thing):
    thing.next = after = Thing()
    after.before = thing


gc.disable()
print("%-28s when the function returned   after gc.collect()" % VERSION)
for function in (plain, in_a_list, lambda_not_stored, exception_caught, generator_suspended, child_by_weakref,
                 parent_and_child, doubly_linked, own_method_stored, partial_stored, lambda_stored,
                 generator_holds_itself, recursive_inner_function, exception_in_a_variable, class_inside):
    gc.collect()
    thing = Thing()
    seen = weakref.ref(thing)
    function(thing)
    del thing
    first = "alive" if seen() is not None else "gone"
    gc.collect()
    print("  %-26s %-28s %s" % (function.__name__.replace("_", " "), first, "alive" if seen() is not None else "gone"))
