"""Half a million records are read and kept. What share of the time went to the collector, and what did it find?

Each record is a dict with a list, parsed by `json` from its own line; nothing of it is garbage. CPU time of the
collections (`gc.callbacks`) over CPU time of all, in the same run. Each case is a process of its own.

`churn` makes the same number of records and keeps none, so the collector has nothing to do; `cycles` keeps none
either, but each record refers to itself.
"""
import gc
import json
import subprocess
import sys
import time

from look import MIB, VERSION, resident

COUNT = 500000
LINE = '{"number": %d, "fields": [%d, 2.5, "x"]}'


def read(keep, cycle=False):
    kept = []
    for number in range(COUNT):
        record = json.loads(LINE % (number, number))
        if cycle:
            record["self"] = record
        if keep:
            kept.append(record)
    return kept


def as_it_is():
    return read(True)


def disabled():
    gc.disable()
    kept = read(True)
    gc.enable()
    return kept


def frozen_each_hundred_thousand():
    kept = []
    for number in range(COUNT):
        kept.append(json.loads(LINE % (number, number)))
        if number % 100000 == 0:
            gc.freeze()
    return kept


def threshold_of_50000():
    gc.set_threshold(50000, 10, 10)
    return read(True)


def churn():
    return read(False)


def churn_disabled():
    gc.disable()
    return read(False)


def cycles():
    return read(False, True)


def cycles_disabled():
    gc.disable()
    return read(False, True)


CASES = [as_it_is, disabled, frozen_each_hundred_thousand, threshold_of_50000, churn, churn_disabled, cycles,
         cycles_disabled]


def child(case):
    runs, spent, began = [0, 0, 0], [0.0], [0.0]

    def hear(phase, info):
        if phase == "start":
            began[0] = time.process_time()
        else:
            spent[0] += time.process_time() - began[0]
            runs[info["generation"]] += 1

    gc.collect()
    gc.callbacks.append(hear)
    before, start = resident(), time.process_time()
    kept = case()
    took = time.process_time() - start
    print("  %-30s %5d %4d %4d %11.0f %% %12.0f" % (
        case.__name__.replace("_", " "), runs[0], runs[1], runs[2], 100 * spent[0] / took,
        (resident() - before) / MIB))
    assert kept is not None


if len(sys.argv) > 1:
    child(CASES[int(sys.argv[1])])
else:
    print("%-32s runs of 0    1    2   of the time   grew, MiB" % VERSION, flush=True)
    for number in range(len(CASES)):
        subprocess.check_call([sys.executable, "-B", __file__, str(number)])
