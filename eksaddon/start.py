"""The console script, quick to import, so that Ctrl-C is answered from the first moment on."""

import gc
import os
import signal

COLLECT = (200_000, 20, 100)
"""Thresholds of the garbage collector: a command makes many values that live to its end, and few cycles.
Python's own ones cost a third of the time of `corefile lint` for a text of 100,000 blocks; `plan` of one
cluster makes 120,000 objects, and a look at half of them takes 10 ms."""


def entry() -> None:
    """Import and run the program; until it answers signals itself, Ctrl-C ends it without a traceback.

    What is left at the end is freed with the process: the interpreter would search it for cycles, which takes
    a quarter of the time of `plan` of one cluster. Files are closed and handlers run as always.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    gc.set_threshold(*COLLECT)
    from eksaddon.cli.main import entry as run  # noqa: PLC0415  # takes 0.4 s

    try:
        run()
    finally:
        gc.freeze()


def _interrupted(*_: object) -> None:
    os.write(2, b"error: interrupted\n")
    os._exit(130)
