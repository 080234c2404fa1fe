"""Pieces of a large buffer, and a buffer made of pieces: what is there afterwards, and the peak, by tracemalloc."""
import io
import tracemalloc

from look import VERSION

MB = 1000000
PIECE = b"x" * 1000


def ten_slices():
    data = bytes(10 * MB)
    return [data[at * MB:(at + 1) * MB] for at in range(10)], data


def ten_views():
    data = memoryview(bytes(10 * MB))
    return [data[at * MB:(at + 1) * MB] for at in range(10)], data


def ten_bytes_kept_as_slice():
    return bytes(10 * MB)[:10]


def ten_bytes_kept_as_view():
    return memoryview(bytes(10 * MB))[:10]


def plus_on_bytes():
    whole = b""
    for _ in range(1000):
        whole += PIECE
    return whole


def joined():
    return b"".join([bytes(PIECE) for _ in range(1000)])


def joined_from_a_generator():
    return b"".join(PIECE + b"" for _ in range(1000))


def bytearray_extended():
    whole = bytearray()
    for _ in range(1000):
        whole += PIECE
    return whole


def bytes_of_a_bytearray():
    return bytes(bytearray_extended())


def bytes_io():
    file = io.BytesIO()
    for _ in range(1000):
        file.write(PIECE)
    return file.getvalue()


CASES = [ten_slices, ten_views, ten_bytes_kept_as_slice, ten_bytes_kept_as_view, plus_on_bytes, joined,
         joined_from_a_generator, bytearray_extended, bytes_of_a_bytearray, bytes_io]

print("%-30s afterwards       peak" % VERSION)
for case in CASES:
    tracemalloc.start()
    kept = case()
    now, peak = tracemalloc.get_traced_memory()
    print("  %-28s %7.2f MB %7.2f MB" % (case.__name__.replace("_", " "), now / MB, peak / MB))
    tracemalloc.stop()
    del kept
