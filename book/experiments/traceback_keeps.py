"""What does a kept exception keep? Each line keeps it in another way; a big local of the failing function is looked at.

A weak reference says whether the object is alive after everything else was dropped and a collection ran.
"""
import concurrent.futures
import gc
import sys
import traceback
import weakref

from look import VERSION


class Big:
    pass


def fails(seen):
    big = Big()
    seen.append(weakref.ref(big))
    raise ValueError("no")


def caller(seen):
    also = Big()
    seen.append(weakref.ref(also))
    fails(seen)


def caught(seen):
    try:
        caller(seen)
    except ValueError as error:
        return error


def handled(seen):
    return bool(caught(seen))


def as_text(seen):
    return str(caught(seen)) + "".join(traceback.format_exception(None, caught(seen), None))


def without_traceback(seen):
    return caught(seen).with_traceback(None)


def frames_cleared(seen):
    error = caught(seen)
    traceback.clear_frames(error.__traceback__)
    return error


def as_context(seen):
    try:
        try:
            caller(seen)
        except ValueError:
            raise KeyError("another")
    except KeyError as error:
        return error.with_traceback(None)


def as_context_from_none(seen):
    try:
        try:
            caller(seen)
        except ValueError:
            raise KeyError("another") from None
    except KeyError as error:
        return error.with_traceback(None)


def exc_info(seen):
    try:
        caller(seen)
    except ValueError:
        return sys.exc_info()


def a_future(seen):
    future = concurrent.futures.Future()
    future.set_exception(caught(seen))
    return future


print("%-30s local of the failing function   of its caller" % VERSION)
for way in (handled, as_text, without_traceback, frames_cleared, caught, exc_info, a_future, as_context,
            as_context_from_none):
    seen = []
    kept = way(seen)
    gc.collect()
    caller_local, inner_local = ("alive" if ref() is not None else "gone" for ref in seen[:2])
    print("  %-28s %-30s %s" % (way.__name__.replace("_", " "), inner_local, caller_local))
    del kept
