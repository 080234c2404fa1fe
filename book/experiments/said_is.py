"""Said: "ints up to 256 are cached, so `is` works for them". Seven things that are equal to 200, compared by `is`.
"""
import enum
import fractions

from look import VERSION


class Number(int):
    pass


class Code(enum.IntEnum):
    FINE = 200


TWO_HUNDRED = 200
print(VERSION)
for name, value in [
        ("199 + 1, at run time", int("199") + 1), ("int('200')", int("200")), ("round(200.1)", round(200.1)),
        ("200.0", 200.0), ("a subclass of int", Number(200)), ("an IntEnum's member", Code.FINE),
        ("Fraction(200)", fractions.Fraction(200))]:
    print("  %-24s == 200: %-6s is 200: %s" % (name, value == TWO_HUNDRED, value is TWO_HUNDRED))
print("  -6 + 1 is -5: %s, -5 - 1 is -6: %s" % (int("-6") + 1 is int("-5"), int("-5") - 1 is int("-6")))
