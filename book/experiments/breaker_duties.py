"""The duties at a switch point, in the order in which they are done.

Signals, pending calls and exceptions come while one function written in C runs, so that they all wait when it comes
back; what is noted, in which order, is printed. Handlers and calls are Python functions here, so they come to switch
points themselves: a pending call is made before the first line of a handler.
"""
import ctypes
import operator
import platform
import signal
import sys
import threading
from functools import partial

CALL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
api = ctypes.pythonapi
api.Py_AddPendingCall.argtypes = [CALL, ctypes.c_void_p]
api.PyThreadState_SetAsyncExc.argtypes = [ctypes.c_ulong, ctypes.py_object]
raise_signal = getattr(ctypes.PyDLL(None), "raise")  # that of C: it looks for no handler
kept = []


class Stop(Exception):
    pass


def pending(name, then=lambda: None):
    """A function of C that adds a pending call, which notes its name."""
    def call(_):
        noted.append(name)
        then()
        noted.append(name + " ends")
        return 0
    kept.append(CALL(call))
    return partial(api.Py_AddPendingCall, kept[-1], None)


def handler(name):
    return lambda *args: noted.append(name)


def all_of(*things):
    """Calls them one after the other, from C: no switch point in between."""
    list(map(getattr(operator, "call"), things))


def tell(what):
    noted.append("the next line")
    print("  %-36s %s" % (what, ", ".join(noted)))
    del noted[:]


def work():
    sigint()
    for _ in range(1000):
        pass
    f()
    for _ in range(1000):
        pass
    noted.append("worker ends")


noted = []
sigint, sigterm = partial(raise_signal, signal.SIGINT), partial(raise_signal, signal.SIGTERM)
stop = partial(api.PyThreadState_SetAsyncExc, threading.get_ident(), Stop)
f, g = pending("f"), pending("g")
print("Python %s" % platform.python_version())

signal.signal(signal.SIGTERM, handler("TERM"))
signal.signal(signal.SIGINT, handler("INT"))
all_of(f, sigint)
tell("a signal and a call")

signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    all_of(f, sigint, sigterm)
except KeyboardInterrupt:
    noted.append("KeyboardInterrupt")
tell("the first of two handlers raises")

try:
    all_of(stop)
except Stop:
    noted.append("Stop")
tell("an exception from elsewhere")

all_of(pending("h", lambda: len(())), g)
tell("a call comes to a switch point")

all_of(pending("h", g))
tell("a call adds a call")

signal.signal(signal.SIGINT, lambda *args: (noted.append("INT"), sigterm(), noted.append("INT ends")))
all_of(sigint)
tell("a signal in a handler")

signal.signal(signal.SIGINT, handler("INT"))
sys.setswitchinterval(1000)
worker = threading.Thread(target=work)
worker.start()
worker.join()
tell("a signal and a call, worker runs")


made = []


def again(_):
    made.append(1)
    if len(made) < 100:
        api.Py_AddPendingCall(kept[-1], None)
    return 0


kept.append(CALL(again))
api.Py_AddPendingCall(kept[-1], None)
print("  a call adds itself: %d are made before the next line" % len(made))
