"""The lock files, read as pip reads them."""

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
LOWEST, AUDIT, DOCS = (ROOT / f"requirements-{name}.txt" for name in ("lowest", "audit", "docs"))
ALL = (RUNTIME, DEVELOPMENT, LOWEST, AUDIT, DOCS)

_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One entry of a lock.

    Attributes:
        name: In its canonical form.
        text: All before the first hash.
    """

    name: str
    version: str
    extras: frozenset[str]
    text: str
    hashes: tuple[str, ...]
    applies: bool

    @property
    def is_installed(self) -> bool:
        """Whether this environment has exactly this version; one made by other means may not."""
        try:
            return version(self.name) == self.version
        except PackageNotFoundError:
            return False


def pins(lock: Path) -> tuple[Pin, ...]:
    """All entries, those for other platforms and Pythons too (`applies` is false for them).

    Raises:
        ValueError: An entry is not pinned by `==` or `===`.
    """
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return tuple(_pin(line) for line in joined.splitlines() if line.strip() and not line.startswith("#"))


def _pin(line: str) -> Pin:
    text = line.partition(" --hash")[0].strip()
    found = Requirement(text)
    (specifier,) = found.specifier
    if specifier.operator not in {"==", "==="} or "*" in specifier.version:
        raise ValueError(f"not pinned: {text}")
    return Pin(
        canonicalize_name(found.name),
        specifier.version,
        frozenset(found.extras),
        text,
        tuple(_HASH.findall(line)),
        found.marker is None or found.marker.evaluate(),
    )
