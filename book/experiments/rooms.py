"""Which rooms does a list have that grows by `append`, and one that shrinks by `pop`? From `sys.getsizeof`."""
import sys

from look import VERSION

EMPTY = sys.getsizeof([])


def room(items):
    return (sys.getsizeof(items) - EMPTY) // 8


def rooms(items, step, count):
    seen = [room(items)]
    for _ in range(count):
        step()
        if room(items) != seen[-1]:
            seen.append(room(items))
    return seen


items = []
up = rooms(items, lambda: items.append(None), 300)
down = rooms(items, items.pop, len(items))
print(VERSION)
print("  append", *up)
print("  pop   ", *down)
