"""Is it the same object afterwards? Eight statements on two names of one object.

Each line begins anew: `b = a`, so there is one object with two names. Then the statement runs, and the line says
whether the two names still have one object, and what the first name shows.
"""
from look import VERSION

STATEMENTS = [
    ("[1]", "b = [1]"),
    ("[1]", "b.append(2)"),
    ("[1]", "b += [2]"),
    ("[1]", "b = b + [2]"),
    ("[1]", "b[:] = [7, 8]"),
    ("(1,)", "b += (2,)"),
    ("5", "b += 1"),
    ("'x'", "b += 'y'"),
    ("([1],)", "b[0].append(2)"),
]

print("%s   a and b are names of one object; then" % VERSION)
print("  at first   statement            one object   a shows")
for first, statement in STATEMENTS:
    names = {}
    exec("a = %s; b = a" % first, names)
    exec(statement, names)
    same = "yes" if names["a"] is names["b"] else "no"
    print("  %-10s %-20s %-12s %r" % (first, statement, same, names["a"]))
