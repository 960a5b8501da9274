"""Regular expressions that are compiled at their first use.

A command imports a hundred of them and uses a few; compiling one takes 0.2 ms.
"""

import re
from functools import cached_property
from typing import Any, AnyStr

__all__ = ["regex"]


class _Later:
    """Stands for a compiled pattern. Its methods are kept, so that later calls are as quick as its own."""

    def __init__(self, pattern: Any, flags: int) -> None:  # noqa: ANN401  # text or bytes
        self.pattern = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[Any]:
        return re.compile(self.pattern, self._flags)  # noqa: TID251  # the one place

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # an attribute of re.Pattern
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, which raises re.error at the first use."""
    later: Any = _Later(pattern, flags)
    return later  # type: ignore[no-any-return]
