"""Scenarios of `finalizers`, run by CPython itself.

    python3.11 runtime/tests/finalizers/cpython.py < scenarios

Scenarios come one after the other, each begins with a line `### NAME`. Written are, for each, that line and its facts:
what finalizers saw, whose finalizers ran, what collect() gave, and the order of the young and the older objects.
Each object has a class of its own, so that its attributes keep the order in which they were made. Whatever this program
itself needs lies in dicts that are old, or in strings: it must not hold an object, nor stand in the young list.
"""
import gc
import sys


def digest(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return (value ^ value >> 32) % 2**32


def told(names):
    """A list for a fact: kit::text::list."""
    if len(names) <= 12:
        return " ".join(names) or "none"
    return f"{' '.join(names[:12])} ... ({len(names)}, digest {digest(''.join(name + ' ' for name in names)):08x})"


def expand(words):
    """b0..b6 is seven names."""
    names = []
    for word in words:
        first, dots, last = word.partition("..")
        if not dots:
            names.append(word)
            continue
        stem = first.rstrip("0123456789")
        low, high = int(first[len(stem):]), int(last[len(stem):] if last.startswith(stem) else last)
        names += [f"{stem}{i}" for i in range(low, high + 1)]
    return names


def name_of(thing):
    return type(thing).__name__


class Program:
    def __init__(self):
        # The lists keep the dicts tracked, hence old from the collection on.
        self.variables, self.globals = {"": [[]]}, {"": [[]]}
        self.classes, self.attributes, self.deeds = {}, {}, {}
        self.number, self.ran, self.seen, self.facts = 0, [], [], []
        gc.collect()

    def next_number(self):
        self.number += 1
        return self.number

    def make(self, name):
        self.attributes[name] = []
        self.classes[name] = type(name, (), {})
        return self.classes[name]()

    def store(self, thing):
        self.globals[f"{name_of(thing)} {self.next_number()}"] = thing

    def referents(self, thing):
        names = (name for name in self.attributes[name_of(thing)] if hasattr(thing, name))
        return [getattr(thing, name) for name in names]

    def find(self, start, name):
        """What is called so and can be reached from there."""
        seen, waiting = set(), list(start)
        while waiting:
            thing = waiting.pop()
            if name_of(thing) == name:
                return thing
            if id(thing) not in seen and name_of(thing) in self.classes:
                seen.add(id(thing))
                waiting += self.referents(thing)
        return None

    def known(self, name):
        return self.find([*self.variables.values(), *self.globals.values()], name)

    def refer(self, source, target):
        name = f"to{self.next_number()}"
        self.attributes[name_of(source)].append(name)
        setattr(source, name, target)

    def cut(self, source, target_name):
        for name in self.attributes[name_of(source)]:
            if name_of(getattr(source, name, None)) == target_name:
                self.attributes[name_of(source)].remove(name)
                delattr(source, name)
                return

    def empty(self, thing):
        names = self.attributes[name_of(thing)]
        while any(hasattr(thing, name) for name in names):
            first = next(name for name in names if hasattr(thing, name))
            names.remove(first)
            delattr(thing, first)

    def finalize(self, me):
        self.ran.append(name_of(me))
        for verb, *names in self.deeds[name_of(me)]:
            self.do(me, verb, names)

    def do(self, me, verb, names):
        if verb == "makes":
            if names[0] not in self.classes:
                self.store(self.make(names[0]))
            return
        if any(self.find([me], name) is None for name in names):
            return
        thing = self.find([me], names[0])
        if verb == "stores":
            self.store(thing)
        elif verb == "looks":
            self.seen.append(f"{name_of(me)} sees {names[0]} -> {told([name_of(other) for other in self.referents(thing)])}")
        elif verb == "cuts":
            self.cut(thing, names[1])
        elif verb == "empties":
            self.empty(thing)
        elif verb == "links":
            self.refer(thing, self.find([me], names[1]))

    def finalizer(self, name, *deed):
        self.deeds.setdefault(name, []).extend([deed] if deed else [])
        self.classes[name].__del__ = self.finalize_of()

    def finalize_of(self):
        return lambda me: self.finalize(me)

    def collect(self, generation):
        for name in [name for name in self.variables if name]:
            del self.variables[name]
        found = gc.collect(generation)
        self.facts += self.seen
        self.seen.clear()
        self.facts.append(f"finalizers ran: {told(self.ran)}")
        self.ran.clear()
        young, middle, old = self.listed(0), self.listed(1), self.listed(2)
        self.facts += [f"collect() gives {found}", f"young: {told(young)}; older: {told(middle + old)}"]

    def listed(self, generation):
        # A list of all objects must not live on: it has itself among them.
        return [name_of(thing) for thing in gc.get_objects(generation) if name_of(thing) in self.classes]

    def line(self, code):
        if "->" in code:
            source, targets = code.split("->")
            for target in expand(targets.split()):
                self.refer(self.known(source.strip()), self.known(target))
            return
        if "=" in code:
            stem, _, _, length = code.split()
            names = [f"{stem}{i}" for i in range(int(length))]
            self.new(names)
            for i, name in enumerate(names):
                self.refer(self.variables[name], self.variables[names[(i + 1) % len(names)]])
            return
        verb, *names = code.split()
        self.operation(verb, expand(names))

    def new(self, names):
        for name in names:
            self.variables[name] = self.make(name)

    def operation(self, verb, names):
        if verb == "new":
            self.new(names)
        elif verb == "older":
            for name in names:
                self.store(self.make(name))
            gc.collect()
        elif verb == "root":
            for name in names:
                self.store(self.known(name))
        elif verb == "unroot":
            for name in names:
                del self.globals[[key for key in self.globals if key.split(" ")[0] == name][-1]]
        elif verb == "collect":
            # What survives a collection of generation 1 is old, as everything older is in the lab.
            self.collect(2 if names else 1)
        elif verb == "finalizer":
            if names[1:] and names[1] in ("stores", "cuts", "empties", "links", "looks", "makes"):
                self.finalizer(*names)
            else:
                for name in names:
                    self.finalizer(name)


def run(text):
    gc.collect()
    program = Program()
    for line in text.splitlines():
        code = line.partition("#")[0].strip()
        if code and not code.startswith("use "):
            program.line(code)
    facts = program.facts
    for finalizer in program.classes.values():
        finalizer.__del__ = lambda me: None
    return facts


gc.disable()
for scenario in sys.stdin.read().split("### ")[1:]:
    name, _, text = scenario.partition("\n")
    print(f"### {name}", *run(text), sep="\n")
