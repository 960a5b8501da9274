"""Names for the completion of shells: of the last reads, of recorded runs and of AWS profiles.

Completing reads a few small local files and nothing else; a missing or damaged file means that there are no
names, never an error in the middle of a command line.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from enum import StrEnum
from itertools import islice
from pathlib import Path

from eksaddon.app.local.places import default_state
from eksaddon.regex import regex

FILE = "names.json"
MOST_NAMES = 5_000
"""Of each kind; the ones read last are kept."""

MOST_BYTES = 1 << 20
"""Largest file that is read; a larger one is as good as missing."""

MOST_RUNS = 10_000
"""Maximum number of entries read in the folder of runs."""

_SAFE = regex(r"[A-Za-z0-9][A-Za-z0-9._/:+@-]*")
"""Shells evaluate what they complete; other names are not offered."""

_RUN = regex(r"([0-9]{8}-[0-9]{6}-[0-9a-f]{6})\.jsonl")


class Kind(StrEnum):
    """What an option or an argument names."""

    ACCOUNTS = "accounts"
    CLUSTERS = "clusters"
    PROFILES = "profiles"
    REGIONS = "regions"
    RUNS = "runs"
    TOPICS = "topics"
    WAVES = "waves"


READ = (Kind.ACCOUNTS, Kind.CLUSTERS, Kind.REGIONS, Kind.WAVES)
"""Kinds that are remembered from reads."""

Names = Mapping[Kind, Iterable[str]]


def remember(found: Names, *, is_whole: bool, environ: Mapping[str, str] = os.environ) -> None:
    """Keep the names of a read for later completions; a failure is ignored.

    Args:
        is_whole: The read covered everything, so that names of earlier ones are outdated.
    """
    from eksaddon.app.files.private import write_private  # noqa: PLC0415  # completing needs no writer
    from eksaddon.domain.errors import EksdnsError  # noqa: PLC0415  # as above

    path = Path(default_state(environ)) / FILE
    before = _read(path)
    kept = {}
    for kind in READ:
        new = list(dict.fromkeys(found.get(kind, ())))
        old = [] if is_whole and new else [name for name in before.get(kind, []) if name not in set(new)]
        kept[kind.value] = [*new, *old][:MOST_NAMES]
    if kept != before:
        try:
            write_private(path, json.dumps(kept))
        except (EksdnsError, ValueError):
            return


def known(
    kind: Kind, start: str, state: str = "", environ: Mapping[str, str] = os.environ
) -> tuple[str, ...]:
    """Names that start so, sorted; runs newest first.

    Args:
        state: Where runs are recorded; a bucket is not read.
    """
    try:
        names = _names(kind, state, environ)
        fitting = {name for name in names if name.startswith(start) and _SAFE.fullmatch(name)}
    except (OSError, ValueError, RuntimeError):  # RuntimeError: no home folder
        return ()
    return tuple(sorted(fitting, reverse=kind is Kind.RUNS))


def _names(kind: Kind, state: str, environ: Mapping[str, str]) -> Iterable[str]:
    match kind:
        case Kind.RUNS:
            return _runs(state or environ.get("EKSDNS_STATE") or default_state(environ))
        case Kind.TOPICS:
            from eksaddon.app.topics import topic_names  # noqa: PLC0415  # completion only

            return topic_names()
        case Kind.PROFILES:
            return _profiles(environ)
        case _:
            return _read(Path(default_state(environ)) / FILE).get(kind, [])


def _read(path: Path) -> dict[str, list[str]]:
    """The remembered names; empty if there are none that can be read."""
    try:
        found = json.loads(_text(path))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        kind.value: [name for name in found[kind] if isinstance(name, str)]
        for kind in READ
        if isinstance(found.get(kind), list)
    }


def _text(path: Path) -> str:
    """Raises OSError or ValueError, also for a file that is too large."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(path)
    return content.decode("utf-8")


def _runs(state: str) -> Iterator[str]:
    if state.startswith("s3:"):
        return
    with os.scandir(Path(state).expanduser() / "runs") as entries:
        for entry in islice(entries, MOST_RUNS):
            if found := _RUN.fullmatch(entry.name):
                yield found[1]


def _profiles(environ: Mapping[str, str]) -> Iterator[str]:
    """Sections of both files (source: AWS SDKs and Tools reference guide, config and credentials files)."""
    for variable, usual in (("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")):
        path = Path(environ.get(variable) or Path.home() / ".aws" / usual).expanduser()
        parser = RawConfigParser(strict=False, allow_no_value=True, interpolation=None)
        try:
            parser.read_string(_text(path))
        except (OSError, ValueError, ConfigParserError):
            continue
        for section in parser.sections():
            words = section.split()
            if len(words) == 1 and (usual == "credentials" or section == "default"):
                yield section
            elif len(words) > 1 and words[0] == "profile":
                yield " ".join(words[1:])
