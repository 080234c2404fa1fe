"""Which bytes of an object come from pools?

Makes 1000 objects of a kind and compares "# bytes in allocated blocks" before and after, as
`sys._debugmallocstats()` prints it (to stderr, from C: so a file stands in for descriptor 2 for a moment).
"""
import os
import re
import sys
import tempfile


def bytes_in_pools():
    with tempfile.TemporaryFile() as file:
        stderr = os.dup(2)
        os.dup2(file.fileno(), 2)
        sys._debugmallocstats()
        os.dup2(stderr, 2)
        os.close(stderr)
        file.seek(0)
        text = file.read().decode()
    return int(re.search(r"# bytes in allocated blocks\s*=\s*([\d,]+)", text).group(1).replace(",", ""))


KINDS = [
    ("object()", lambda i: object()),
    ("bytes(16)", lambda i: bytes(16)),
    ("bytes(479)", lambda i: bytes(479)),
    ("bytes(480)", lambda i: bytes(480)),
    ("[None] * 55", lambda i: [None] * 55),
    ("[None] * 65", lambda i: [None] * 65),
    ("[None] * 10000", lambda i: [None] * 10000),
    ("(None,) * 10000", lambda i: (None,) * 10000),
]

spare = []
bytes_in_pools()
print("Python %d.%d.%d" % sys.version_info[:3])
print("object           getsizeof   from pools")
for name, make in KINDS:
    kept = [None] * 1000
    spare.extend([] for _ in range(200))  # uses up the lists that Python keeps ready for reuse
    before = bytes_in_pools()
    for i in range(1000):
        kept[i] = make(i)
    each = (bytes_in_pools() - before) / 1000
    print("{:16} {:9}   {:10.0f}".format(name, sys.getsizeof(kept[0]), each))
