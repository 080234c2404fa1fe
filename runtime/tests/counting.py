"""Runs programs of `refcount` and `trashcan` on real objects: who dies, in which order, with which counts.

Standard input holds the programs; each begins with a line `use`. Each object is an instance whose attributes r0, r1 ...
are what it refers to, and whose `__del__` says that it dies. No instance may have a `__dict__` of its own: that would be
one more container on the way down. So nobody asks for one, and `first` has all attributes that there will be: a class has
room for new ones only while it has few instances, and for thirty in all.
"""

import gc
import sys
import weakref

happened = {"died": [], "saved": []}
variables, nodes, keepers = {}, {}, {}


class Node:
    def __init__(self, name):
        self.name, self.places = name, 0

    def __del__(self):
        keeper = keepers.pop(self.name, None)
        if keeper is None:
            happened["died"].append(self.name)
        else:
            put(nodes[keeper](), self)
            happened["saved"].append(self.name)


PLACES = 26


def put(holder, node):
    setattr(holder, f"r{holder.places}", node)
    holder.places += 1


def cut(holder, name):
    for place in range(holder.places):
        if hasattr(holder, f"r{place}") and getattr(holder, f"r{place}").name == name:
            return delattr(holder, f"r{place}")


def new(name):
    node = Node(name)
    nodes[name] = weakref.ref(node)
    variables[name] = [node]


def tree(stem, levels, width):
    total = sum(width**level for level in range(levels))
    for number in range(total):
        new(f"{stem}{number}")
    for number in range(total - 1, 0, -1):
        first = (number - 1) // width * width + 1
        if number == first:
            for child in range(first, first + width):
                put(nodes[f"{stem}{(number - 1) // width}"](), nodes[f"{stem}{child}"]())
            for child in range(first, first + width):
                variables[f"{stem}{child}"].pop()


def count(names):
    alive = [name for name in dict.fromkeys(names) if nodes[name]() is not None]
    if alive:
        print("REFS", *(f"{name}:{sys.getrefcount(nodes[name]()) - 1}" for name in alive))


def expand(words):
    for word in words:
        if ".." in word:
            low, high = word.split("..")
            yield from (f"o{number}" for number in range(int(low[1:]), int(high[1:]) + 1))
        else:
            yield word


def step(words):
    names, verb, args = [], words[0], words[1:]
    if len(words) > 1 and words[1] in ("=", "->"):
        names, verb, args = [words[0]], words[2] if words[1] == "=" else "->", words[3 if words[1] == "=" else 2 :]
    args = list(expand(args))
    if verb == "new":
        for name in args:
            new(name)
    elif verb == "->":
        for name in args:
            put(nodes[names[0]](), nodes[name]())
    elif verb == "hold":
        variables[args[0]].append(nodes[args[0]]())
    elif verb == "drop":
        variables[args[0]].pop()
    elif verb == "cut":
        cut(nodes[args[0]](), args[1])
    elif verb == "save":
        keepers[args[0]] = args[1]
    elif verb in ("chain", "tree"):
        tree(names[0], int(args[0]), int(args[1]) if verb == "tree" else 1)
    if verb in ("->", "hold", "drop", "count"):
        count(args)
    elif verb == "cut":
        count(args[1:])
    for what, who in happened.items():
        if who:
            print(what, *who)
            who.clear()


first = Node("first")
for _ in range(PLACES):
    put(first, None)
gc.disable()  # rings stay, as they do here
for line in sys.stdin.read().splitlines():
    if line.startswith("use"):
        keepers.clear()
        variables.clear()  # what the last program left dies here, unheard
        nodes.clear()
        [who.clear() for who in happened.values()]
        print("use")
    elif line:
        step(line.split())
