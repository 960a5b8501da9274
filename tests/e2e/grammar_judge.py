"""The real parser behind a pipe, and the same answers from the Python readings."""

import functools
import os
import random
import struct
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from eksaddon.corefile import (
    STOCK_DIRECTIVES,
    NotADuration,
    ZoneError,
    decode,
    format_duration,
    parse_duration,
    shown,
    zone_addresses,
)
from eksaddon.corefile.syntax.zones import DEFAULT_PORTS
from tests.support.corefile.grammar import FIELD, corefile_answer
from tests.support.corefile.inputs import ENVIRONMENT, FILES, random_corefile, random_duration, random_zone

VERSION = "1.14.7"
IMPORT_LIMIT = 40
NO_GO = 69


@functools.cache
def judge() -> Path:
    """The binary; without Go the test is skipped, or fails where nothing may be left out."""
    script = Path(__file__).with_name("build_grammar_judge.sh")
    done = subprocess.run([script, VERSION], capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode == NO_GO and os.environ.get("EKSDNS_E2E_REQUIRED") != "1":
        pytest.skip("NOT TESTED against the real parser: Go is needed to build it")
    assert done.returncode == 0, done.stderr[-2000:]
    return Path(done.stdout.strip())


def answers(inputs: Sequence[tuple[str, bytes]], folder: Path) -> Iterator[str]:
    """What the real packages say to each (kind, input)."""
    requests = b"".join(struct.pack(">cI", kind.encode(), len(data)) + data for kind, data in inputs)
    done = subprocess.run(
        [judge(), "-limit", str(IMPORT_LIMIT), "-directives", ",".join(sorted(STOCK_DIRECTIVES))],
        input=requests,
        capture_output=True,
        cwd=folder,
        env=ENVIRONMENT,
        timeout=600,
        check=True,
    )
    at = 0
    while at < len(done.stdout):
        (size,) = struct.unpack_from(">I", done.stdout, at)
        yield done.stdout[at + 4 : at + 4 + size].decode()
        at += 4 + size


def write_files(folder: Path) -> None:
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def zone_answer(data: bytes) -> str:
    text = decode(data)
    try:
        found = zone_addresses(text)
    except ZoneError as error:
        return shown(str(error))
    scheme, port = found[0].scheme, found[0].port
    given = "" if port == DEFAULT_PORTS[scheme] and not _ends_with_port(text, port) else port
    return FIELD.join([scheme, given, *(shown(each.zone) for each in found)])


def _ends_with_port(text: str, port: str) -> bool:
    last = text.rpartition(":")[2]
    return port != "" and ":" in text and last.lstrip("+").lstrip("0") == port


def duration_answer(data: bytes) -> str:
    found = parse_duration(decode(data))
    return found.message if isinstance(found, NotADuration) else f"{found}{FIELD}{format_duration(found)}"


def compare(count: int, seed: int, folder: Path, seeds: Sequence[bytes] = ()) -> list[str]:
    """Compare that many inputs with the real packages; what differs, described for reading."""
    dice = random.Random(seed)
    inputs: list[tuple[str, bytes]] = []
    for number in range(count):
        match number % 10:
            case 0:
                inputs.append(("z", random_zone(dice).encode()))
            case 1:
                inputs.append(("d", random_duration(dice).encode()))
            case _:
                inputs.append(("c", random_corefile(dice, seeds)))
    readers: dict[str, Callable[[bytes], str]] = {
        "z": zone_answer,
        "d": duration_answer,
        "c": lambda data: corefile_answer(data, folder),
    }
    write_files(folder)
    differences = []
    with (
        patch("eksaddon.corefile.syntax.importer.MOST_SNIPPETS", IMPORT_LIMIT),
        patch("eksaddon.corefile.syntax.importer.MOST_FILES", IMPORT_LIMIT),
        patch("eksaddon.corefile.syntax.parser.MOST_SNIPPETS", IMPORT_LIMIT),
    ):
        for (kind, data), wanted in zip(inputs, answers(inputs, folder), strict=True):
            found = readers[kind](data)
            if found != wanted:
                differences.append(f"{kind} {data!r}\n  real: {wanted!r}\n  ours: {found!r}")
    return differences
