"""An object dies. What do callbacks see, which of them run, and in which order?"""
import gc
import weakref

gc.disable()


class A:
    pass


def looks(name, *others):
    def callback(r):
        seen = ["alive" if other() is not None else "dead" for other in others]
        print("    callback of %s: its own reference is %s%s" % (
            name, "alive" if r() is not None else "dead",
            ", the others are " + " ".join(seen) if seen else ""))
    return callback


print("each looks at all others:")
a = A()
plain = weakref.ref(a)
first = weakref.ref(a, looks("the first"))
second = weakref.ref(a, looks("the second", plain, first))
third = weakref.ref(a, looks("the third", plain, first, second))
del a

print("the newest drops the other two:")
a = A()
kept = [weakref.ref(a, looks("the first")), weakref.ref(a, looks("the second"))]


def drops(r):
    print("    callback of the third: drops the others")
    kept.clear()


kept_too = weakref.ref(a, drops)
del a

print("one that was dropped before:")
a = A()
weakref.ref(a, looks("NEVER"))
del a

print("two objects in a dead ring, three references each, made in turn:")
order = []
a, b = A(), A()
a.other, b.other = b, a
refs = []
for i in "123":
    refs.append(weakref.ref(a, lambda r, i=i: order.append("a" + i)))
    refs.append(weakref.ref(b, lambda r, i=i: order.append("b" + i)))
del a, b
gc.collect()
print("   ", *order)
