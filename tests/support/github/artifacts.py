"""Artifacts of a run over its attempts.

Each attempt keeps its own copy of a name. A job of a partial re-run sees those of earlier attempts too, and
which copy of a name it gets is not promised: ids are not monotonic across attempts (source: measurements in
go-gitea/gitea#38857 and Systemorph/MeshWeaver#4303). So a name of two attempts is an error here, as is one
that is uploaded twice without `overwrite`. A full re-run sees none of the earlier attempts.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path


class MissingArtifactError(AssertionError):
    pass


@dataclass
class Artifacts:
    """Attributes: folder: One folder for each attempt. since: First attempt that is visible."""

    folder: Path
    attempt: int = 1
    since: int = 1

    def put(self, source: Path, name: str, *, overwrite: bool) -> None:
        target = self.folder / str(self.attempt) / name
        assert overwrite or not target.exists(), f"{name} is there already"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({path.name for path in self._visible()}))

    def find(self, name: str) -> Path:
        found = [path for path in self._visible() if path.name == name]
        assert len(found) <= 1, f"{name} was uploaded by more than one attempt: which is read is not known"
        if not found:
            raise MissingArtifactError(f"no artifact {name}")
        return found[0]

    def get(self, name: str, target: Path) -> None:
        shutil.copytree(self.find(name), target, dirs_exist_ok=True)

    def get_matching(self, pattern: str, target: Path) -> None:
        """As download-artifact since v5: one match is unpacked into the folder itself."""
        names = [name for name in self.names() if fnmatchcase(name, pattern)]
        for name in names:
            self.get(name, target if len(names) == 1 else target / name)

    def expire(self) -> None:
        """All artifacts are gone, as after the days of their retention."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _visible(self) -> Iterator[Path]:
        for attempt in range(self.since, self.attempt + 1):
            place = self.folder / str(attempt)
            yield from place.iterdir() if place.is_dir() else ()
