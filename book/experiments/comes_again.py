"""A list of five lists dies. Five new lists are made: whose memory do they get?

And a float that is made and dropped a thousand times: how many addresses does it have?
"""
from look import VERSION

names = "abcde"
lists = [[] for _ in names]
where = {id(one): name for one, name in zip(lists, names)}
where[id(lists)] = "around"
del lists
again = [[], [], [], [], []]
come = [where.get(id(one), "?") for one in [*again, again]]
print(f"{VERSION:15} a list around a b c d e dies, and then come: {' '.join(come)}")
number = 1.5
print(f"{'':15} addresses of 1000 floats, each dropped before the next: {len({id(number * factor) for factor in range(1000)})}")
