"""What `gc.collect()` returns for things that were made and dropped, one kind at a time.

Automatic collections are off, and each line begins with a collection, so that nothing else is there to be found.
"""
import gc

from look import VERSION


class Thing:
    pass


def no_cycle():
    [[], [], []]


def list_in_itself():
    made = []
    made.append(made)


def two_lists():
    first, second = [], []
    first.append(second)
    second.append(first)


def ring_and_ten_strings():
    made = [str(i) * 1000 for i in range(10)]
    made.append(made)


def ring_and_ten_lists():
    made = [[i] for i in range(10)]
    made.append(made)


def instance():
    made = Thing()
    made.me = made


def instance_with_dict_seen():
    made = Thing()
    made.me = made
    vars(made)


def empty_class():
    class Inner:
        pass


def inner_function():
    def again():
        return again


def exception():
    try:
        raise ValueError
    except ValueError as error:
        kept = error


def generator():
    def numbers():
        yield
        yield me
    me = numbers()
    next(me)


KINDS = [
    ("no cycle", no_cycle), ("list", list_in_itself), ("two lists", two_lists), ("10 str", ring_and_ten_strings),
    ("10 lists", ring_and_ten_lists), ("instance", instance), ("vars()", instance_with_dict_seen),
    ("class", empty_class), ("function", inner_function), ("exception", exception), ("generator", generator)]


def found(make):
    make()
    gc.collect()
    make()
    return gc.collect()


gc.disable()
print("         " + "  ".join(name for name, make in KINDS))
print("%-9s" % VERSION.split()[1] + "  ".join("%*d" % (len(name), found(make)) for name, make in KINDS))
