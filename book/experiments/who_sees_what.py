"""What does a list show to the finalizer of an item that is just leaving it, and in which order do items die?"""
from look import VERSION


class Item:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name

    def __del__(self):
        if items is not None:
            print(f"    {self.name} dies, and sees {items}")


def new(letters):
    return [Item(letter) for letter in letters]


print(VERSION)
items = new("abc")
print("  items[0] = x")
items[0] = Item("x")
print("  del items[1]")
del items[1]
print("  items.clear()")
items.clear()
items = new("abcd")
print("  del items[1:3]")
del items[1:3]
print("  items.pop()")
items.pop()
items = None
