"""Six ways to register a callback weakly: is it still there when the first event comes, and when its owner is gone?
"""
import gc
import weakref

from look import VERSION


class Owner:
    def update(self):
        heard.append(self)


heard = []


def function():
    heard.append(None)


def plain_method(owner):
    return weakref.ref(owner.update)


def weak_method(owner):
    return weakref.WeakMethod(owner.update)


def the_owner(owner):
    ref = weakref.ref(owner)
    return lambda: ref() and ref().update


def a_lambda(owner):
    return weakref.ref(lambda: owner.update())


def a_lambda_kept_by_the_owner(owner):
    owner.callback = lambda: owner.update()
    return weakref.ref(owner.callback)


def a_function_of_the_module(owner):
    return weakref.ref(function)


print("%-30s while the owner lives   owner gone   after a collection" % VERSION)
gc.disable()
for way in (plain_method, weak_method, the_owner, a_lambda, a_lambda_kept_by_the_owner, a_function_of_the_module):
    gc.collect()
    owner = Owner()
    ref = way(owner)
    row = []
    for step in range(3):
        row.append("there" if ref() is not None else "gone")
        owner = None
        if step == 1:
            gc.collect()
    print("  %-28s %-23s %-12s %s" % ((way.__name__.replace("_", " "),) + tuple(row)))
