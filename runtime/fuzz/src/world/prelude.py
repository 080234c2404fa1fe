"""Runs world programs that were written out as Python, and prints their facts.

Standard input holds programs, each ended by a line `#----`; so does the output. What is in here makes no object that the
collector counts while a program runs, except where a comment says which: the runtime makes the same ones.
"""
import gc
import operator
import queue
import sys
import threading
import time
import types
import weakref

_out = []           # lines of facts
_labels = {}        # id -> label: numbers and texts only, so the dict is never tracked
_made = {}          # place -> how many were made for it
_noted = {}         # name -> id
_flag = {'exception': 0, 'enabled': 0, 'callbacks': 0}
_say = _out.append
_atoms = frozenset((int, float, str, bytes, bool, type(None)))
_nothing = ()
_empty = types.CellType()
_hash = hash


def _fact(text):
    _say('   = ' + text)


def _label(place, x):
    n = _made.get(place, 0) + 1
    _made[place] = n
    _labels[id(x)] = place if n == 1 else f'{place}#{n}'
    return x


def _label_function(place, f):
    """A function, and what belongs to it."""
    _label(place, f)
    name = _labels[id(f)]
    cells = f.__closure__
    if cells is not None:
        _labels[id(cells)] = name + '.closure'
        i = 0
        while i < len(cells):
            _labels[id(cells[i])] = f'{name}.cell{i}'
            i += 1
    if f.__defaults__ is not None:
        _labels[id(f.__defaults__)] = name + '.defaults'
    return f


def _label_module(place, m):
    _label(place, m)
    _labels[id(m.__dict__)] = _labels[id(m)] + '.dict'
    return m


def _label_exception(place, e):
    _label(place, e)
    if e.args is not _nothing:
        _labels[id(e.args)] = _labels[id(e)] + '.args'
    return e


def _tell(x):
    if type(x) in _atoms:
        return repr(x)
    if x is _nothing:
        return '()'
    label = _labels.get(id(x))
    if label is None:
        return '<' + type(x).__name__ + '>'
    return label


def _yes(flag):
    _fact('yes' if flag else 'no')


def _number(n):
    _fact(repr(n))


def _references(n, x):
    """Numbers, texts and `None` are everybody's."""
    _fact('many' if type(x) in _atoms or x is _nothing else repr(n))


def _type(x):
    _fact(type(x).__name__)


def _show(x):
    """Iterators of dicts are made while nothing can be collected, and are gone after it: they count as nothing."""
    _quiet()
    kind = type(x)
    if kind is weakref.WeakValueDictionary or kind is weakref.WeakKeyDictionary:
        kind, x = dict, dict(x)
    elif kind is weakref.WeakSet:
        kind, x = list, list(x)
    if kind is list or kind is tuple:
        text, i = '', 0
        while i < len(x):
            text = (text + ' ' if text else '') + _tell(x[i])
            i += 1
        _fact('[' + text + ']' if kind is list else '(' + text + ')')
    elif kind is dict:
        text = ''
        for k in x:
            text = (text + ', ' if text else '') + _tell(k) + ': ' + _tell(x[k])
        _fact('{' + text + '}')
    elif kind is weakref.ref:
        o = x()
        _fact('dead' if o is None else 'to ' + _tell(o))
    elif kind is types.CellType:
        if x == _empty:
            _fact('empty')
        else:
            _fact('holds ' + _tell(x.cell_contents))
    else:
        _fact(_tell(x))
    _aloud()


def _quiet():
    """Questions allocate, but begin no collection."""
    _flag['enabled'] = gc.isenabled()
    gc.disable()


def _aloud():
    if _flag['enabled']:
        gc.enable()


def _labelled(objects):
    """The list is an object that the collector counts."""
    text, i = '', 0
    while i < len(objects):
        label = _labels.get(id(objects[i]))
        if label is not None and type(objects[i]) not in _atoms:
            text = (text + ' ' if text else '') + label
        i += 1
    return text or 'none'


def _referents(x):
    """A tuple of one argument, and a list."""
    _quiet()
    _fact(_labelled(gc.get_referents(x)))
    _aloud()


def _referrers(x):
    """A tuple of one argument, and a list."""
    _quiet()
    referrers = _labelled(gc.get_referrers(x))
    _fact('many' if type(x) in _atoms or x is _nothing else referrers)
    _aloud()


