"""The command line of this process, for reports that name it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_TYPED: ContextVar[tuple[str, ...]] = ContextVar("typed", default=())


@contextmanager
def typed(args: Sequence[str]) -> Iterator[None]:
    token = _TYPED.set(tuple(args))
    try:
        yield
    finally:
        _TYPED.reset(token)


def current_command() -> tuple[str, ...]:
    """Behind `eksdns`; empty outside of `run`."""
    return _TYPED.get()
