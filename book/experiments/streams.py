"""Adding up a column of a file of 200,000 lines, in eight ways: the peak of what was asked for, by tracemalloc."""
import itertools
import os
import tempfile
import tracemalloc

from look import VERSION

COUNT = 200000


def read_all(path):
    with open(path) as file:
        return sum(int(line.split(",")[1]) for line in file.read().split("\n") if line)


def all_lines(path):
    with open(path) as file:
        return sum(int(line.split(",")[1]) for line in file.readlines())


def list_after_list(path):
    with open(path) as file:
        lines = [line for line in file]
        fields = [line.split(",") for line in lines]
        numbers = [int(field[1]) for field in fields]
        return sum(numbers)


def a_list_for_sum(path):
    with open(path) as file:
        return sum([int(line.split(",")[1]) for line in file])


def generators(path):
    with open(path) as file:
        fields = (line.split(",") for line in file)
        return sum(int(field[1]) for field in fields)


def by_map(path):
    with open(path) as file:
        return sum(map(lambda line: int(line.split(",")[1]), file))


def sum_and_most_by_tee(path):
    with open(path) as file:
        one, other = itertools.tee(int(line.split(",")[1]) for line in file)
        total = sum(one)
        assert max(other) == COUNT - 1
        return total


def sum_and_most_in_one_loop(path):
    total, most = 0, 0
    with open(path) as file:
        for line in file:
            number = int(line.split(",")[1])
            total, most = total + number, max(most, number)
    return total


CASES = [("read and split", read_all), ("readlines", all_lines), ("a list for each step", list_after_list),
         ("one list, for sum", a_list_for_sum), ("generators", generators), ("map", by_map),
         ("sum and max by tee", sum_and_most_by_tee), ("sum and max in a loop", sum_and_most_in_one_loop)]

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "lines.csv")
    with open(path, "w") as file:
        file.writelines("name %d,%d,more\n" % (number, number) for number in range(COUNT))
    print("%-26s peak, of a file of %.1f MB" % (VERSION, os.path.getsize(path) / 1e6))
    for name, way in CASES:
        tracemalloc.start()
        assert way(path) == COUNT * (COUNT - 1) // 2
        print("  %-24s %6.2f MB" % (name, tracemalloc.get_traced_memory()[1] / 1e6))
        tracemalloc.stop()
