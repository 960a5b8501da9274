"""Reads the text of a file, with limits."""

from pathlib import Path

from eksaddon.config.errors import ConfigError, fault
from eksaddon.domain.diagnostic import Location
from eksaddon.regex import regex

MAX_BYTES = 8 << 20
"""Far above any real fleet: 5,000 named clusters need half a megabyte."""

MAX_ACCOUNTS = 10_000
"""Maximum of an AWS organization without a special agreement (source: AWS Organizations quotas); parsing
YAML with positions takes about a millisecond for each account.
"""

_ACCOUNT = regex(rb"(?:^|[\s{,\"'])(?:account_)?id[\"']?\s*:")

RULE = "config-file"


def read_text(path: Path, *, missing: str = "`eksdns init` writes a starter") -> str:
    """Read UTF-8, with or without a byte order mark.

    Args:
        missing: What to do if there is no such file.

    Raises:
        ConfigError: The file is missing, unreadable, too large or not text.
    """
    return decode(_read_bytes(path, missing), str(path))


def decode(content: bytes, source: str) -> str:
    accounts = sum(1 for _ in _ACCOUNT.finditer(content))
    if accounts > MAX_ACCOUNTS:
        hint = "split the file, or let `organization` list the accounts"
        summary = f"holds more than {MAX_ACCOUNTS:,} accounts"
        raise ConfigError([fault(Location(source), RULE, summary, hint)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        at = Location(source, before.count(b"\n") + 1, column)
        raise ConfigError(
            [fault(at, RULE, f"byte 0x{content[error.start]:02x} is not UTF-8", "save the file as UTF-8")]
        ) from None


def _read_bytes(path: Path, missing: str) -> bytes:
    at = Location(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError([fault(at, RULE, "no such file", missing)]) from None
    except IsADirectoryError:
        raise ConfigError(
            [fault(at, RULE, "is a directory", f"use the path of a file: {path / 'eksdns.yaml'}")]
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError([fault(at, RULE, f"cannot be read: {reason}")]) from None
    if len(content) > MAX_BYTES:
        raise ConfigError([fault(at, RULE, f"is larger than {MAX_BYTES >> 20} MiB")])
    return content
