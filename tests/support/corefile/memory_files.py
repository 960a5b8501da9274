"""Files for imports, from a mapping; keeps the promises of the real folder."""

import posixpath
from collections.abc import Mapping, Sequence

from eksaddon.corefile import PathKind


class MemoryFiles:
    """Attributes: content: By absolute path."""

    def __init__(self, content: Mapping[str, str]) -> None:
        self.content = content

    def kind(self, path: str) -> PathKind:
        if path in self.content:
            return PathKind.FILE
        inside = path.rstrip("/") + "/"
        return PathKind.FOLDER if any(each.startswith(inside) for each in self.content) else PathKind.ABSENT

    def names(self, folder: str) -> Sequence[str]:
        inside = folder.rstrip("/") + "/"
        below = [each.removeprefix(inside) for each in self.content if each.startswith(inside)]
        return list({posixpath.normpath(each).split("/")[0]: None for each in below})

    def read(self, path: str) -> bytes:
        if path not in self.content:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.content[path].encode()
