"""The console script, quick to import, so that Ctrl-C is answered from the first moment on."""

import os
import signal


def entry() -> None:
    """Import and run the program; until it answers signals itself, Ctrl-C ends it without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    from eksaddon.cli.main import entry as run  # noqa: PLC0415  # takes 0.4 s

    run()


def _interrupted(*_: object) -> None:
    os.write(2, b"error: interrupted\n")
    os._exit(130)
