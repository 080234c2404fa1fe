"""What is left of the counts when the references from inside are taken away?

Does by hand, for four objects, what the collector does for all: the count of each, less the references that come from
the four themselves. Two of them are a ring that a variable refers to, two a ring that nobody refers to.
"""
import gc
import sys


class Node:
    def __init__(self, name):
        self.name = name


def main():
    gc.disable()
    gc.collect()
    a, b, c, d = young = [Node(name) for name in "abcd"]
    a.other, b.other, c.other, d.other = b, a, d, c
    variable = a
    del a, b, c, d
    print("    count  from inside  left")
    for node in young:
        # Three references are this program's own: the list, the loop and the argument.
        count = sys.getrefcount(node) - 3
        inside = sum(other is node for one in young for other in gc.get_referents(one))
        print("%-3s %5d %12d %5d" % (node.name, count, inside, count - inside))
    del young, node
    print("collect() finds", gc.collect(), "unreachable;", variable.name, "refers to", variable.other.name)


main()
