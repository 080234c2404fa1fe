"""When does `__del__` run? Every line of output is written where it happens, between two marks of the program.
"""
import gc

from look import VERSION

story = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        story.append("__del__ " + self.name)


def told(title, run):
    run()
    gc.collect()
    print("  %-30s %s" % (title, "; ".join(story)))
    del story[:]


def last_name():
    a = Noisy("a")
    b = a
    del a
    story.append("a deleted")
    del b
    story.append("b deleted")


def bound_again():
    a = Noisy("old")
    a = Noisy("new")
    story.append("bound")


def in_a_place_that_is_overwritten():
    class Watch(Noisy):
        def __del__(self):
            story.append("__del__ sees %s" % place[0])
    place = [Watch("x")]
    place[0] = "the new one"


def function_ends():
    def inner():
        a, b = Noisy("a"), Noisy("b")
        return story.append("result computed")
    inner()
    story.append("returned")


def temporary():
    story.append("length %d" % len(Noisy("x").name))
    story.append("next line")


def in_a_cycle():
    a = Noisy("a")
    a.me = a
    del a
    story.append("name gone")


def list_of_three():
    items = [Noisy("0"), Noisy("1"), Noisy("2")]
    del items


def dict_of_three():
    table = {i: Noisy(str(i)) for i in range(3)}
    del table


def owner_and_part():
    owner = Noisy("owner")
    owner.part = Noisy("part")
    del owner


def cycle_of_three():
    a, b, c = Noisy("a"), Noisy("b"), Noisy("c")
    a.next, b.next, c.next = c, a, b


def peers_of_a_cycle():
    class Asks(Noisy):
        def __del__(self):
            story.append("__del__ %s sees %s" % (self.name, self.next.name))
    a, b = Asks("a"), Asks("b")
    a.next, b.next = b, a


gc.disable()
print(VERSION)
for function in (last_name, bound_again, in_a_place_that_is_overwritten, function_ends, temporary, list_of_three,
                 dict_of_three, owner_and_part, in_a_cycle, cycle_of_three, peers_of_a_cycle):
    told(function.__name__.replace("_", " "), function)
