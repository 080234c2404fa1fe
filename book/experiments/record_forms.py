"""A record with three fields, in eight forms: how many bytes does the form take?

100,000 records each. The fields' values were there before and are not counted, nor is the list that holds the
records: what is left is what one pays for having the record in this form. From tracemalloc: what was asked for.
"""
import array
import collections
import sys
import tracemalloc

from look import VERSION

COUNT = 100000
VALUES = [(number + 1000, number + 0.5, "kind") for number in range(COUNT)]


class Plain:
    def __init__(self, number, value, kind):
        self.number, self.value, self.kind = number, value, kind


class Slots:
    __slots__ = ("number", "value", "kind")
    __init__ = Plain.__init__


Named = collections.namedtuple("Named", "number value kind")
FORMS = [
    ("dict, a literal", lambda number, value, kind: {"number": number, "value": value, "kind": kind}),
    ("instance", Plain),
    ("instance with __slots__", Slots),
    ("list", lambda *fields: list(fields)),
    ("tuple", lambda *fields: fields),
    ("namedtuple", Named),
]
if sys.version_info >= (3, 10):
    import dataclasses
    fields = [("number", int), ("value", float), ("kind", str)]
    FORMS[3:3] = [
        ("dataclass", dataclasses.make_dataclass("Data", fields)),
        ("dataclass(slots=True)", dataclasses.make_dataclass("SlotsData", fields, slots=True)),
    ]


def columns():
    """No record at all: a column for each field. The kind is a number, since there are few of them."""
    numbers, values, kinds = array.array("q"), array.array("d"), bytearray()
    for number, value, kind in VALUES:
        numbers.append(number)
        values.append(value)
        kinds.append(0)
    return numbers, values, kinds


def weigh(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = make()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept
    return after - before


def made(form):
    kept = [None] * COUNT
    for at, fields in enumerate(VALUES):
        kept[at] = form(*fields)
    return kept


print("%-28s bytes a record" % VERSION)
for name, form in FORMS:
    print("  %-26s %12.0f" % (name, (weigh(lambda: made(form)) - 8 * COUNT) / COUNT))
print("  %-26s %12.0f   (the values included)" % ("three columns", weigh(columns) / COUNT))
