"""Where can a collection run? With threshold 100, callbacks count the collections while about 5000 objects are made: by
one call of C code, by a loop, and by a parser that is written in C.
"""
import gc
import json

from look import VERSION

ran = [0]


def note(phase, info):
    ran[0] += phase == "start"


def collections(run):
    gc.collect()
    ran[0] = 0
    run()
    return ran[0]


def one_call():
    list(zip(range(5000), range(5000)))


def a_loop():
    for i in range(5000):
        kept.append((i, kept))


def parser():
    json.loads(DOCUMENT)


DOCUMENT = json.dumps([[]] * 5000)
kept = []
gc.callbacks.append(note)
gc.set_threshold(100, 10, 10)
print("%-14s  list(zip(...)) %2d   a loop %2d   json.loads %2d" % (
    VERSION, collections(one_call), collections(a_loop), collections(parser)))
