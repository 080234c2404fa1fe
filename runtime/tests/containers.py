"""Runs programs of `containers` on a real list: its room, and what a finalizer sees of it.

Standard input holds the programs; each begins with a line `use`. An item's `__del__` says what the list shows at that
moment, and does what the program told it to do. Capacity is what `sys.getsizeof` counts, less an empty list.
"""

import sys

EMPTY = sys.getsizeof([])
the_list, held, finally_ = [], {}, {}


class Item:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        if quiet:
            return
        print(f"   = {self.name} dies, and sees l: {shown()}")
        verb, *args = finally_.pop(self.name, ["nothing"])
        if verb == "append":
            for name in args:
                the_list.append(Item(name))
        elif verb == "store" and int(args[0]) < len(the_list):
            the_list[int(args[0])] = Item(args[1])
        elif verb == "pop" and the_list:
            the_list.pop()
        elif verb == "clear":
            the_list.clear()


def shown():
    return " ".join(item.name for item in the_list) or "empty"


def tell():
    print(f"   = l: {shown()}, room for {(sys.getsizeof(the_list) - EMPTY) // 8}")


def value(name):
    return held[name] if name in held else Item(name)


def expand(words):
    for word in words:
        low, dots, high = word.partition("..")
        if dots:
            yield from (f"o{number}" for number in range(int(low[1:]), int(high[1:]) + 1))
        else:
            yield word


def step(verb, *args):
    args = list(expand(args))
    if verb == "append":
        for name in args[1:]:
            the_list.append(value(name))
            tell()
    elif verb == "extend":
        the_list.extend([value(name) for name in args[1:]])
        tell()
    elif verb == "store":
        the_list[int(args[1])] = value(args[2])
        tell()
    elif verb == "pop" and the_list:
        item = the_list.pop()
        print(f"   = popped {item.name}")
        tell()
        del item
    elif verb == "pop":
        print("   = nothing to pop")
        tell()
    elif verb == "clear":
        the_list.clear()
        tell()
    elif verb == "hold":
        held[args[0]] = Item(args[0])
    elif verb == "drop":
        held.pop(args[0])
    elif verb == "finally":
        finally_[args[0]] = [args[1], *args[3:]]


quiet = False
for line in sys.stdin.read().splitlines():
    if line.startswith("use"):
        quiet = True
        held.clear()
        finally_.clear()
        the_list = []
        quiet = False
        print("use")
    elif line and not line.startswith("l = list"):
        step(*line.split())
quiet = True
