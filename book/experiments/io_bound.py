"""Forty requests to a server that answers after 20 ms, by so many threads; milliseconds for all of them.

The server is a process of its own and holds any number of requests at a time. Then the same with some computing after each
answer (measured on the thread's own clock).
"""
import os
import select
import socket
import threading
import time

from look import VERSION


def serve(connections):
    """In the other process: each byte comes back 20 ms later."""
    due = []
    while True:
        left = max(0, due[0][0] - time.perf_counter()) if due else None
        for connection in select.select(connections, [], [], left)[0]:
            if not connection.recv(1):
                os._exit(0)
            due.append((time.perf_counter() + 0.02, connection))
        while due and due[0][0] <= time.perf_counter():
            due.pop(0)[1].send(b"x")


def compute(milliseconds):
    end = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) + milliseconds / 1000
    while time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) < end:
        pass


def client(connection, requests, milliseconds):
    for _ in range(requests):
        connection.send(b"x")
        connection.recv(1)
        compute(milliseconds)


def total(threads, milliseconds):
    start = time.perf_counter()
    made = [threading.Thread(target=client, args=(connection, 40 // threads, milliseconds))
            for connection in ours[:threads]]
    for thread in made:
        thread.start()
    for thread in made:
        thread.join()
    return (time.perf_counter() - start) * 1000


ours, theirs = zip(*(socket.socketpair() for _ in range(40)))
if os.fork() == 0:
    for connection in ours:
        connection.close()
    serve(theirs)
for connection in theirs:
    connection.close()
THREADS = [1, 2, 4, 8, 40]
print("%-20s" % VERSION + "".join("%6d thread%s" % (n, "s" if n > 1 else " ") for n in THREADS))
for name, milliseconds in ("only waiting", 0), ("and 5 ms computing", 5), ("and 20 ms computing", 20):
    print("%-20s" % name + "".join("%11.0f ms" % total(n, milliseconds) for n in THREADS))
for connection in ours:
    connection.close()
os.wait()
