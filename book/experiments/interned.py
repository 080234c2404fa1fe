"""Which strings are interned, and what interning saves.

Above: each string is made in another way, and compared with the one that `sys.intern` knows for this text. Below: ten
thousand records with the same three keys, the keys made at run time, with and without interning: the memory that
`tracemalloc` sees.
"""
import sys
import tracemalloc

from look import VERSION


class Thing:
    pass


def known(text):
    return "yes" if sys.intern("".join(text)) is text else "no"


identifier = "some_name"
sentence = "some words here"
part = "some_"
thing = Thing()
setattr(thing, part + "attribute", 1)
table = {part + "key": 1}
texts = [
    ("a constant like a name", identifier),
    ("another constant", sentence),
    ("folded: 'some_' 'thing'", "some_" "thing"),
    ("part + 'word'", part + "word"),
    ("a key put into a dict", list(table)[0]),
    ("an attribute, by setattr", list(thing.__dict__)[0]),
    ("a piece of 'a,b_c'.split", "a,b_c".split(",")[1]),
    ("str(12345)", str(12345)),
]
print(VERSION)
for name, text in texts:
    print("  %-28s %-18r interned: %s" % (name, text, known(text)))


def records(key):
    return [dict((key(name), i) for name in ("name_%d", "address_%d", "number_%d")) for i in range(10000)]


for name, key in ("keys made each time", lambda key: key % 1), ("keys interned", lambda key: sys.intern(key % 1)):
    tracemalloc.start()
    made = records(key)
    print("  10,000 records, %-20s %9d bytes" % (name, tracemalloc.get_traced_memory()[0]))
    tracemalloc.stop()
    del made
