"""How long does a thread that answers short requests make its client wait, beside threads that compute?

A thread gets a datagram and sends it back. The client is another process: it waits 2 ms, asks, and measures how long the
answer takes. Beside: so many threads that compute, at so long a switch interval. Of sixty answers each, in milliseconds:
the tenth part is quicker than the first number, half of them than the second, nine tenths than the third.
"""
import os
import socket
import struct
import sys
import threading
import time

from look import VERSION

CASES = [(0, 5), (1, 5), (2, 5), (4, 5), (1, 50), (1, 1), (1, 0.1)]
REQUESTS = 60


def client(socket_):
    """In the other process: for each start signal, sixty requests; their times go back."""
    while socket_.recv(8):
        times = []
        for _ in range(REQUESTS):
            time.sleep(0.002)
            start = time.perf_counter()
            socket_.send(b"request")
            socket_.recv(8)
            times.append(time.perf_counter() - start)
        socket_.send(b"end")
        socket_.send(struct.pack("%dd" % REQUESTS, *times))
    os._exit(0)


def echo(socket_, found):
    while True:
        request = socket_.recv(8)
        if request == b"end":
            found.extend(struct.unpack("%dd" % REQUESTS, socket_.recv(8 * REQUESTS)))
            return
        socket_.send(request)


def compute():
    while not done:
        pass


ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
if os.fork() == 0:
    ours.close()
    client(theirs)
print("%-14s beside  interval     10 %%     half     90 %%" % VERSION)
for beside, interval in CASES:
    sys.setswitchinterval(interval / 1000)
    done, found = False, []
    answers = threading.Thread(target=echo, args=(ours, found))
    others = [threading.Thread(target=compute) for _ in range(beside)]
    for thread in [answers] + others:
        thread.start()
    ours.send(b"begin")
    answers.join()
    done = True
    for thread in others:
        thread.join()
    found.sort()
    quantiles = [found[int(REQUESTS * part)] * 1000 for part in (0.1, 0.5, 0.9)]
    print("%21d %6g ms %8.2f %8.2f %8.2f" % tuple([beside, interval] + quantiles))
ours.send(b"")
os.wait()
