"""A cache by name, with a dict, a WeakValueDictionary, and a weak one beside a small strong one: who is still in it?

`load` makes an `Image` of 10 kB and counts how often it did. A program looks at 300 images and holds five at a
time: every other one is one of ten that come again and again, the rest are fifty that come three times.
"""
import collections
import gc
import weakref

from look import VERSION


class Image:
    def __init__(self, name):
        loads[0] += 1
        self.name, self.data = name, bytes(10000)


loads = [0]


def program(cached):
    """Three passes over the names; five images are in somebody's hands at a time."""
    loads[0] = 0
    for _ in range(3):
        hands = collections.deque(maxlen=5)
        for number in range(100):
            popular = number % 2 == 0
            hands.append(cached("popular %d" % (number // 2 % 10) if popular else "image %d" % number))
    del hands
    return loads[0]


def with_dict():
    cache = {}

    def cached(name):
        if name not in cache:
            cache[name] = Image(name)
        return cache[name]
    return cached, cache


def with_weak_values():
    cache = weakref.WeakValueDictionary()

    def cached(name):
        image = cache.get(name)
        if image is None:
            image = cache[name] = Image(name)
        return image
    return cached, cache


def with_weak_values_and_recent():
    cached, cache = with_weak_values()
    recent = collections.deque(maxlen=30)

    def cached_and_kept(name):
        image = cached(name)
        recent.append(image)
        return image
    return cached_and_kept, cache


def without():
    return Image, ()


gc.disable()
print("%-32s loads of 300   left when the program ended" % VERSION)
for name, make in [("no cache", without), ("a dict", with_dict), ("WeakValueDictionary", with_weak_values),
                   ("the same, and the last 30 kept", with_weak_values_and_recent)]:
    cached, cache = make()
    print("  %-34s %8d   %13d" % (name, program(cached), len(cache)))
