"""Places in a document, printed for people."""

import re
from collections.abc import Sequence

from eksaddon.domain.json import canonical

Path = Sequence[str | int]
"""Keys of mappings and positions in lists, from the top level down."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def path_text(path: Path) -> str:
    """As `tolerations[0].key` or `podLabels["app.kubernetes.io/name"]`."""
    parts = [
        f".{each}" if isinstance(each, str) and _PLAIN_KEY.fullmatch(each) else f"[{canonical(each)}]"
        for each in path
    ]
    return "".join(parts).removeprefix(".")