def _weakrefs(x):
    """A list."""
    _quiet()
    _fact(f'{weakref.getweakrefcount(x)}: ' + _labelled(weakref.getweakrefs(x)))
    _aloud()


def _order(generation):
    """A list."""
    _quiet()
    _fact(_labelled(gc.get_objects(generation)))
    _aloud()


def _garbage():
    _fact(_labelled(gc.garbage))


def _size(x):
    """A tuple of one argument."""
    _quiet()
    _fact(repr(sys.getsizeof(x)))
    _aloud()


def _count():
    """A tuple of three."""
    _quiet()
    c = gc.get_count()
    if _flag['exception']:
        _fact('not told any more')
    else:
        _fact(f'{c[0]} {c[1]} {c[2]}')
    _aloud()


def _stats():
    """A list of three dicts."""
    _quiet()
    now = gc.get_stats()
    text, g = '', 0
    while g < 3:
        s, key = now[g], f'stats{g}'
        a, b = s['collections'] - _flag[key + 'n'], s['collected'] - _flag[key + 'c']
        text += f'{a} found {b}; ' if g < 2 else f'{a} found {b}'
        g += 1
    _fact(text)
    _aloud()


def _base_of_stats():
    g = 0
    for s in gc.get_stats():
        _flag[f'stats{g}n'], _flag[f'stats{g}c'] = s['collections'], s['collected']
        g += 1


def _collect(generation):
    _fact(f'collected {gc.collect(generation)}')


def _note(name, x):
    _noted[name] = id(x)


def _place(name, x):
    _yes(_noted.get(name) == id(x))


def _oops(e):
    _flag['exception'] = 1
    _fact('raises ' + type(e).__name__)


def _ignored(args):
    _flag['exception'] = 1
    _fact('ignored ' + args.exc_type.__name__)


def _told(phase, info):
    if phase == 'start':
        _fact(f"collector starts {info['generation']}")
    else:
        _fact(f"collector stops {info['generation']}: {info['collected']} found")


def _callbacks(on):
    if on and _told not in gc.callbacks:
        gc.callbacks.append(_told)
    elif not on:
        gc.callbacks.clear()



def _closure(n):
    def closure0():
        def closure(): return None
        return closure
    def closure1(a):
        def closure(): return a
        return closure
    def closure2(a, b):
        def closure(): return a, b
        return closure
    def closure3(a, b, c):
        def closure(): return a, b, c
        return closure
    def closure4(a, b, c, d):
        def closure(): return a, b, c, d
        return closure
    return (closure0, closure1, closure2, closure3, closure4)[n]


def _recursive(n):
    def recursive0():
        def z(): return z
        return z
    def recursive1(a):
        def z(): return a, z
        return z
    def recursive2(a, b):
        def z(): return a, b, z
        return z
    def recursive3(a, b, c):
        def z(): return a, b, c, z
        return z
    return (recursive0, recursive1, recursive2, recursive3)[n]


def _defaults(n):
    def defaults1(a):
        def defaults(p=a): return p
        return defaults
    def defaults2(a, b):
        def defaults(p=a, q=b): return p
        return defaults
    def defaults3(a, b, c):
        def defaults(p=a, q=b, r=c): return p
        return defaults
    def defaults4(a, b, c, d):
        def defaults(p=a, q=b, r=c, s=d): return p
        return defaults
    return (None, defaults1, defaults2, defaults3, defaults4)[n]


def _generator(n):
    def generator0():
        got = None
        while True: got = yield got
    def generator1(a):
        got = None
        while True: got = yield got
    def generator2(a, b):
        got = None
        while True: got = yield got
    def generator3(a, b, c):
        got = None
        while True: got = yield got
    def generator4(a, b, c, d):
        got = None
        while True: got = yield got
    return (generator0, generator1, generator2, generator3, generator4)[n]


def _caught(error):
    _flag['exception'] = 1
    error.__traceback__ = error.__traceback__.tb_next


def _weakvalues():
    _flag['exception'] = 1
    return weakref.WeakValueDictionary()


def _weakkeys():
    _flag['exception'] = 1
    return weakref.WeakKeyDictionary()


def _weakset():
    _flag['exception'] = 1
    return weakref.WeakSet()


def _weakmethod(*args):
    _flag['exception'] = 1
    return weakref.WeakMethod(*args)


def _finalize(*args):
    _flag['exception'] = 1
    return weakref.finalize(*args)


