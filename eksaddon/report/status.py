"""What is on every cluster, without asking whether it should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from rich.table import Table
from rich.text import Text

from eksaddon.corefile.parser import parse
from eksaddon.corefile.resolve import lameducks
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.target import Target
from eksaddon.domain.termination import SECOND
from eksaddon.schema import Values, parse_values


class StatusWord(StrEnum):
    MANAGED = "managed"
    NOT_INSTALLED = "notInstalled"
    AUTO_MODE = "autoMode"
    NOT_ACTIVE = "notActive"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Row:
    """One cluster.

    Attributes:
        status: The add-on's or the cluster's, as EKS says it.
        replicas: replicaCount as stored; None where it is not set.
        lameduck: Seconds of all server blocks together; None where no Corefile is stored.
        note: Cause, health issues.
    """

    target: Target
    word: StatusWord
    version: str = ""
    status: str = ""
    replicas: Json = None
    lameduck: float | None = None
    note: str = ""


def row(target: Target, observed: Observed) -> Row:
    match observed:
        case Managed():
            return _managed(target, observed)
        case NotInstalled():
            return Row(target, StatusWord.NOT_INSTALLED)
        case AutoMode():
            return Row(target, StatusWord.AUTO_MODE)
        case NotActive(status=status):
            return Row(target, StatusWord.NOT_ACTIVE, status=status)
        case Connected():
            return Row(target, StatusWord.CONNECTED)
        case Unreachable(trouble=trouble):
            return Row(target, StatusWord.UNREACHABLE, note=str(trouble))
        case _:
            assert_never(observed)


def _managed(target: Target, observed: Managed) -> Row:
    values = parse_values(observed.text)
    issues = "; ".join(f"{issue.code}: {issue.message}" for issue in observed.issues)
    if not isinstance(values, Values):
        note = "; ".join(filter(None, (issues, f"configurationValues: {values.reason}")))
        return Row(target, StatusWord.MANAGED, observed.version, observed.status, note=note)
    return Row(
        target,
        StatusWord.MANAGED,
        observed.version,
        observed.status,
        values.tree.get("replicaCount"),
        _lameduck(values.tree.get("corefile")),
        issues,
    )


def _lameduck(corefile: Json) -> float | None:
    if not isinstance(corefile, str) or not corefile.strip():
        return None
    parsed = parse(corefile)
    found = lameducks(parsed)
    return None if parsed.fault or found.fault else found.total / SECOND


def status_document(rows: Sequence[Row], created_at: str) -> JsonObject:
    words = [row.word for row in rows]
    return {
        "schemaVersion": 1,
        "kind": "status",
        "createdAt": created_at,
        "summary": {"targets": len(rows), **{word.value: words.count(word) for word in StatusWord}},
        "clusters": [
            {
                "account": row.target.ref.account,
                "region": row.target.ref.region,
                "name": row.target.ref.name,
                "state": row.word.value,
                "addonVersion": row.version,
                "status": row.status,
                "replicaCount": row.replicas,
                "lameduckSeconds": row.lameduck,
                "note": row.note,
            }
            for row in rows
        ],
    }


def status_table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("cluster", "state", "version", "status", "replicas", "lameduck", "note"):
        table.add_column(heading, overflow="fold")
    for one in rows:
        style = {"ACTIVE": "green", "": "default"}.get(one.status, "yellow")
        table.add_row(
            on_one_line(str(one.target.ref)),
            one.word.value,
            on_one_line(one.version),
            Text(on_one_line(one.status), style=style),
            "" if one.replicas is None else on_one_line(str(one.replicas)),
            "" if one.lameduck is None else f"{one.lameduck:g}s",
            on_one_line(one.note),
        )
    return table
