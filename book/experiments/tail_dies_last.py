"""A list holds two things: an object, and a chain of nested lists with another object at its end. Who dies first?

Lists drop their items from the last to the first: the chain, and then the object. Should the chain be deeper than the
trashcan allows, its end has to wait, and dies last. Prints up to which depth the end dies first, and whether a chain of
100 000 lists can die at all.
"""
from look import VERSION

said = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        said.append(self.name)


def order(depth):
    chain = [Noisy("end")]
    for _ in range(depth - 1):
        chain = [chain]
    box = [Noisy("other"), chain]
    del chain
    said.clear()
    del box
    return list(said)


first = max((depth for depth in range(1, 200) if order(depth)[0] == "end"), default=0)
later = [depth for depth in range(1, 200) if order(depth)[0] == "other"]
long = order(100_000)
print(f"{VERSION:15} the end dies first up to a depth of {first if later else '199 and more':>3}; a chain of 100 000: {', '.join(long)}")
