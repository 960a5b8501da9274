"""Words and numbers as people read them."""

import json
from collections.abc import Iterable, Sequence

from eksaddon.domain.json import Json
from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.printable import on_one_line

LONGEST_VALUE = 60


def counted(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def value_text(value: Json) -> str:
    """A value in one short line; `not set` for what is absent."""
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = on_one_line(text)
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"


def names_by_scope(clusters: Sequence[ClusterPlan], most: int) -> list[str]:
    """`account/region: a, b, c`, one line a scope; long lists are cut and say so."""
    scopes: dict[str, list[str]] = {}
    for cluster in clusters:
        account = on_one_line(cluster.target.account_name) or cluster.target.ref.account
        scopes.setdefault(f"{account}/{cluster.target.ref.region}", []).append(
            on_one_line(cluster.target.ref.name)
        )
    lines = [f"{scope}: {_listed(names, most)}" for scope, names in scopes.items()]
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most:,} more regions"]


def _listed(names: Sequence[str], most: int) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"
