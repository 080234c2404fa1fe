"""Four threads compute. In which order do they get the GIL?

Each looks whether it was the last to run; if not, it notes its letter. Printed: the first sixty of these notes, and of all
in two seconds the share of each.
"""
import threading
import time

from look import VERSION

order, last, done = [], [None], False


def compute(letter):
    while not done:
        if last[0] != letter:
            last[0] = letter
            order.append(letter)


threads = [threading.Thread(target=compute, args=letter) for letter in "abcd"]
for thread in threads:
    thread.start()
time.sleep(2)
done = True
for thread in threads:
    thread.join()
print("%s: %s" % (VERSION, "".join(order[:60])))
print("  %d turns: %s" % (len(order), ", ".join("%s %d" % (letter, order.count(letter)) for letter in "abcd")))