def _hash_of(x):
    _hash(x)
    _yes(True)


def _subclasses(c):
    _fact(_labelled(c.__subclasses__()))


def _thread(function, *args):
    return threading.Thread(target=function, args=args)


def _start(*all):
    for thread in all:
        thread.start()


def _join(*all):
    for thread in all:
        thread.join()


def _run_all(*all):
    _start(*all)
    _join(*all)


def _ended(args):
    _flag['exception'] = 1
    _fact(_tell(args.thread) + ' ends with ' + args.exc_type.__name__)


def _interval():
    _fact(f'{round(sys.getswitchinterval() * 1e6)} us')


def _begun(g):
    next(g)
    return g


def _begin():
    """What was there before is frozen; the free lists are empty; the counters are 0."""
    gc.collect()
    gc.freeze()
    _base_of_stats()
    gc.collect()


_NAMES = {
    '_say': _say, '_fact': _fact, '_label': _label, '_label_function': _label_function, '_label_module': _label_module,
    '_label_exception': _label_exception, '_tell': _tell, '_yes': _yes, '_number': _number,
    '_references': _references, '_type': _type,
    '_show': _show, '_referents': _referents, '_referrers': _referrers, '_weakrefs': _weakrefs, '_order': _order,
    '_garbage': _garbage, '_size': _size, '_count': _count, '_stats': _stats, '_collect': _collect, '_note': _note,
    '_place': _place, '_oops': _oops, '_callbacks': _callbacks, '_begin': _begin, '_begun': _begun,
    '_refcount': sys.getrefcount, '_is_tracked': gc.is_tracked, '_is_finalized': gc.is_finalized, '_gc': gc,
    '_caught': _caught, '_weakvalues': _weakvalues, '_weakkeys': _weakkeys, '_weakset': _weakset,
    '_weakmethod': _weakmethod, '_finalize': _finalize, '_getframe': sys._getframe, '_hash': hash, '_hash_of': _hash_of, '_subclasses': _subclasses,
    '_isenabled': gc.isenabled, '_ref': weakref.ref, '_proxy': weakref.proxy, '_CellType': types.CellType,
    '_ModuleType': types.ModuleType, '_ior': operator.ior, '_len': len, '_list': list, '_set': set, '_iter': iter,
    '_thread': _thread, '_start': _start, '_join': _join, '_run': _run_all, '_interval': _interval,
    '_lock': threading.Lock, '_rlock': threading.RLock, '_event': threading.Event, '_condition': threading.Condition,
    '_semaphore': threading.Semaphore, '_queue': queue.Queue, '_local': threading.local, '_sleep': time.sleep,
    '_setswitchinterval': sys.setswitchinterval,
    '_next': next, '_frozenset': frozenset, '_int': int, '_float': float, '_object': object,
    **{f'_closure{n}': _closure(n) for n in range(5)},
    **{f'_recursive{n}': _recursive(n) for n in range(4)},
    **{f'_defaults{n}': _defaults(n) for n in range(1, 5)},
    **{f'_generator{n}': _generator(n) for n in range(5)},
}


def _run(source):
    if '_gc.unfreeze' in source:
        # Classes of earlier programs died frozen.
        gc.unfreeze()
        while gc.collect():
            pass
    _out.clear()
    _labels.clear()
    _made.clear()
    _noted.clear()
    _flag['exception'] = 0
    code = compile(source, 'program', 'exec')
    names = dict(_NAMES)
    try:
        exec(code, names)
    except BaseException as error:
        _say(f'{type(error).__name__}: {error}')
    if len(threading._active) > 1:
        _join(*(thread for thread in threading.enumerate() if thread is not threading.main_thread()))
    sys.setswitchinterval(0.005)
    gc.disable()
    gc.callbacks.clear()
    gc.set_debug(0)
    gc.set_threshold(700, 10, 10)
    text = '\n'.join(_out)
    gc.garbage.clear()
    names.clear()
    while gc.collect():
        pass
    return text


def _main():
    gc.disable()
    sys.unraisablehook = _ignored
    threading.excepthook = _ended
    [].clear()
    source = []
    for line in sys.stdin:
        if line == '#----\n':
            text = _run(''.join(source))
            sys.stdout.write((text + '\n' if text else '') + '#----\n')
            sys.stdout.flush()
            source.clear()
        else:
            source.append(line)


_main()
