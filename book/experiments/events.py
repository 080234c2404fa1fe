"""What do events do to the counters?

Sets, because each of them is counted when it is made and when it goes. What is printed are the collections that began
by themselves: which generation, and before which of the sets.
"""
import gc

begun = []
kept = []
during = 0


def note(phase, info):
    if phase == "start":
        begun.append("%d at %d" % (info["generation"], number))
    else:
        kept.extend(set() for _ in range(during))


def make(count):
    global number
    begun.clear()
    for number in range(1, count + 1):
        kept.append(set())
    return ", ".join(begun) or "none"


gc.disable()
kept.extend(set() for _ in range(500))
gc.collect()
kept.clear()
print("500 old ones gone: the count is below 20:", gc.get_count()[0] < 20)

gc.callbacks.append(note)
print("disabled, 2000 made:", make(2000), "- counted:", gc.get_count()[0] >= 2000)
gc.enable()
print("enabled, 1 made:", make(1))
gc.set_threshold(0)
print("threshold 0, 5000 made:", make(5000))

gc.collect()
gc.set_threshold(100, 1, 0)
print("thresholds 100 1 0, 1212 made:", make(1212))

gc.set_threshold(700, 1000, 1000)
gc.disable()
gc.collect()
during = 900
gc.enable()
print("900 made by a callback, 702 by the program:", make(702))
gc.disable()
during = 0
gc.callbacks.clear()
