"""What a doctor found, for people and for programs; pure."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from eksaddon.domain.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.printable import on_one_line
from eksaddon.report.documents.schemas import DIALECT

KIND = "doctor"
MOST_NAMES = 5
_INDENT = "  "
_SHOWN = (CheckState.MISSING, CheckState.UNPROVEN)


def rows(checkups: Sequence[Checkup]) -> tuple[tuple[str, ...], ...]:
    """The target stands last, since its name may be of any length."""
    return tuple(
        (one.word(kubernetes=False).value, one.word(kubernetes=True).value, str(one.ref)) for one in checkups
    )


def findings(checkups: Sequence[Checkup], width: int) -> tuple[str, ...]:
    """Each thing that is missing or unproven once, with the targets it is about; missing ones first."""
    about: dict[Check, list[str]] = {}
    for one in checkups:
        for check in one.checks:
            if check.state in _SHOWN:
                about.setdefault(check, []).append(str(one.ref))
    ordered = sorted(about, key=lambda check: _SHOWN.index(check.state))
    return tuple(line for check in ordered for line in _told(check, about[check], width))


def _told(check: Check, names: Sequence[str], width: int) -> Iterator[str]:
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    yield ""
    yield from _wrapped(f"{check.state.value}: {check.piece.value}: {check.detail}", width, "")
    yield from _wrapped(f"where: {', '.join(names[:MOST_NAMES])}{more}", width, _INDENT)
    yield from _wrapped(f"breaks: {check.breaks}", width, _INDENT)
    if check.remedy:
        yield from _wrapped(f"do: {check.remedy}", width, _INDENT)


def _wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    yield from wrap(
        on_one_line(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent + _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def total(checkups: Sequence[Checkup]) -> str:
    fine = sum(1 for one in checkups if one.is_fine)
    return f"{len(checkups):,} targets: {fine:,} ok, {len(checkups) - fine:,} with something missing"


def document(checkups: Sequence[Checkup]) -> JsonObject:
    """`ok` and `missing` of the summary add up to `targets`."""
    fine = sum(1 for one in checkups if one.is_fine)
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": KIND,
        "summary": {"targets": len(checkups), "ok": fine, "missing": len(checkups) - fine},
        "clusters": [_cluster(one) for one in checkups],
    }


def doctor_schema() -> JsonObject:
    """JSON Schema (draft 2020-12); unknown keys are allowed, so that documents can grow."""
    text: JsonObject = {"type": "string"}
    count: JsonObject = {"type": "integer", "minimum": 0}
    check = _object(
        {
            "piece": {**text, "examples": list(Piece)},
            "state": {"enum": list(CheckState)},
            "detail": {**text, "description": "What was seen; may be empty."},
            "breaks": {**text, "description": "What does not work without it, and what still does."},
            "remedy": {**text, "description": "What to do."},
        }
    )
    cluster = _object(
        {
            "account": text,
            "region": {**text, "description": "`*` where the account as a whole could not be entered."},
            "name": {**text, "description": "`*` where the clusters are not known."},
            "ok": {"type": "boolean", "description": "Whether nothing is missing."},
            "checks": {"type": "array", "items": check},
        }
    )
    summary = {"targets": count, "ok": count, "missing": count}
    properties: dict[str, Json] = {
        "schemaVersion": {"const": SCHEMA_VERSION},
        "kind": {"const": KIND},
        "summary": {**_object(summary), "description": "`ok` and `missing` add up to `targets`."},
        "clusters": {"type": "array", "items": cluster},
    }
    title = f"eksdns {KIND}, schemaVersion {SCHEMA_VERSION}"
    return {"$schema": DIALECT, "title": title, **_object(properties)}


def _object(properties: JsonObject) -> dict[str, Json]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _cluster(one: Checkup) -> Json:
    ref = one.ref
    checks: list[Json] = [
        {
            "piece": check.piece.value,
            "state": check.state.value,
            "detail": check.detail,
            "breaks": check.breaks,
            "remedy": check.remedy,
        }
        for check in one.checks
    ]
    return {
        "account": ref.account,
        "region": ref.region,
        "name": ref.name,
        "ok": one.is_fine,
        "checks": checks,
    }
