"""What does it take to give something to a worker, and to get something back?

A list of a million numbers goes to a worker, which answers with its sum; in milliseconds, the middle one of five. To a
thread by a queue, to a process by a pipe (pickled), to a process that is forked and has it already, and as the bytes of
an array in shared memory (3.8 and later).
"""
import array
import multiprocessing
import multiprocessing.shared_memory
import queue
import threading
import time

from look import VERSION

numbers = list(range(1000000))
fork = multiprocessing.get_context("fork")


def worker(receive, send):
    while True:
        given = receive()
        if given is None:
            return
        send(sum(given))


def in_shared(receive, send):
    while True:
        name = receive()
        if name is None:
            return
        block = multiprocessing.shared_memory.SharedMemory(name)
        view = block.buf[:8 * len(numbers)].cast("q")
        send(sum(view))
        view.release()
        block.close()


def middle(send, receive, given):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        send(given)
        receive()
        times.append((time.perf_counter() - start) * 1000)
    send(None)
    return sorted(times)[2]


def by_thread():
    there, back = queue.Queue(), queue.Queue()
    thread = threading.Thread(target=worker, args=(there.get, back.put))
    thread.start()
    found = middle(there.put, back.get, numbers)
    thread.join()
    return found


def by_process(target, given):
    ours, theirs = fork.Pipe()
    process = fork.Process(target=target, args=(theirs.recv, theirs.send))
    process.start()
    found = middle(ours.send, ours.recv, given)
    process.join()
    return found


def forked():
    times = []
    for _ in range(5):
        start = time.perf_counter()
        ours, theirs = fork.Pipe()
        process = fork.Process(target=lambda: theirs.send(sum(numbers)))
        process.start()
        ours.recv()
        times.append((time.perf_counter() - start) * 1000)
        process.join()
    return sorted(times)[2]


def shared():
    block = multiprocessing.shared_memory.SharedMemory(create=True, size=8 * len(numbers))
    block.buf[:8 * len(numbers)] = array.array("q", numbers).tobytes()
    found = by_process(in_shared, block.name)
    block.close()
    block.unlink()
    return found


print(VERSION)
print("  the sum alone                  %7.1f ms" % middle(lambda given: given and sum(given), int, numbers))
print("  to a thread, by a queue        %7.1f ms" % by_thread())
print("  to a process, pickled          %7.1f ms" % by_process(worker, numbers))
print("  to a process, in shared memory %7.1f ms" % shared())
print("  a forked process, has it       %7.1f ms" % forked())
