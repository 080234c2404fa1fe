"""Which objects count their references? A thousand references more: does `sys.getrefcount` see them?

A list makes the thousand. An object whose count does not move is immortal. Large counts differ by a few from run to
run, so only their first digit is printed; those that say "immortal" are printed as they are.
"""
import sys

from look import VERSION


class Thing:
    pass


def about(count):
    """The count itself if it is small or a fixed number, else its first digit."""
    digits = str(count)
    return digits if count < 50 or count == 0xFFFFFFFF else digits[0] + "0" * (len(digits) - 1) + "+"


part = "made_at_"
OBJECTS = [
    ("None", None), ("5", 5), ("257", int("257")), ("''", ""), ("'a'", "a"), ("()", ()), ("int", int), ("Thing", Thing),
    ("a constant str", "some_name"), ("interned at run time", sys.intern(part + "run_time")),
    ("a str made at run time", part + "night"), ("a module", sys), ("[]", []),
]

print("%-14s            about   a thousand more" % VERSION)
for name, thing in OBJECTS:
    before = sys.getrefcount(thing)
    more = [thing] * 1000
    after = sys.getrefcount(thing)
    print("  %-24s %12s   %s" % (name, about(before), "%+d" % (after - before) if after != before else "no change"))
