"""The weak references to one object: which are shared, and in which order they stand.

weakref.getweakrefs gives the list of an object as it is. Each reference is called by the order in which it was made.
"""
import weakref


class A:
    pass


class Own(weakref.ref):
    pass


def nothing(r):
    pass


a = A()
made = [
    ("ref with callback", weakref.ref(a, nothing)),
    ("ref", weakref.ref(a)),
    ("another ref with callback", weakref.ref(a, nothing)),
    ("proxy", weakref.proxy(a)),
    ("ref of a class of its own", Own(a)),
    ("a third ref with callback", weakref.ref(a, nothing)),
]
print("a second plain ref is the first one:", weakref.ref(a) is made[1][1])
print("a second plain proxy is, too:       ", weakref.proxy(a) is made[3][1])
print("one with a callback:                ", weakref.ref(a, nothing) is made[0][1])
print("one of a class of its own:          ", Own(a) is made[4][1])
names = {id(r): "%d. %s" % (number + 1, name) for number, (name, r) in enumerate(made)}
print("made in this order, they stand like this:")
for r in weakref.getweakrefs(a):
    print("   ", names[id(r)])
