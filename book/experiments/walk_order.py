"""In which order do objects stand in the collector's list, before and after a collection?

Five objects, each refers to the one made before it; a variable refers to the youngest alone. `gc.get_objects` tells the
list of a generation in its order.
"""
import gc


class Node:
    def __init__(self, name, other):
        self.name, self.other = name, other


def names(generation):
    return "".join(thing.name for thing in gc.get_objects(generation) if type(thing) is Node)


gc.disable()
gc.collect()
last = None
for name in "abcde":
    last = Node(name, last)
print("made          young", names(0))
gc.collect(0)
print("collected     middle", names(1))
gc.collect(1)
print("once more     old   ", names(2))
gc.collect()
print("and again     old   ", names(2))
