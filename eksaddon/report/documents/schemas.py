"""Published JSON Schemas (draft 2020-12) of the documents."""

from typing import assert_never

from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.live import Fate
from eksaddon.domain.plan import Plane
from eksaddon.domain.run.progress import WaveState
from eksaddon.domain.run.result import RunState
from eksaddon.report.model.states import WORDS, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: JsonObject = {"type": "string"}
COUNT: JsonObject = {"type": "integer", "minimum": 0}
PLACE: JsonObject = {"type": ["integer", "null"], "minimum": 1}


def document_schema(kind: Kind) -> JsonObject:
    """Unknown keys are allowed everywhere, so that documents can grow within a schemaVersion."""
    return {
        "$schema": DIALECT,
        "title": f"eksdns {kind.value}, schemaVersion {SCHEMA_VERSION}",
        **_object(
            {
                "schemaVersion": {"const": SCHEMA_VERSION},
                "kind": {"const": kind.value},
                **_identity(kind),
                "createdAt": {
                    "type": "string",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
                    "description": "UTC.",
                },
                "summary": _summary(kind),
                "clusters": {"type": "array", "items": _cluster(kind)},
            }
        ),
        "$defs": {"location": _location(), "change": _change(), "diagnostic": _diagnostic(), "live": _live()},
    }


def _object(properties: JsonObject, *optional: str) -> JsonObject:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _said(schema: JsonObject, description: str) -> JsonObject:
    return {**schema, "description": description}


def _enum(*words: str) -> JsonObject:
    return {"enum": list(words)}


def _identity(kind: Kind) -> JsonObject:
    digest = _said(TEXT, "SHA-256 of what the plan would do; of merged documents, of their digests.")
    waves: JsonObject = {"type": "array", "items": _wave()}
    match kind:
        case Kind.PLAN:
            return {"digest": digest, "waves": waves}
        case Kind.RUN:
            reason = _said(TEXT, "Why the run is paused or stopped; empty otherwise.")
            run: JsonObject = {"runId": TEXT, "state": _enum(*RunState), "reason": reason}
            return {**run, "digest": digest, "waves": waves}
        case Kind.DRIFT | Kind.STATUS:
            return {}
        case _:
            assert_never(kind)


def _wave() -> JsonObject:
    return _object(
        {
            "name": TEXT,
            "state": _enum(*WaveState),
            "targets": _said(COUNT, "Members that are to be changed."),
            "atOnce": _said(COUNT, "How many of them at most."),
            "soakSeconds": COUNT,
            "gates": _said({"type": "array", "items": TEXT}, "`approval`, or the name of a check."),
            "until": _said({"type": ["string", "null"]}, "When its soak is over, UTC; null for no soak yet."),
            "approvedBy": TEXT,
            "reason": TEXT,
        }
    )


def _summary(kind: Kind) -> JsonObject:
    counts: dict[str, Json] = dict.fromkeys(("targets", *WORDS[kind]), COUNT)
    return _said(_object(counts), "All other counts add up to `targets`.")


def _cluster(kind: Kind) -> JsonObject:
    return _object(
        {
            "account": TEXT,
            "region": _said(TEXT, "`*` where the account as a whole could not be read."),
            "name": _said(TEXT, "`*` where the clusters are not known."),
            "addonVersion": _said(TEXT, "Empty where no managed add-on was seen."),
            **_state(kind),
            "changes": {"type": "array", "items": {"$ref": "#/$defs/change"}},
            "diagnostics": {"type": "array", "items": {"$ref": "#/$defs/diagnostic"}},
            "accountName": TEXT,
            "labels": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
            "lastUpdate": _said(
                _last_update(),
                "The newest update of the add-on that EKS remembers; absent where nobody asked.",
            ),
            "live": _said(
                {"type": "array", "items": {"$ref": "#/$defs/live"}},
                "What runs, setting by setting; absent where the cluster itself was not looked at.",
            ),
        },
        "live",
        "lastUpdate",
    )


def _last_update() -> JsonObject:
    text_or_null: JsonObject = {"type": ["string", "null"]}
    return _object(
        {
            "id": text_or_null,
            "at": _said(text_or_null, "UTC."),
            "status": _said(
                TEXT, "EKS's word; `none` for no update, `unknown` where EKS could not be asked."
            ),
            "sent": _said(
                {"type": "array", "items": TEXT}, "Names of what it carried; EKS does not say who sent it."
            ),
            "detail": _said(TEXT, "What went wrong."),
        }
    )


def _live() -> JsonObject:
    fate = _enum(*Fate)
    nothing_or_text: JsonObject = {"type": ["string", "null"]}
    flag: JsonObject = {"type": "boolean"}
    return _object(
        {
            "path": TEXT,
            "desired": _said({}, "Null where nobody names it."),
            "held": _said({}, "By the add-on's configuration; null where the field is not in it."),
            "live": _said({}, "Null where the field is not there."),
            "deviates": _said(flag, "Whether it counts as drift."),
            "heldByEks": _said(flag, "Whether the add-on's configuration decides it."),
            "compared": _said(flag, "False where others may set it as they like."),
            "manager": _said(nothing_or_text, "Field manager of the live value."),
            "operation": nothing_or_text,
            "since": _said(nothing_or_text, "When the manager last wrote, UTC."),
            "onUpdate": _said(
                _object(dict.fromkeys(ResolveConflicts, fate)), "What an add-on update would do, by mode."
            ),
        }
    )


def _state(kind: Kind) -> JsonObject:
    words = _enum(*WORDS[kind])
    why: JsonObject = {"reason": TEXT, "cause": _cause(), "hint": TEXT}
    match kind:
        case Kind.PLAN:
            return {"action": words, **why, "fingerprint": TEXT, "wave": TEXT}
        case Kind.RUN:
            update = {"updateId": {"type": ["string", "null"]}, "seconds": COUNT, "wave": TEXT}
            return {"outcome": words, **why, **update}
        case Kind.DRIFT:
            return {"state": words, **why}
        case Kind.STATUS:
            return {"state": words, **why, **_held()}
        case _:
            assert_never(kind)


def _cause() -> JsonObject:
    """Open, because a later release may know more causes."""
    return {"type": ["string", "null"], "examples": list(Cause)}


def _held() -> JsonObject:
    return {
        "status": _said(TEXT, "The add-on's or the cluster's, as EKS says it."),
        "replicaCount": _said({}, "As stored, null where it is not set."),
        "lameduckSeconds": _said(
            {"type": ["number", "null"], "minimum": 0},
            "Of all server blocks together, null where no Corefile is stored.",
        ),
    }


def _change() -> JsonObject:
    return _object(
        {
            "plane": _enum(*Plane),
            "path": TEXT,
            "before": _said({}, "Null where the field is not set."),
            "after": _said({}, "Null where the field is removed."),
            "note": _said(TEXT, "Why it is not applied, or what else to know."),
            "origin": _said({"$ref": "#/$defs/location"}, "What asks for it."),
        },
        "note",
        "origin",
    )


def _diagnostic() -> JsonObject:
    return _object(
        {
            "severity": _enum(*Severity),
            "rule": _said(TEXT, "Stable, never renamed."),
            "summary": TEXT,
            "detail": _said(TEXT, "Why it matters and what to do; may be empty."),
            "location": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/location"}]},
        }
    )


def _location() -> JsonObject:
    return _object(
        {
            "source": _said(TEXT, "A file, or a word for what is none, as `flag --lameduck`."),
            "line": _said(PLACE, "From 1."),
            "column": _said(PLACE, "From 1, in characters."),
        }
    )
