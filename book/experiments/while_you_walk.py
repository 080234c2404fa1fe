"""What does a finalizer see of its neighbours, and what becomes of them?

Four objects in a ring. The finalizer of the first one drops its reference to the second, which nothing else refers to.
"""
import gc

gc.disable()
gc.collect()


class Node:
    def __init__(self, name):
        self.name, self.to = name, []

    def __del__(self):
        whole = all(other.to for other in self.to if other.name != "b")
        print(self.name, "runs; all that it refers to is whole:", whole)
        if self.name == "a":
            self.to.pop(0)
            print("a has dropped b")


def ring():
    a, b, c, d = (Node(name) for name in "abcd")
    a.to, c.to, d.to = [b, c], [d], [a]


ring()
print("collect() gives", gc.collect(), "for three nodes and their lists")
