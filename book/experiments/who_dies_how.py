"""Nine pieces of work with the standard library: how much of what they leave dies by count, and how much waits?

Automatic collections are off. Each piece of work makes its result; the objects that the collector knows of are counted
before, then, and when the result was dropped. What is left after that goes with `gc.collect()`. Objects that the
collector need not know of (strings, numbers) are not in these counts.
"""
import argparse
import ast
import gc
import json
import os
import xml.dom.minidom
import xml.etree.ElementTree

from look import VERSION

DOCUMENT = json.dumps([{"id": i, "name": "n%d" % i, "tags": ["a", "b"]} for i in range(1000)])
XML = "<list>" + "".join("<item><name>n%d</name></item>" % i for i in range(1000)) + "</list>"
with open(argparse.__file__, encoding="utf-8") as file:
    SOURCE = file.read()


def classes():
    return [type("Made%d" % i, (), {}) for i in range(100)]


def exceptions():
    kept = []
    for i in range(100):
        try:
            int("x")
        except ValueError as error:
            kept.append(error)
    return kept


def caught():
    for i in range(100):
        try:
            int("x")
        except ValueError as error:
            last = str(error)
    return last


def parser():
    made = argparse.ArgumentParser()
    for i in range(20):
        made.add_argument("--option-%d" % i, help="an option")
    return made


WORK = [
    ("json: 1000 records", lambda: json.loads(DOCUMENT)),
    ("ast: a large file", lambda: ast.parse(SOURCE)),
    ("ElementTree: 1000 items", lambda: xml.etree.ElementTree.fromstring(XML)),
    ("minidom: 1000 items", lambda: xml.dom.minidom.parseString(XML)),
    ("os.walk of a folder", lambda: list(os.walk(os.path.dirname(json.__file__)))),
    ("argparse: 20 options", parser),
    ("100 classes", classes),
    ("100 exceptions, caught", caught),
    ("100 exceptions, kept", exceptions),
]


def known():
    return len(gc.get_objects())


gc.disable()
print("%-32s  made   die by count   wait for the collector" % VERSION)
for name, work in WORK:
    work()
    gc.collect()
    before = known()
    result = work()
    made = known() - before
    del result
    left = known() - before
    gc.collect()
    print("  %-28s %7d  %13d  %23d" % (name, made, made - left, left))
